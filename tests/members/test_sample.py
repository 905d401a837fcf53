"""The bodies made of the sample roster: they look like a real association's in its second term."""

import datetime as dt
from pathlib import Path

import pytest

from members.applications.fields import problems
from members.imports.pipeline import import_file
from members.models import Application, RequestedChange
from members.sample import make_sample_bodies
from organizations.models import Appointment, Body
from organizations.setup import make_first_association

pytestmark = pytest.mark.django_db
ROSTER = Path(__file__).resolve().parent.parent / "data" / "rosters" / "jiangjin-139.xlsx"


def test_the_sample_has_two_councils_a_board_and_a_hidden_branch(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    association, _made = make_first_association()
    import_file(ROSTER, association=association, actor=None)

    assert make_sample_bodies(association) == association.bodies.count()
    assert make_sample_bodies(association) == 0

    def people(kind, day):
        rows = Appointment.objects.in_force_on(day).filter(body__kind=kind)
        return rows.values("member").distinct().count()

    today = dt.date(2026, 11, 22)
    assert [people(Body.Kind.COUNCIL, day) for day in (dt.date(2023, 5, 10), today)] == [35, 21]
    assert [people(Body.Kind.SUPERVISORS, day) for day in (dt.date(2023, 5, 10), today)] == [5, 3]
    branch = association.bodies.get(kind=Body.Kind.PARTY_BRANCH)
    assert (branch.hides_people, people(Body.Kind.PARTY_BRANCH, today)) == (True, 14)
    assert association.filings.count() == 7
    application = association.applications.get()
    assert application.state == Application.State.SUBMITTED
    assert list(problems(application, application.answers)) == []
    assert application.introductions.count() == 2
    assert [row.field for row in RequestedChange.objects.all()] == ["title", "native_place"]
    assert association.person_requests.open().count() == 1
    assert association.notices.get().published_at
