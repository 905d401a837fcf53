import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import Application, Member, RetentionRun
from members.retention.services import start_run
from organizations.models import Action
from tests.members.retention.people import make_leaver

pytestmark = pytest.mark.django_db


def retention(*arguments):
    out = io.StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def run(association):
    member = make_leaver(association, name="欧阳一")
    return start_run(association, [member], actor=None, on=timezone.localdate() - dt.timedelta(days=40))


def test_it_anonymises_what_managers_have_started(association, run):
    assert retention() == [f"{association} {run.started_on}: 1 records anonymised"]

    assert Member.objects.get().name == "（已匿名）"
    assert Action.objects.order_by("-pk").first().kind == "command"


def test_run_again_it_does_nothing(association, run):
    retention()

    assert retention() == []
    assert retention("--purge") == []


def test_it_purges_only_when_told(association, run):
    retention()
    RetentionRun.objects.update(purge_after=dt.date(2026, 1, 1))

    assert retention() == []
    assert retention("--purge") == [f"{association} {run.started_on}: 1 records purged"]
    assert RetentionRun.objects.get().state == "purged"


def test_a_dry_run_only_says(association, run):
    Application.objects.create(association=association)
    Application.objects.update(saved_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    assert retention("--dry-run") == [f"{association} {run.started_on}: 1 records anonymised"]

    assert Member.objects.get().name == "欧阳一"
    assert Application.objects.exists()


def test_it_starts_no_run_and_waits_for_the_grace(association):
    member = make_leaver(association)
    start_run(association, [member], actor=None)
    make_leaver(association)

    assert retention() == []


def test_it_deletes_old_drafts(association):
    Application.objects.create(association=association)
    Application.objects.update(saved_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    assert retention() == [f"{association}: 1 old applications deleted"]
