"""Signing up and off, the line, leave: what members do themselves."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.models import Activity, Audience, Participation, Presence, Question
from activities.signing_up.conflicts import conflicts_in, conflicts_of
from activities.signing_up.services import (
    ask_for_leave,
    change_answers,
    decline,
    move_up,
    sign_off,
    sign_up,
)
from members.codes import Category, Status
from members.models import FurtherCategory, Message
from organizations.models import Body, Change
from organizations.services import NotPossible
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_participation,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Participation.State
HOUR = dt.timedelta(hours=1)


def states(activity):
    return {row.person: row.state for row in activity.participations.select_related("member")}


def people(count):
    return [make_member() for _ in range(count)]


def test_places_are_given_until_there_are_none_then_one_waits_in_line():
    activity = make_activity(capacity=1)
    first, second = people(2)

    sign_up(activity, first)
    row = sign_up(activity, second)

    assert states(activity) == {"张一": "signed_up", "张二": "waiting"}
    assert row.asked_at is not None


def test_signing_up_twice_changes_nothing():
    activity, member = make_activity(), make_member()
    first = sign_up(activity, member)
    written = Change.objects.count()

    second = sign_up(activity, member)

    assert second.pk == first.pk and second.asked_at == first.asked_at
    assert Change.objects.count() == written


def test_who_signs_off_makes_room_for_the_first_in_line_who_is_told():
    activity = make_activity(capacity=1)
    first, second, third = people(3)
    for member in (first, second, third):
        sign_up(activity, member)

    sign_off(activity, first)

    assert states(activity) == {"张一": "withdrawn", "张二": "signed_up", "张三": "waiting"}
    message = second.messages.get()
    assert "候补" in message.title and "国情考察" in message.title
    assert message.link == f"/my/activities/{activity.pk}/"
    assert not third.messages.exists()


def test_who_comes_back_stands_at_the_end_of_the_line():
    activity = make_activity(capacity=1)
    first, second, third = people(3)
    for member in (first, second, third):
        sign_up(activity, member)

    sign_off(activity, second)
    sign_up(activity, second)
    sign_off(activity, first)

    assert states(activity) == {"张一": "withdrawn", "张二": "waiting", "张三": "signed_up"}


def test_leave_needs_a_reason_keeps_the_person_expected_and_frees_the_place():
    activity = make_activity(capacity=1)
    first, second = people(2)
    sign_up(activity, first)
    sign_up(activity, second)

    with pytest.raises(NotPossible, match="请说明"):
        ask_for_leave(activity, first, reason="  ")
    row = ask_for_leave(activity, first, reason="出差")

    assert (row.state, row.presence, row.reason, row.way) == ("signed_up", "leave", "出差", "own")
    assert states(activity) == {"张一": "signed_up", "张二": "signed_up"}
    counts = activity.participations.counts()
    assert (counts.expected, counts.leave) == (2, 1)
    # the place is gone
    assert sign_up(activity, first).state == "waiting"


def test_leave_is_taken_back_while_the_place_is_free_even_after_signing_up_ended():
    activity, member = make_activity(capacity=1, sign_up_until=timezone.now() + HOUR), make_member()
    sign_up(activity, member)
    ask_for_leave(activity, member, reason="出差")

    row = sign_up(activity, member, at=timezone.now() + 2 * HOUR)

    assert (row.state, row.presence, row.reason) == ("signed_up", "", "")


def test_nobody_asks_for_leave_once_it_has_begun():
    activity, member = make_activity(), make_member()
    sign_up(activity, member)

    with pytest.raises(NotPossible, match="已开始"):
        ask_for_leave(activity, member, reason="出差", at=activity.starts_at)


def test_after_signing_up_ended_one_asks_for_leave_instead_of_signing_off():
    activity, member = make_activity(sign_up_until=timezone.now() + HOUR), make_member()
    sign_up(activity, member)

    with pytest.raises(NotPossible, match="请假"):
        sign_off(activity, member, at=timezone.now() + 2 * HOUR)
    assert sign_off(activity, member).state == "withdrawn"


def test_where_those_invited_are_expected_nobody_declines_or_signs_off():
    activity, (invited, signed) = make_activity(is_compulsory=True), people(2)
    make_participation(activity, invited, state="invited", invited_at=timezone.now())
    make_participation(activity, signed, invited_at=timezone.now())

    with pytest.raises(NotPossible, match="请假"):
        decline(activity, invited)
    with pytest.raises(NotPossible, match="请假"):
        sign_off(activity, signed)
    assert ask_for_leave(activity, invited, reason="出差").presence == Presence.LEAVE
    assert ask_for_leave(activity, signed, reason="出差").presence == Presence.LEAVE


def test_declining_is_answered_once_and_may_be_thought_over():
    activity, member = make_activity(), make_member()
    make_participation(activity, member, state="invited", asked_at=None, invited_at=timezone.now())

    assert decline(activity, member, reason="出国").reason == "出国"
    row = sign_up(activity, member)

    assert (row.state, row.reason) == ("signed_up", "")
    with pytest.raises(NotPossible):
        decline(activity, member)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "draft"}, "尚未发布"),
        ({"state": "cancelled"}, "已取消"),
        ({"state": "closed"}, "已开始"),
        ({"sign_up": "none"}, "不设报名"),
        ({"sign_up": "invited"}, "受邀"),
        ({"sign_up_from": timezone.now() + HOUR}, "开始报名"),
        ({"sign_up_until": timezone.now() - HOUR}, "截止"),
    ],
)
def test_out_of_time_nobody_signs_up(fields, said):
    activity = make_activity(**fields)

    with pytest.raises(NotPossible, match=said):
        sign_up(activity, make_member())
    assert not activity.participations.exists()


def test_only_members_in_force_of_the_audience_sign_up():
    activity = make_activity()
    stranger = make_member("李四", association=make_association())
    gone = make_member("王五", association=activity.association, status=Status.WITHDRAWN)

    with pytest.raises(NotPossible, match="不在这次活动的参加范围内"):
        sign_up(activity, stranger)
    with pytest.raises(NotPossible, match="在册会员"):
        sign_up(activity, gone)


def test_a_further_category_is_part_of_the_audience():
    category = Category.values[0]
    activity, member = make_activity(), make_member()
    activity.audiences.all().delete()
    Audience.objects.create(activity=activity, kind="category", category=category)
    with pytest.raises(NotPossible):
        sign_up(activity, member)

    FurtherCategory.objects.create(member=member, category=category)

    assert sign_up(activity, member).state == "signed_up"


def test_nobody_overtakes_those_in_line_when_there_are_more_places():
    activity = make_activity(capacity=1)
    first, second, third = people(3)
    sign_up(activity, first)
    sign_up(activity, second)
    Activity.objects.update(capacity=2)

    sign_up(activity, third)

    assert states(activity) == {"张一": "signed_up", "张二": "signed_up", "张三": "waiting"}


def test_the_line_moves_up_by_as_many_as_there_are_places_and_never_further():
    activity = make_activity(capacity=1)
    for member in people(4):
        sign_up(activity, member)
    activity.capacity = 3
    activity.save()

    moved = move_up(activity)

    assert [row.person for row in moved] == ["张二", "张三"]
    assert move_up(activity) == []
    activity.capacity = 1
    activity.save()
    assert move_up(activity) == []
    assert Message.objects.count() == 2


def test_the_line_stands_still_once_the_activity_has_begun():
    activity = make_activity(capacity=1)
    for member in people(2):
        sign_up(activity, member)
    Activity.objects.update(capacity=2)

    assert move_up(activity, at=activity.starts_at) == []


def test_who_left_the_association_is_passed_over_in_line():
    activity = make_activity(capacity=1)
    first, gone, third = people(3)
    for member in (first, gone, third):
        sign_up(activity, member)
    gone.status = Status.WITHDRAWN
    gone.save()

    sign_off(activity, first)

    assert states(activity)["张三"] == "signed_up"


def test_answers_are_kept_changed_and_taken_back():
    activity, member = make_activity(), make_member()
    size = Question.objects.create(activity=activity, text="衣服尺码")
    other = Question.objects.create(activity=make_activity("另一活动"), text="车牌号")

    row = sign_up(activity, member, answers={size.pk: " L ", other.pk: "渝A"})
    assert [(answer.question_id, answer.text) for answer in row.answers.all()] == [(size.pk, "L")]
    change_answers(activity, member, answers={size.pk: "XL"})
    assert row.answers.get().text == "XL"
    change_answers(activity, member, answers={size.pk: ""})
    assert not row.answers.exists()
    with pytest.raises(NotPossible):
        change_answers(activity, member, answers={size.pk: "M"}, at=activity.starts_at)


def test_signing_off_takes_the_answers_along():
    activity, member = make_activity(), make_member()
    question = Question.objects.create(activity=activity, text="忌口")
    row = sign_up(activity, member, answers={question.pk: "花生"})

    sign_off(activity, member)

    assert not row.answers.exists()


def test_conflicts_are_other_activities_and_meetings_at_the_same_time():
    council = make_body(name="理事会")
    member = make_member(association=council.association)
    make_appointment(member, "理事", term=make_term(council, starts_on=dt.date(2025, 1, 1)))
    activity = make_activity()
    same = make_activity("同时的活动")
    later = make_activity("之后的活动", starts_at=activity.ends_at)
    for each in (activity, same, later):
        make_participation(each, member)
    at_nine = make_meeting(council, on=activity.on, starts_at=dt.time(10), name="理事会会议")
    make_meeting(council, on=activity.on, starts_at=dt.time(14), name="下午的会议")
    reader = make_user()
    grant(reader, "viewer", council.association)

    assert [each.title for each in conflicts_of(member, activity)] == ["同时的活动", str(at_nine)]
    found = conflicts_in(activity, reader)
    assert [each.title for each in found[member.pk]] == ["同时的活动", str(at_nine)]


def test_staff_learn_nothing_of_a_hidden_body_by_conflicts():
    branch = make_body(Body.Kind.PARTY_BRANCH, hides_people=True)
    member = make_member(association=branch.association)
    make_appointment(member, "书记", term=make_term(branch, starts_on=dt.date(2025, 1, 1)))
    activity = make_activity()
    make_participation(activity, member)
    make_participation(make_activity("支部活动", host=branch), member)
    make_meeting(branch, on=activity.on)
    reader = make_user()
    grant(reader, "viewer", branch.association)

    assert conflicts_in(activity, reader) == {}
    assert len(conflicts_of(member, activity)) == 2
