"""Workers killed in the middle of reading, importing and undoing: real processes, kill -9, on both databases."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as site
from django.db import connection
from django.db.models import Sum
from django.urls import reverse

from members.imports import progress, work
from members.imports.applying import apply_batch
from members.imports.pipeline import preview_file
from members.models import Employer, ImportBatch, ImportRow, ImportStep, Member, MemberCount, StatusChange
from members.rights import Role
from organizations.models import Action, Change
from tests.make import make_association, make_member
from tests.members.imports.sheets import person, workbook
from tests.members.imports.test_concurrency import shared_database  # noqa: F401 - a fixture
from tests.members.screens import sign_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.name != "posix", reason="there is no kill -9"),
]

Work = ImportBatch.Work
ROWS = 1200
# what the site is while a test runs: its database and its files
SITE = """
import os, sys
from tests import settings
globals().update({name: value for name, value in vars(settings).items() if name.isupper()})
DATABASES["default"]["NAME"] = os.environ["KILLED_DATABASE"]
STORAGES["default"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": os.environ["KILLED_FILES"]},
}
"""
# chunks so small, and told so slowly, that there is time to kill
WORKER = """
import time
import django
django.setup()
from django.core.management import call_command
from members.imports import applying, plans, progress
from members.roster import tables
applying.CHUNK = plans.CHUNK = tables.TOLD_EVERY = 25
progress.PAUSE = 0
write = progress._write
progress._write = lambda path, text: (time.sleep(0.02), write(path, text))
call_command("worker", batch=True, startup_delay=False, verbosity=0)
"""


@pytest.fixture
def association():
    return make_association("江津联合会")


@pytest.fixture
def secretary(client, association):
    return sign_in(client, Role.SECRETARY, association)


@pytest.fixture
def worker(tmp_path, private_files):
    """A function that starts a worker, which does what waits and ends; none outlives the test."""
    (tmp_path / "killed_settings.py").write_text(SITE)
    started = []

    def start():
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "killed_settings",
            "PYTHONPATH": os.pathsep.join([str(tmp_path), str(site.BASE_DIR)]),
            "KILLED_DATABASE": connection.settings_dict["NAME"],
            "KILLED_FILES": str(private_files),
        }
        started.append(subprocess.Popen([sys.executable, "-c", WORKER], cwd=site.BASE_DIR, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def people(count=ROWS):
    return [
        person(
            f"张{chr(0x4E00 + n % 500)}{chr(0x4E00 + n // 500)}",
            mobile=f"138{n:08}",
            employer=f"重庆{n % 40}号有限公司",
        )
        for n in range(count)
    ]


def asked(doing, association, actor):
    """A batch with that work in hand; before an undoing and an import some of its people are in the register."""
    make_member("王老", association=association, position="经理", mobile="13900000001")
    file = workbook(*people(), person("王老", mobile="13900000001", position="董事长"))
    if doing == Work.READING:
        file.size = len(file.getvalue())
        return work.receive(file, file_name="roster.xlsx", association=association, actor=actor)
    batch = preview_file(file, file_name="roster.xlsx", association=association, actor=actor)
    if doing == Work.UNDOING:
        apply_batch(batch, actor=actor)
    assert work.start(batch, doing, actor=actor)
    return ImportBatch.objects.get()


def everything(actor):
    """What is in the database and in the folder of files, less what says that there is work in hand."""
    members = Member.objects.order_by("id").values_list("id", "name", "position", "version", "employer__name")
    names = [name for _id, name, *_rest in members]
    return {
        "members": list(members),
        # what triggers keep: the index behind the search, and the counts
        "found": Member.objects.search("张丁", actor).count() == sum("张丁" in name for name in names),
        "counted": MemberCount.objects.aggregate(Sum("n"))["n__sum"] == len(names),
        "employers": list(Employer.objects.order_by("id").values_list("id", "name")),
        "statuses": StatusChange.objects.count(),
        "actions": list(Action.objects.order_by("id").values_list("id", "kind", "details")),
        "changes": Change.objects.count(),
        "steps": ImportStep.objects.count(),
        "ledger": list(
            ImportRow.objects.order_by("id").values_list("position", "outcome", "step", "member_id")
        ),
        "batch": list(ImportBatch.objects.values_list("steps_applied", "counts")),
    }


def wait_for(what, process):
    """Wait until `what()` is true; the process must not end before."""
    until = time.monotonic() + 60
    while not what():
        assert process.poll() is None, "the worker ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.002)


def is_at(batch, phase, part):
    """A question whether the worker has done more than that part of the rows of a phase."""

    def answer():
        stand = progress.stand_of(batch)
        return stand is not None and stand.phase == phase and stand.done > part * ROWS

    return answer


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


WHERE = {Work.READING: "understanding", Work.APPLYING: "applying", Work.UNDOING: "undoing"}


@pytest.mark.parametrize("doing", WHERE)
def test_a_killed_worker_leaves_nothing_half_done_and_the_work_can_be_started_again(
    client, association, secretary, worker, doing
):
    batch = asked(doing, association, secretary)
    before = everything(secretary)

    process = worker()
    wait_for(is_at(batch, WHERE[doing], 0.4), process)
    kill(process)
    after = everything(secretary)
    page = client.get(batch.get_absolute_url()).content.decode()
    client.post(reverse("members:import_again", args=[batch.pk]))
    assert worker().wait(60) == 0

    assert after == before
    assert "服务器中途停止" in page
    assert_done(doing, secretary)
    assert list((progress.folder()).iterdir()) == []


@pytest.mark.parametrize("doing", WHERE)
def test_the_next_worker_notices_what_a_killed_one_left(client, association, secretary, worker, doing):
    batch = asked(doing, association, secretary)
    before = everything(secretary)

    process = worker()
    wait_for(is_at(batch, WHERE[doing], 0.4), process)
    kill(process)
    assert worker().wait(60) == 0

    state = {Work.READING: "failed", Work.APPLYING: "previewed", Work.UNDOING: "applied"}[doing]
    batch = ImportBatch.objects.get()
    assert everything(secretary) == before
    assert (batch.state, batch.work, batch.failure) == (state, "", "interrupted")
    assert batch.file.storage.exists(batch.file.name)


@pytest.mark.parametrize("doing", WHERE)
def test_work_cancelled_on_its_way_stops_soon_and_leaves_all_as_it_was(
    client, association, secretary, worker, doing
):
    batch = asked(doing, association, secretary)
    before = everything(secretary)

    process = worker()
    wait_for(is_at(batch, WHERE[doing], 0.2), process)
    client.post(reverse("members:import_cancel", args=[batch.pk]))
    assert process.wait(60) == 0

    file = batch.file.name
    batch = ImportBatch.objects.get()
    state = {Work.READING: "discarded", Work.APPLYING: "previewed", Work.UNDOING: "applied"}[doing]
    assert everything(secretary) == before
    assert (batch.state, batch.work, batch.failure) == (state, "", "")
    assert batch.file.storage.exists(file) == (doing != Work.READING)
    assert list((progress.folder()).iterdir()) == []


def test_two_workers_started_for_the_same_request_do_it_once(client, association, secretary, worker):
    batch = asked(Work.APPLYING, association, secretary)
    first = worker()
    wait_for(is_at(batch, "applying", 0.1), first)

    # as if the queue had given it out twice
    work.do_work.enqueue(batch.pk, str(batch.task), secretary.pk)
    second = worker()
    assert (first.wait(60), second.wait(60)) == (0, 0)

    assert_done(Work.APPLYING, secretary)


def assert_done(doing, actor):
    """The whole of the work was done, and once."""
    batch = ImportBatch.objects.get()
    found = everything(actor)
    assert (batch.work, batch.failure, found["found"], found["counted"]) == ("", "", True, True)
    elder = Member.objects.get(name="王老")
    if doing == Work.READING:
        assert (batch.state, batch.counts["new"], batch.rows.count()) == ("previewed", ROWS, ROWS + 1)
        return
    assert Action.objects.filter(kind="import").count() == 1
    if doing == Work.APPLYING:
        assert (batch.state, batch.counts["applied"]) == ("applied", ROWS + 1)
        assert (Member.objects.count(), Employer.objects.count(), elder.position) == (ROWS + 1, 40, "董事长")
        assert Change.objects.filter(action=batch.steps.get().action).count() == ROWS + 1 + 40
    else:
        assert (batch.state, batch.steps.get(number=0).counts["removed"]) == ("undone", ROWS)
        assert (Member.objects.count(), Employer.objects.count(), elder.position) == (1, 0, "经理")
