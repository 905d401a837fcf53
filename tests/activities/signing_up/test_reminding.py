"""What the clock does: reminders once, places of those who left, lines, answers past their time."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.models import Activity, Answer, Presence, Question
from activities.signing_up.services import sign_up
from members.codes import Status
from members.models import Message
from organizations.models import Change
from tests.make import make_activity, make_member, make_participation

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def remind(capsys):
    call_command("remind")
    return capsys.readouterr().out.strip()


def said(reminded=0, gone=0, moved=0, deleted=0):
    return f"{reminded} reminded, {gone} who left signed off, {moved} moved up, {deleted} answers deleted."


def test_those_who_come_are_reminded_once(capsys):
    activity = make_activity(place="江津会堂")
    coming, leave, invited, declined = [make_member() for _ in range(4)]
    make_participation(activity, coming)
    make_participation(activity, leave, presence=Presence.LEAVE)
    make_participation(activity, invited, state="invited", asked_at=None)
    make_participation(activity, declined, state="declined", asked_at=None)

    assert remind(capsys) == said(reminded=1)
    assert remind(capsys) == said()

    message = Message.objects.get()
    assert message.member == coming and message.title.startswith("活动提醒：国情考察")
    assert "江津会堂" in message.text


def test_where_those_invited_are_expected_they_are_reminded_too(capsys):
    activity = make_activity(is_compulsory=True)
    make_participation(activity, make_member(), state="invited", asked_at=None)

    assert remind(capsys) == said(reminded=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"remind_days": None},
        {"starts_at": timezone.now() + 3 * DAY, "remind_days": 1},
        {"state": "cancelled"},
        {"state": "draft"},
        {"starts_at": timezone.now() - dt.timedelta(hours=1)},
    ],
)
def test_nobody_is_reminded_of_others(capsys, fields):
    make_participation(make_activity(**fields), make_member())

    assert remind(capsys) == said()
    assert not Message.objects.exists()


def test_who_left_the_association_loses_places_to_come_and_keeps_what_was(capsys):
    member, waiting = make_member("张三"), make_member("李四")
    coming = make_activity("将来的活动", capacity=1, remind_days=None)
    past = make_activity("过去的活动", starts_at=timezone.now() - 9 * DAY)
    sign_up(coming, member)
    sign_up(coming, waiting)
    came = make_participation(past, member, presence=Presence.ATTENDED)
    member.status = Status.WITHDRAWN
    member.save()

    assert remind(capsys) == said(gone=1, moved=1)

    states = dict(coming.participations.values_list("member__name", "state"))
    assert states == {"张三": "withdrawn", "李四": "signed_up"}
    came.refresh_from_db()
    assert (came.state, came.presence) == ("signed_up", "attended")
    assert not member.messages.exists()
    assert Change.objects.filter(diff__state=["signed_up", "withdrawn"]).get().action.note == "remind"


def test_places_that_became_free_in_another_way_go_to_those_in_line(capsys):
    activity = make_activity(capacity=1, remind_days=None)
    sign_up(activity, make_member())
    row = sign_up(activity, make_member())
    Activity.objects.update(capacity=None)

    assert remind(capsys) == said(moved=1)
    row.refresh_from_db()
    assert row.state == "signed_up"


def test_answers_to_personal_questions_go_after_their_time(capsys, settings):
    settings.ANSWERS_KEEP_DAYS = 10
    for days in (9, 13):
        activity = make_activity(starts_at=timezone.now() - days * DAY)
        row = make_participation(activity, make_member())
        for personal in (True, False):
            question = Question.objects.create(activity=activity, text="问", is_personal=personal)
            Answer.objects.create(participation=row, question=question, text=f"{days} {personal}")

    assert remind(capsys) == said(deleted=1)
    assert sorted(Answer.objects.values_list("text", flat=True)) == ["13 False", "9 False", "9 True"]
