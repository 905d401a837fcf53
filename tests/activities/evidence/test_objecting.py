"""Members say what is wrong or missing; the association answers, nobody about the own record."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.evidence.objecting import (
    MOST,
    answer_by,
    answer_objection,
    in_sight,
    object_to,
    withdraw_objection,
)
from activities.evidence.waiting import objections_waiting, waiting_for
from activities.models import Objection
from members.models import User
from members.rights import Role
from organizations.models import Body
from organizations.services import NotPossible
from tests.activities.evidence.made import attended, took_part
from tests.make import grant, make_association, make_body, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association(request_days=5)


@pytest.fixture
def member(home):
    return make_member(association=home, user=make_user())


@pytest.fixture
def secretary(home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    return user


def about(member, row):
    return object_to(member, source="participation", row=row.pk, text="我到了")


def test_it_keeps_what_the_line_said(member):
    found = about(member, took_part(member, presence="absent"))

    assert (found.about, found.state) == ("2026-03-20 国情考察：缺席", "open")


def test_one_about_a_line_waits_at_a_time(member, secretary):
    row = took_part(member)
    first = about(member, row)
    with pytest.raises(NotPossible, match="您已就这一项"):
        about(member, row)

    answer_objection(first, upheld=False, answer="签到表上没有", actor=secretary)
    about(member, row)

    assert member.objections.count() == 2


def test_lines_of_others_and_unknown_ones_are_refused(member, home):
    row = took_part(make_member(association=home))

    for source, key in (("participation", row.pk), ("nothing", 1), ("service", 2**60)):
        with pytest.raises(NotPossible):
            object_to(member, source=source, row=key, text="不对")


def test_what_is_missing_is_said_without_a_line_and_once(member):
    object_to(member, text="缺五月的活动")
    with pytest.raises(NotPossible):
        object_to(member, text="缺五月的活动")

    assert [(row.source, row.row) for row in member.objections.all()] == [("missing", None)]


def test_there_is_an_end_to_how_many_wait(member):
    for number in range(MOST):
        object_to(member, text=f"缺第{number}次")

    with pytest.raises(NotPossible):
        object_to(member, text="还缺一次")


def test_the_member_is_told_the_answer(member, secretary):
    found = about(member, took_part(member))

    answer_objection(found, upheld=True, answer="已补登", actor=secretary)

    found.refresh_from_db()
    message = member.messages.get()
    assert (found.state, found.answer, found.decided_by) == ("upheld", "已补登", secretary)
    assert message.title == "您对履职记录的异议已答复：已更正" and "已补登" in message.text
    assert message.link == "/my/activities/record/remarks/"


def test_a_rejection_needs_a_reason_and_a_second_answer_is_refused(member, secretary):
    found = about(member, took_part(member))
    with pytest.raises(NotPossible):
        answer_objection(found, upheld=False, answer=" ", actor=secretary)

    answer_objection(found, upheld=True, answer="", actor=secretary)

    with pytest.raises(NotPossible):
        answer_objection(found, upheld=False, answer="不对", actor=secretary)


def test_nobody_decides_about_the_own_record(member, home):
    grant(member.user, Role.MANAGER, home)
    found = about(member, took_part(member))

    with pytest.raises(NotPossible):
        answer_objection(found, upheld=True, answer="", actor=User.objects.get(pk=member.user_id))


def test_it_can_be_taken_back_until_it_is_answered(member, secretary):
    found = about(member, took_part(member))
    withdraw_objection(found)

    with pytest.raises(NotPossible):
        answer_objection(found, upheld=True, answer="", actor=secretary)
    assert Objection.objects.get().state == "withdrawn"


def test_who_does_not_see_the_hidden_body_does_not_see_what_is_said_about_it(home, member, secretary):
    branch = make_body(Body.Kind.COMMITTEE, association=home, hides_people=True)
    manager = make_user()
    grant(manager, Role.MANAGER, home)
    about(member, took_part(member, host=branch))
    row = attended(member, branch)
    object_to(member, source="attendance", row=row.pk, text="我到了")
    object_to(member, text="缺一次")

    assert [row.source for row in in_sight(secretary)] == ["missing"]
    assert in_sight(manager).count() == 3


def test_what_waits_is_counted_for_who_answers_it(home, member, secretary):
    viewer, stranger = make_user(), make_user()
    grant(viewer, Role.VIEWER, home)
    grant(stranger, Role.MANAGER, make_association())
    object_to(member, text="缺一次")

    assert [waiting_for(user) for user in (secretary, viewer, stranger)] == [1, 0, 0]
    found = objections_waiting(secretary, {home.pk})
    due = answer_by(timezone.now(), 5)
    assert (found.text, found.is_late) == (f"1 条履职记录异议待答复，最迟 {due}", False)
    assert objections_waiting(secretary, set()) is None


def test_five_working_days_after_a_friday_is_the_next_friday():
    friday = timezone.make_aware(dt.datetime(2026, 11, 20, 23))

    assert answer_by(friday, 5) == dt.date(2026, 11, 27)
