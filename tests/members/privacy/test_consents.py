"""Consents: given under the notice in force, withdrawn at once, kept in the history."""

import datetime as dt

import pytest
from django.utils import timezone

from members.models import Consent, Notice
from members.privacy.consents import give_consent, withdraw_consent
from organizations.models import Change
from tests.make import make_association, make_member, make_user

pytestmark = pytest.mark.django_db

DIRECTORY = Consent.Purpose.DIRECTORY


@pytest.fixture
def member():
    return make_member("张一", association=make_association("第一联合会"))


def make_notice(association, version=1, *, days=0, text="告知"):
    day = timezone.localdate() + dt.timedelta(days=days)
    return Notice.objects.create(association=association, version=version, valid_from=day, text=text)


def test_consent_is_given_once_under_the_notice_in_force(member):
    notice = make_notice(member.association)
    make_notice(member.association, 2, days=1)
    user = make_user()

    first = give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=user)
    second = give_consent(member, DIRECTORY, way=Consent.Way.PAPER, actor=user)

    assert first == second
    assert (first.notice, first.way, first.given_by) == (notice, "self", user)


def test_a_new_version_of_the_notice_asks_for_a_new_consent(member):
    make_notice(member.association)
    first = give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=None)
    latest = make_notice(member.association, 2)

    second = give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=None)

    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(member.consents.in_force()) == [second]
    assert second.notice == latest


def test_withdrawing_ends_it_at_once_and_deletes_nothing(member):
    given = give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=None)

    assert withdraw_consent(member, DIRECTORY, actor=None) == given
    assert withdraw_consent(member, DIRECTORY, actor=None) is None
    assert not member.consents.in_force().exists()
    assert list(Change.objects.of(given).order_by("pk").values_list("kind", flat=True)) == ["+", "~"]


def test_consent_may_be_given_again(member):
    give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=None)
    withdraw_consent(member, DIRECTORY, actor=None)

    give_consent(member, DIRECTORY, way=Consent.Way.SELF, actor=None)

    assert member.consents.count() == 2
    assert member.consents.in_force().count() == 1
