"""Large work in the background: asked for on a page, done by the worker, left, cancelled, started again."""

import json
import threading

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from members.imports import progress, work
from members.imports.applying import apply_batch
from members.imports.pipeline import discard_batch, preview_file
from members.imports.repair import Answer, see_to
from members.imports.undoing import undo_batch
from members.models import ImportBatch, Member, RoleGrant
from members.rights import Role
from members.roster.decisions import Decisions
from organizations.models import Action
from tests.make import make_association, make_member
from tests.members.imports.sheets import person, workbook
from tests.members.screens import messages_of, sign_in

pytestmark = pytest.mark.django_db

Work = ImportBatch.Work


@pytest.fixture(autouse=True)
def small_is_large(settings):
    settings.ROSTER_AT_ONCE_BYTES, settings.ROSTER_AT_ONCE_ROWS = 100, 2


@pytest.fixture
def association():
    return make_association("江津联合会")


@pytest.fixture
def secretary(client, association):
    return sign_in(client, Role.SECRETARY, association)


def people(count):
    return [person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}") for n in range(count)]


def upload(client, association, rows):
    """The new batch, and the answer to the upload."""
    answer = client.post(
        reverse("members:import_upload"), {"association": association.pk, "file": workbook(*rows)}
    )
    return ImportBatch.objects.latest("pk"), answer


def url(batch, name):
    return reverse(f"members:import_{name}", args=[batch.pk])


def run_worker():
    """Do all that waits, as the worker does; its own loop closes the connection, and with it the test's transaction.

    test_killed starts real ones.
    """
    options = {"interval": 0, "batch": True, "startup_delay": False, "max_tasks": None}
    worker = Worker(
        queue_names=["*"], excluded_queue_names=[], backend_name="default", worker_id="test", **options
    )
    work.put_right()
    while (waiting := DBTaskResult.objects.ready().first()) is not None:
        waiting.claim(worker.worker_id)
        worker.run_task(waiting)


def previewed(association, rows, actor=None):
    return preview_file(workbook(*rows), file_name="roster.xlsx", association=association, actor=actor)


def applied(association, rows):
    return apply_batch(previewed(association, rows), actor=None)


def page_of(client, batch):
    return client.get(batch.get_absolute_url()).content.decode()


def told(folder):
    """Names of the files with which the worker and the pages tell each other something."""
    return sorted(path.name for path in (folder / progress.FOLDER).glob("*"))


# -- from the upload to the undoing


def test_a_large_file_is_read_by_the_worker(client, association, secretary, private_files):
    batch, answer = upload(client, association, people(5))
    waiting = (batch.state, batch.work, batch.rows.count(), batch.counts)

    run_worker()

    batch.refresh_from_db()
    assert answer.url == batch.get_absolute_url()
    assert waiting == ("reading", "reading", 0, {})
    assert (batch.state, batch.work, batch.task, batch.counts["new"]) == ("previewed", "", None, 5)
    assert batch.rows.count() == 5
    assert told(private_files) == []


def test_a_small_file_is_read_at_once(client, association, secretary, settings):
    settings.ROSTER_AT_ONCE_BYTES = 2**20

    batch, _answer = upload(client, association, people(5))

    assert (batch.state, batch.counts["new"]) == ("previewed", 5)
    assert DBTaskResult.objects.count() == 0


def test_a_large_file_is_read_again_by_the_worker(client, association, secretary, private_files):
    header = ["姓名", "手机", "绿泡泡"]
    rows = [["张三", "13800000001", "zhangsan"], ["李四", "12345", "lisi"]]
    batch = preview_file(
        workbook(*rows, header=header), file_name="roster.xlsx", association=association, actor=secretary
    )
    repaired = batch.rows.get(name="李四")
    see_to(batch, [repaired.pk], Answer(entered={"mobile": "13800000002"}), actor=secretary)

    answer = client.post(url(batch, "columns"), {"0-read": "on", "0-C": "wechat", "remember": "on"})
    waiting = ImportBatch.objects.get()
    assert (answer.url, waiting.state, waiting.work) == (batch.get_absolute_url(), "previewed", "rereading")
    assert "正在重新读取文件" in page_of(client, batch)
    assert batch.rows.count() == 2
    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work) == ("previewed", "")
    values = {row.name: row.content()["values"] for row in batch.rows.all()}
    assert values["张三"]["wechat"] == "zhangsan"
    assert values["李四"] == {"name": "李四", "mobile": "13800000002", "wechat": "lisi"}
    assert told(private_files) == []


def test_reading_again_without_a_file_says_so_and_keeps_what_was_read(client, association, secretary):
    batch = previewed(association, people(2), secretary)
    assert work.start(batch, Work.REREADING, actor=secretary, decisions=Decisions())
    batch.file.storage.delete(batch.file.name)

    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.failure, batch.rows.count()) == ("previewed", "", "file_gone", 2)
    assert "上传的文件已不再保存" in page_of(client, batch)


def test_reading_again_is_cancelled_without_a_trace(client, association, secretary):
    batch = previewed(association, people(2), secretary)
    work.start(batch, Work.REREADING, actor=secretary, decisions=Decisions())

    client.post(url(batch, "cancel"))
    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.rows.count()) == ("previewed", "", 2)
    assert batch.file.storage.exists(batch.file.name)


def test_many_rows_are_imported_by_the_worker_in_one_action(client, association, secretary):
    batch = previewed(association, people(5), secretary)

    client.post(url(batch, "apply"))
    before = (ImportBatch.objects.get().work, Member.objects.count())
    run_worker()

    batch.refresh_from_db()
    assert before == ("applying", 0)
    assert (batch.state, batch.work, batch.counts["applied"]) == ("applied", "", 5)
    assert Member.objects.count() == 5
    assert Action.objects.get(kind="import").actor == secretary


def test_few_rows_are_imported_at_once(client, association, secretary):
    batch = previewed(association, people(2), secretary)

    client.post(url(batch, "apply"))

    assert Member.objects.count() == 2


def test_many_rows_are_taken_back_by_the_worker(client, association, secretary):
    batch = applied(association, people(5))

    client.post(url(batch, "undo"))
    before = (ImportBatch.objects.get().work, Member.objects.count())
    run_worker()

    batch.refresh_from_db()
    assert before == ("undoing", 5)
    assert (batch.state, batch.work, Member.objects.count()) == ("undone", "", 0)
    assert batch.steps.get(number=0).counts == {"removed": 5, "restored": 0, "kept": 0}


def test_the_worker_says_why_a_file_cannot_be_read_and_the_file_goes(
    client, association, secretary, private_files, settings, django_capture_on_commit_callbacks
):
    settings.ROSTER_MAX_ROWS = 3
    batch, _answer = upload(client, association, people(30))

    with django_capture_on_commit_callbacks(execute=True):
        run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.file.name) == ("failed", "too_many_rows", "")
    page = page_of(client, batch)
    assert "超过 3 行" in page
    assert "重新开始" not in page
    assert "超过 3 行" in client.get(reverse("members:import_upload")).content.decode()
    assert list(private_files.rglob("*.bin")) == []


def test_a_failed_import_can_be_put_away(client, association, secretary, settings):
    settings.ROSTER_MAX_ROWS = 3
    batch, _answer = upload(client, association, people(30))
    run_worker()

    client.post(url(batch, "discard"))

    batch.refresh_from_db()
    assert (batch.state, batch.failure) == ("discarded", "")


def test_a_file_too_large_for_us_is_refused_at_once(client, association, secretary, settings, private_files):
    settings.ROSTER_MAX_BYTES = 1000
    answer = client.post(
        reverse("members:import_upload"), {"association": association.pk, "file": workbook(*people(30))}
    )

    assert answer.status_code == 422
    assert ImportBatch.objects.count() == 0
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


# -- rights when the work begins


def test_rights_withdrawn_after_the_click_are_asked_again(client, association, secretary):
    viewer = sign_in(client, Role.SECRETARY, association)
    batch = previewed(association, people(5), viewer)
    client.post(url(batch, "apply"))
    RoleGrant.objects.filter(user=viewer).delete()

    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.failure) == ("previewed", "", "not_allowed")
    assert Member.objects.count() == 0
    client.force_login(secretary)
    assert "已无权" in page_of(client, batch)


def test_the_file_of_who_may_not_import_any_more_is_not_read(client, association, secretary):
    batch, _answer = upload(client, association, people(5))
    secretary.is_active = False
    secretary.save()

    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.failure, batch.rows.count()) == ("failed", "not_allowed", 0)
    assert batch.file


# -- cancelling


def test_a_reading_nobody_began_is_cancelled_and_leaves_nothing(
    client, association, secretary, private_files, django_capture_on_commit_callbacks
):
    batch, _answer = upload(client, association, people(5))

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(batch, "cancel"))
    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.file.name, batch.rows.count()) == ("discarded", "", "", 0)
    assert "已放弃" in page_of(client, batch)
    assert list(private_files.rglob("*.bin")) == []
    assert told(private_files) == []


def test_an_import_nobody_began_is_cancelled_and_can_be_asked_for_again(client, association, secretary):
    batch = previewed(association, people(5), secretary)
    client.post(url(batch, "apply"))

    client.post(url(batch, "cancel"))
    run_worker()
    cancelled = ImportBatch.objects.get()
    client.post(url(batch, "apply"))
    run_worker()

    assert (cancelled.state, cancelled.work, cancelled.failure) == ("previewed", "", "")
    assert Member.objects.count() == 5


def test_a_worker_that_is_told_to_stop_leaves_all_as_it_was(association, secretary, private_files):
    batch = previewed(association, people(5), secretary)
    work.start(batch, Work.APPLYING, actor=secretary)
    batch.refresh_from_db()
    progress.cancel(batch)

    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.failure) == ("previewed", "", "")
    assert Member.objects.count() == 0
    assert told(private_files) == []


def stop_at(number):
    """A progress that is told to stop at its call of this number."""
    calls = []

    def tell(phase, done, total=None):
        calls.append(phase)
        if len(calls) == number:
            raise progress.Cancelled

    return tell


@pytest.mark.parametrize("number", [1, 2])
def test_an_import_cancelled_on_its_way_writes_nothing(association, number):
    batch = previewed(association, people(5))

    with pytest.raises(progress.Cancelled):
        apply_batch(batch, actor=None, tell=stop_at(number))

    batch.refresh_from_db()
    assert (batch.state, batch.steps_applied, "applied" in batch.counts) == ("previewed", 0, False)
    assert (Member.objects.count(), Action.objects.filter(kind="import").count()) == (0, 0)


@pytest.mark.parametrize("number", [1, 2])
def test_an_undoing_cancelled_on_its_way_takes_nothing_back(association, number):
    batch = applied(association, people(5))

    with pytest.raises(progress.Cancelled):
        undo_batch(batch, actor=None, tell=stop_at(number))

    batch.refresh_from_db()
    assert batch.state == "applied"
    assert (Member.objects.count(), Action.objects.filter(kind="undo").count()) == (5, 0)


def test_what_is_over_cannot_be_cancelled(client, association, secretary):
    batch = applied(association, people(5))

    answer = client.post(url(batch, "cancel"))

    batch.refresh_from_db()
    assert (batch.state, Member.objects.count()) == ("applied", 5)
    assert messages_of(answer) == ["没有可以取消的操作。"]


# -- interrupted


def interrupted(batch, doing, actor):
    """The work as a worker that was killed leaves it: begun, its lock free, its task running."""
    work.start(batch, doing, actor=actor)
    ImportBatch.objects.filter(pk=batch.pk).update(work_started_at=batch.created_at)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["gone"])
    batch.refresh_from_db()
    return batch


def test_interrupted_work_is_told_and_started_again_once(client, association, secretary):
    batch = interrupted(previewed(association, people(5), secretary), Work.APPLYING, secretary)
    page = page_of(client, batch)

    client.post(url(batch, "again"))
    again = client.post(url(batch, "again"))
    run_worker()

    batch.refresh_from_db()
    assert "服务器中途停止" in page
    assert messages_of(again) == ["没有可以重新开始的操作。"]
    assert (batch.state, Member.objects.count(), batch.steps.count()) == ("applied", 5, 1)


def test_interrupted_work_can_be_cancelled(client, association, secretary):
    batch = interrupted(previewed(association, people(5), secretary), Work.APPLYING, secretary)

    client.post(url(batch, "cancel"))

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.failure) == ("previewed", "", "")


def test_the_next_worker_puts_interrupted_work_back(client, association, secretary):
    batch = interrupted(previewed(association, people(5), secretary), Work.APPLYING, secretary)

    run_worker()

    batch.refresh_from_db()
    assert (batch.state, batch.work, batch.failure) == ("previewed", "", "interrupted")
    assert (Member.objects.count(), DBTaskResult.objects.get().status) == (0, "FAILED")
    page = page_of(client, batch)
    assert "服务器中途停止" in page
    assert "导入 5 行" in page


def test_a_worker_of_an_earlier_request_does_nothing(association, secretary):
    batch = previewed(association, people(5), secretary)
    work.start(batch, Work.APPLYING, actor=secretary)
    earlier = ImportBatch.objects.get().task
    ImportBatch.objects.update(work_started_at=batch.created_at)
    work.start_again(batch, actor=secretary)

    work.do_work.call(batch.pk, str(earlier), secretary.pk)
    waiting = ImportBatch.objects.get()
    run_worker()

    assert (waiting.work, waiting.work_started_at) == ("applying", None)
    assert (Member.objects.count(), Action.objects.filter(kind="import").count()) == (5, 1)


def test_an_error_on_the_way_is_told_and_the_worker_goes_on(client, association, secretary, private_files):
    batch, _answer = upload(client, association, people(5))
    other, _answer = upload(client, association, people(6))
    ImportBatch.objects.filter(pk=batch.pk).update(file=str(private_files))

    run_worker()

    batch.refresh_from_db()
    other.refresh_from_db()
    assert (batch.state, other.state) == ("failed", "previewed")


# -- two at once


def test_a_second_click_while_the_worker_has_it_says_so(client, association, secretary):
    batch = previewed(association, people(5), secretary)

    client.post(url(batch, "apply"))
    second = client.post(url(batch, "apply"))
    run_worker()
    third = client.post(url(batch, "apply"))

    assert messages_of(second)[-1:] == ["该文件正在导入。"]
    assert messages_of(third)[-1:] == ["本次导入此前已确认，没有重复导入。"]
    assert (Member.objects.count(), Action.objects.filter(kind="import").count()) == (5, 1)


def test_what_the_worker_has_is_not_discarded_repaired_or_undone(client, association, secretary):
    batch = previewed(association, people(5), secretary)
    client.post(url(batch, "apply"))

    assert discard_batch(batch) is False
    assert undo_batch(batch, actor=secretary).state == "previewed"
    assert apply_batch(batch, actor=secretary).step_made is None
    assert (batch.rows.count(), Member.objects.count()) == (5, 0)


def test_two_secretaries_with_the_same_file_import_everybody_once(client, association, secretary):
    colleague = sign_in(client, Role.SECRETARY, association)
    mine, theirs = previewed(association, people(5), secretary), previewed(association, people(5), colleague)
    work.start(mine, Work.APPLYING, actor=secretary)
    work.start(theirs, Work.APPLYING, actor=colleague)

    run_worker()

    theirs.refresh_from_db()
    assert Member.objects.count() == 5
    assert (theirs.state, theirs.counts["question"], theirs.counts["applied"]) == ("applied", 5, 0)


# -- chunks


def test_rows_of_several_chunks_are_matched_as_if_they_were_one(association, monkeypatch):
    monkeypatch.setattr("members.imports.applying.CHUNK", 2)
    make_member("老赵", association=association, mobile="13900000001", position="经理")
    rows = [
        person("张三", birth="1980.01", mobile="13800000001"),
        person("李四", mobile="13800000002"),
        # like the first, but for the number: a person of his own, not the member the first row has just made
        person("张三", birth="1980.01", mobile="13800000003"),
        person("老赵", mobile="13900000001", position="总经理"),
        person("王五", mobile="13800000004", number="A1"),
    ]
    batch = previewed(association, rows)
    outcomes = dict(batch.counts)

    batch = apply_batch(batch, actor=None)

    assert (outcomes["new"], outcomes["update"]) == (4, 1)
    assert batch.step_made.counts == {"applied": 5}
    assert sorted(Member.objects.values_list("name", flat=True)) == ["张三", "张三", "李四", "王五", "老赵"]
    assert Action.objects.filter(kind="import").count() == 1


@pytest.mark.parametrize("size", [2, 3, 100])
def test_a_person_or_number_that_two_rows_bring_is_entered_once_in_whatever_chunk(
    association, monkeypatch, size
):
    monkeypatch.setattr("members.imports.applying.CHUNK", size)
    batch = previewed(
        association,
        [
            person("张三", mobile="13800000001", number="A1"),
            person("李四", mobile="13800000002"),
            person("王五", mobile="13800000003"),
            person("赵六", mobile="13800000004"),
        ],
    )
    # as rows come to be that somebody corrected: the file's own check saw nothing
    rewrite(batch, "王五", number="A1")
    rewrite(batch, "赵六", name="张三", mobile="13800000001")

    batch = apply_batch(batch, actor=None)

    assert sorted(Member.objects.values_list("name", "number")) == [("张三", "A1"), ("李四", "")]
    assert (batch.counts["new"], batch.counts["question"], batch.step_made.counts) == (2, 2, {"applied": 2})


def rewrite(batch, name, /, **values):
    from members.models import payload_sealer

    row = batch.rows.get(name=name)
    content = row.content()
    content["values"] |= values
    row.payload = payload_sealer()(content)
    row.save()


def test_an_undoing_in_chunks_takes_back_the_same(association, monkeypatch):
    monkeypatch.setattr("members.imports.plans.CHUNK", 2)
    make_member("老赵", association=association, mobile="13900000001", position="经理")
    rows = [*people(4), person("老赵", mobile="13900000001", position="总经理")]
    batch = applied(association, rows)
    touched = Member.objects.get(mobile="13800000001")
    touched.remarks = "见过面"
    touched.save()

    batch = undo_batch(batch, actor=None)

    assert batch.step_made.counts == {"removed": 3, "restored": 1, "kept": 1}
    assert list(Member.objects.order_by("id").values_list("name", "position")) == [
        ("老赵", "经理"),
        (touched.name, ""),
    ]


# -- the page


def tell(batch, phase, done, total, *, began, now):
    """Write down how far the worker is, as it would."""
    stand = {
        "task": str(batch.task),
        "phase": phase,
        "done": done,
        "total": total,
        "began": began,
        "now": now,
    }
    (progress.folder() / f"batch-{batch.pk}.json").write_text(json.dumps(stand))


def test_the_page_shows_how_far_the_worker_is_and_how_long_it_takes_yet(client, association, secretary):
    batch, _answer = upload(client, association, people(5))
    ImportBatch.objects.update(work_started_at=batch.created_at)
    batch.refresh_from_db()
    tell(batch, "checking", 5000, 20_000, began=1000, now=1065)

    with progress.holding(progress.batch_lock(batch.pk)):
        page = page_of(client, batch)

    assert 'value="78"' in page
    assert "5,000 / 20,000 行" in page
    assert "约剩 20 秒" in page
    assert 'hx-trigger="every 1s"' in page
    assert "再看一次" in page


def test_the_page_asks_for_its_progress_alone_and_goes_on_when_the_work_is_done(
    client, association, secretary
):
    batch, _answer = upload(client, association, people(5))

    watching = {"HX-Request": "true", "HX-Target": "work"}
    fragment = client.get(batch.get_absolute_url(), headers=watching)
    run_worker()
    done = client.get(batch.get_absolute_url(), headers=watching)

    assert "<html" not in fragment.content.decode()
    assert 'id="work"' in fragment.content.decode()
    assert done.headers["HX-Redirect"] == batch.get_absolute_url()


def test_without_a_worker_the_page_says_so_and_with_one_that_it_waits(client, association, secretary):
    batch, _answer = upload(client, association, people(5))

    without = page_of(client, batch)
    with progress.holding(progress.WORKER + "abc"):
        beside = page_of(client, batch)

    assert "manage.py worker" in without
    assert "manage.py worker" not in beside
    assert "正在排队" in beside


def test_batches_in_hand_or_failed_are_on_the_lists(client, association, secretary, settings):
    upload(client, association, people(5))
    settings.ROSTER_MAX_ROWS = 3
    upload(client, association, people(30))
    run_worker()
    upload(client, association, people(5))

    for address in (reverse("members:import_upload"), reverse("admin:members_importbatch_changelist")):
        page = client.get(address).content.decode()
        assert "正在读取" in page
        assert "读取失败" in page
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(("role", "status"), [(None, 404), (Role.VIEWER, 403)])
@pytest.mark.parametrize("name", ["cancel", "again"])
def test_work_is_cancelled_and_started_by_those_who_may_import_only(
    client, association, secretary, role, status, name
):
    batch, _answer = upload(client, association, people(5))
    if role:
        sign_in(client, role, association)
    else:
        sign_in(client, Role.SECRETARY, make_association())

    answer = client.post(url(batch, name))

    batch.refresh_from_db()
    assert answer.status_code == status
    assert batch.work == "reading"
    assert client.get(url(batch, name)).status_code == 405 if role is None else 403


@pytest.mark.parametrize(("seconds", "words"), [(4, "还需几秒"), (34, "约剩 30 秒"), (100, "约剩 2 分钟")])
def test_the_time_left_in_words(seconds, words):
    from members.imports.work_page import time_left

    assert time_left(seconds) == words


# -- what must never be


@pytest.mark.parametrize(
    "fields",
    [
        {"work": "applying"},
        {"task": "0" * 32},
        {"state": "reading"},
        {"state": "failed"},
        {"state": "previewed", "work": "undoing", "task": "0" * 32},
        {"state": "undone", "work": "applying", "task": "0" * 32, "steps_applied": 1},
    ],
)
def test_the_database_refuses_work_that_does_not_fit(association, fields):
    batch = previewed(association, people(1))

    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(**fields)


# -- the locks by which the living are known


def test_a_lock_is_held_as_long_as_its_holder_lives_and_leaves_nothing(private_files):
    with progress.holding("batch-1"):
        held = progress.is_held("batch-1")

    assert (held, progress.is_held("batch-1")) == (True, False)
    assert told(private_files) == []


def test_who_waits_for_a_lock_gets_one_that_keeps_others_out(private_files):
    order = []

    def second():
        with progress.holding("batch-1"):
            order.append("second")
            order.append(progress.is_held("batch-1"))

    with progress.holding("batch-1"):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join()

    assert order == ["first", "second", True]


def test_the_progress_is_told_now_and_then_only(association, secretary):
    batch, started = previewed(association, people(5), secretary), []
    work.start(batch, Work.APPLYING, actor=secretary)
    batch.refresh_from_db()
    tell = progress.Progress(batch)

    for done in range(1000):
        tell("applying", done, 1000)
        started.append(progress.stand_of(batch).done)

    assert len(set(started)) < 10
