"""Who opened whose record: one note a user and day, kept for at least 180 days."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from members.models import Viewing
from members.privacy.viewings import delete_old_viewings, note_viewing
from members.rights import Role
from tests.make import grant, make_association, make_id_number, make_member, make_user
from tests.members.screens import change_url, page_of, section_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member("张一", association=make_association("第一联合会"), id_number=make_id_number())


def noted():
    return list(Viewing.objects.order_by("pk").values_list("member__name", "user__name", "on"))


@pytest.mark.parametrize("name", ["detail", "form", "edit", "section"])
def test_opening_a_record_is_noted_once_a_day(client, member, name):
    sign_in(client, Role.SECRETARY, member.association, name="王秘书")
    address = {"edit": change_url(member), "section": section_of(member, "work")}.get(name)

    for _time in range(2):
        assert client.get(address or page_of(member, name)).status_code == 200

    assert noted() == [("张一", "王秘书", timezone.localdate())]


def test_who_reads_masks_is_noted_too_and_who_sees_nothing_is_not(client, member):
    sign_in(client, Role.MANAGER, make_association())
    assert client.get(page_of(member)).status_code == 404
    sign_in(client, Role.VIEWER, member.association, name="李查阅")
    client.get(page_of(member))

    assert noted() == [("张一", "李查阅", timezone.localdate())]


def test_the_own_record_is_no_viewing(client, member):
    member.user = sign_in(client, Role.SECRETARY, member.association)
    member.save()

    client.get(page_of(member))

    assert noted() == []


def test_a_page_opened_again_only_reads(member, django_assert_num_queries):
    user = make_user()
    note_viewing(member, user)

    with django_assert_num_queries(1):
        note_viewing(member, user)


def test_viewings_are_kept_for_half_a_year_at_least(member, settings):
    settings.VIEWINGS_KEEP_DAYS = 10
    user, today = make_user(), timezone.localdate()
    for days in (0, 180, 181):
        Viewing.objects.create(member=member, user=user, on=today - dt.timedelta(days=days))

    assert delete_old_viewings() == 1
    assert Viewing.objects.count() == 2


def test_the_command_deletes_and_says_how_many(member, capsys):
    Viewing.objects.create(member=member, user=make_user(), on=timezone.localdate() - dt.timedelta(days=366))
    Viewing.objects.create(member=member, user=make_user(), on=timezone.localdate() - dt.timedelta(days=365))

    call_command("delete_old_viewings")

    assert capsys.readouterr().out == "1 viewings deleted.\n"


def test_viewings_stay_with_the_one_record_after_a_role_ends(member):
    user = make_user()
    role = grant(user, Role.VIEWER, member.association)
    note_viewing(member, user)
    role.delete()

    assert member.viewings.count() == 1
