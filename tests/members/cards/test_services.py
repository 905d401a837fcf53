import datetime as dt

import pytest
from django.utils import timezone

from members.cards.services import (
    CannotIssue,
    Standing,
    issue_card,
    issue_cards,
    last_day,
    revoke_card,
    standing_of,
)
from members.models import Message
from members.services import change_status
from organizations.models import Change
from tests.make import make_association, make_member, make_user

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def member():
    return make_member("张一", number="JJ001", association=make_association(card_years=5))


def test_a_card_is_valid_to_the_day_before_it_comes_round(member):
    user = make_user()

    card = issue_card(member, actor=user, on=DAY)

    assert (card.issued_on, card.valid_until, card.issued_by) == (DAY, dt.date(2031, 3, 1), user)
    assert standing_of(card, dt.date(2031, 3, 1)) == Standing.VALID
    assert standing_of(card, dt.date(2031, 3, 2)) == Standing.EXPIRED


@pytest.mark.parametrize(
    ("issued_on", "years", "until"),
    [
        (dt.date(2026, 1, 1), 1, dt.date(2026, 12, 31)),
        (dt.date(2028, 2, 29), 5, dt.date(2033, 2, 27)),
        (dt.date(2026, 1, 1), 0, None),
    ],
)
def test_how_long_a_card_lasts(issued_on, years, until):
    assert last_day(issued_on, years) == until


def test_a_new_card_takes_the_place_of_the_old_one(member):
    old = issue_card(member, actor=None, on=DAY)

    new = issue_card(member, actor=None, on=dt.date(2026, 5, 1))

    old.refresh_from_db()
    assert old.revoked_on == dt.date(2026, 5, 1)
    assert list(member.cards.in_force()) == [new]
    assert old.token != new.token


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"number": ""}, "办证需要会员编号，请先填写编号。"),
        ({"number": "JJ2", "status": "退会"}, "只有在册会员可以办理会员证。"),
        ({"number": "JJ3", "status": "申请"}, "只有在册会员可以办理会员证。"),
    ],
)
def test_who_cannot_have_a_card_is_told_why(fields, reason):
    member = make_member(**fields)

    with pytest.raises(CannotIssue, match=reason):
        issue_card(member, actor=None)

    assert not member.cards.exists()


def test_a_card_ends_with_the_membership_and_nothing_is_written(member):
    card = issue_card(member, actor=None, on=DAY)

    left = change_status(member, to="退会", on="2026-04-01", actor=None).member

    card.member = left
    assert (standing_of(card, DAY), card.revoked_on) == (Standing.REVOKED, None)


def test_many_are_issued_at_once_and_those_left_out_are_named(member):
    without, left = make_member(), make_member(status="除名", number="JJ9")

    issued = issue_cards([member, without, left], actor=None)

    assert [card.member for card in issued.cards] == [member]
    assert issued.left_out == {
        "办证需要会员编号，请先填写编号。": [without],
        "只有在册会员可以办理会员证。": [left],
    }


def test_revoking_twice_changes_nothing(member):
    card = issue_card(member, actor=None, on=DAY)

    assert (revoke_card(card, on=DAY), revoke_card(card)) == (True, False)
    card.refresh_from_db()
    assert card.revoked_on == DAY


def test_the_history_tells_of_cards_but_not_of_their_codes(member):
    card = issue_card(member, actor=None, on=DAY)

    change = Change.objects.of(member).filter(content_type__model="membercard").get()

    assert change.diff == {
        "member": [None, member.pk],
        "issued_on": [None, "2026-03-02"],
        "valid_until": [None, "2031-03-01"],
    }
    assert card.token not in str(change.diff)


def test_a_member_with_an_account_finds_a_message():
    member = make_member(number="1", user=make_user())

    issue_card(member, actor=None, on=timezone.localdate())

    message = Message.objects.get()
    assert (message.member, message.title, message.link) == (member, "您的会员证已发放。", "/my/card/")
