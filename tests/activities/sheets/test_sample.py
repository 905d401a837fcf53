"""The sample sheet from the upload to the attendance, and back."""

import io
from pathlib import Path

import openpyxl
import pytest

from activities.models import Activity, Participation
from members.imports.pipeline import import_file
from organizations.models import Action
from tests.activities.sheets.sheets import apply, choose, numbers, outcomes, panel, undo, upload

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
SHEET = SAMPLES / "signin-2023-autumn.xlsx"


@pytest.fixture
def members(home, secretary):
    """The association's 139 members, of whom the sheet names 72."""
    return import_file(SAMPLES / "jiangjin-139.xlsx", association=home, actor=secretary)


def sample(change=None):
    """The sample sheet, with `change` done to its sheet."""
    book = openpyxl.load_workbook(SHEET)
    if change:
        change(book.active)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = SHEET.name
    return file


def test_the_sample_sheet(client, home, members):
    batch = upload(client, home, sample())

    assert set(outcomes(batch).values()) == {"new"}
    assert batch.options["make"] == {
        "title": "重庆市江津区新专联2023年秋季国情考察活动",
        "kind": "research_visit",
        "on": "2023-10-21",
        "starts": "09:00",
        "ends": "",
        "place": "江津区滨江新城规划展览馆",
    }
    assert numbers(client, batch)[:4] == [
        (72, 72, False),
        (61, 61, False),
        (8, 8, False),
        (3, 3, False),
    ]
    actions = Action.objects.count()

    apply(client, batch)

    activity = Activity.objects.get()
    assert (activity.title, activity.state, activity.sign_up) == (
        "重庆市江津区新专联2023年秋季国情考察活动",
        "published",
        "none",
    )
    assert f"{activity.starts_at.astimezone():%Y-%m-%d}" == "2023-10-21"
    counts = activity.participations.counts()
    assert (counts.expected, counts.present, counts.leave, counts.absent) == (72, 61, 8, 3)
    assert set(activity.participations.values_list("way", flat=True)) == {Participation.Way.SHEET}
    assert Action.objects.count() == actions + 1
    assert batch.counts["applied"] == 72


def test_the_sample_sheet_twice_changes_nothing(client, home, members):
    apply(client, upload(client, home, sample()))

    again = upload(client, home, sample())

    assert again.options["activity"] == Activity.objects.get().pk
    assert set(outcomes(again).values()) == {"unchanged"}


def test_a_wrong_number_is_told(client, home, members):
    def change(sheet):
        sheet["A3"] = "应到：72人    实到：62人    请假：8人    缺席：3人"

    batch = upload(client, home, sample(change))

    [line] = [line for line in panel(client, batch)["lines"] if not line.fits]
    assert (line.stated, line.read) == (62, 61)
    assert "实到写 62" in client.get(batch.get_absolute_url()).content.decode()


def test_undoing_takes_activity_and_list_away(client, home, members):
    batch = upload(client, home, sample())
    apply(client, batch)

    undo(client, batch)

    assert batch.state == "undone"
    assert Activity.objects.count() == 0
    assert Participation.objects.count() == 0


def test_the_proposal_can_be_changed(client, home, members):
    batch = upload(client, home, sample())

    choose(client, batch, title="秋季考察", kind="training", starts="14:00", place="别处")
    apply(client, batch)

    activity = Activity.objects.get()
    assert (activity.title, activity.kind, activity.place) == ("秋季考察", "training", "别处")
    assert activity.starts_at.astimezone().hour == 14
