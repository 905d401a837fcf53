import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from members.models import Member, RoleGrant, User
from members.rights import Role
from organizations.models import Association, Milestone
from tests.config.test_installation import PRODUCTION
from tests.make import make_association, make_member, make_user

ACCOUNTS = ["manager@example.org", "secretary@example.org", "member@example.org"]


@pytest.fixture(autouse=True)
def static_root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"


def start(**options):
    """What `manage.py start --no-serve` prints."""
    out = io.StringIO()
    call_command("start", no_serve=True, stdout=out, **options)
    return out.getvalue()


def passwords(text):
    return dict(re.findall(r"(\S+@example\.org) +(\S{4}-\S{4}-\S{4})", text))


@pytest.mark.django_db
def test_first_start_makes_the_association_with_its_history():
    start()

    association = Association.objects.get()
    assert (association.name, association.region_code, association.founded_on, association.registered_on) == (
        "重庆市江津区新的社会阶层专业人士联合会",
        "500116",
        "2019-12-24",
        "2022-02",
    )
    assert list(Milestone.objects.values_list("on", flat=True)) == [
        "2017-07-18",
        "2019-12-24",
        "2022-02",
        "2022-05",
        "2023-12",
    ]


@pytest.mark.django_db
def test_first_start_makes_accounts_whose_printed_passwords_work():
    shown = passwords(start())

    assert list(shown) == ACCOUNTS
    assert all(User.objects.get(email=email).check_password(shown[email]) for email in ACCOUNTS)
    assert list(RoleGrant.objects.order_by("id").values_list("user__email", "role")) == list(
        zip(ACCOUNTS, [Role.MANAGER, Role.SECRETARY, Role.MEMBER], strict=True)
    )


@pytest.mark.django_db
def test_member_account_has_a_record_to_look_at():
    start()

    member = Member.objects.get()
    assert (member.user.email, member.masked_id) == ("member@example.org", "500116********0004")


@pytest.mark.django_db
def test_started_again_keeps_everything_and_shows_no_password():
    start()
    before = list(User.objects.order_by("id").values_list("email", "password"))

    text = start()

    assert passwords(text) == {}
    assert "changepassword" in text
    assert list(User.objects.order_by("id").values_list("email", "password")) == before
    assert (Association.objects.count(), Milestone.objects.count(), Member.objects.count()) == (1, 5, 1)


@pytest.mark.django_db
def test_start_does_not_bring_removed_accounts_back():
    make_user("office@example.org")

    start()

    assert list(User.objects.values_list("email", flat=True)) == ["office@example.org"]


@pytest.mark.django_db
def test_start_leaves_a_register_of_another_association_alone():
    own = make_association("某某区新的社会阶层人士联谊会")

    start()

    assert list(Association.objects.all()) == [own]


@pytest.mark.django_db
def test_member_account_takes_a_record_that_is_there():
    member = make_member("张一")

    start()

    assert list(Member.objects.values_list("id", "user__email")) == [(member.id, "member@example.org")]


@pytest.mark.django_db
def test_sample_roster_is_imported():
    start(sample=settings.BASE_DIR / "tests" / "data" / "rosters" / "jiangjin-139.xlsx")

    assert Member.objects.count() == 139
    assert Member.objects.filter(user__email="member@example.org").count() == 1


def test_missing_sample_is_named():
    with pytest.raises(CommandError, match=r"nowhere\.xlsx"):
        call_command("start", "--no-serve", "--sample", "nowhere.xlsx")


def test_port_in_use_is_said_in_one_sentence_before_anything_is_made():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=rf"127\.0\.0\.1:{port}.*--port"):
            call_command("start", port=port)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.skipif(os.name != "posix", reason="gunicorn does not run here")
def test_started_site_answers_and_stops(tmp_path):
    port = free_port()
    environment = PRODUCTION | {
        "PATH": os.environ["PATH"],
        "REGISTRY_LOCAL": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "STATIC_ROOT": str(tmp_path / "static"),
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            health = wait_for(f"http://127.0.0.1:{port}/health/")
            sheet = urllib.request.urlopen(f"http://127.0.0.1:{port}/static/css/tokens.css").read()
        finally:
            process.send_signal(signal.SIGINT)
            printed = process.communicate(timeout=30)[0]

    assert health == b'{"status": "ok"}'
    assert sheet == (settings.BASE_DIR / "config" / "static" / "css" / "tokens.css").read_bytes()
    assert list(passwords(printed)) == ACCOUNTS
    assert process.returncode == 0


def wait_for(url):
    """The body of `url` as soon as it answers, within a minute."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url) as response:
                return response.read()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
