"""Giving and ending roles on the page of an account: nobody raises their own, every association keeps a manager."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.granting import left_without_manager
from members.models import RoleGrant, User
from members.rights import Role
from tests.make import grant, make_association, make_user
from tests.members.screens import change_url, form_data, sign_in

pytestmark = pytest.mark.django_db
DAY, ONE = timezone.localdate(), dt.timedelta(days=1)


@pytest.fixture
def home():
    return make_association("本区联合会")


@pytest.fixture
def manager(client, home):
    return sign_in(client, Role.MANAGER, home)


def send(client, user, **changes):
    """The answer to the form of the account of `user`, sent back with changes to the first role."""
    data = form_data(client.get(change_url(user)))
    return client.post(
        change_url(user), data | {f"role_grants-0-{name}": value for name, value in changes.items()}
    )


def errors(response):
    formset = response.context["inline_admin_formsets"][0].formset
    return {name: list(found) for form in formset.forms for name, found in form.errors.items()}


# -- a department that sees persons


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {"starts_on", "ends_on", "basis"}),
        ({"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, {"basis"}),
        ({"basis": "区委统战部函〔2026〕1号", "starts_on": "2026-01-01"}, {"ends_on"}),
    ],
)
def test_department_sees_persons_by_a_dated_grant_with_a_document(client, home, manager, given, asked):
    user = make_user()
    grant(user, Role.VIEWER, home)

    response = send(client, user, role=Role.DEPARTMENT_PERSONS, **given)

    assert errors(response).keys() == asked
    assert all("主管部门查看个人信息" in text for texts in errors(response).values() for text in texts)
    assert user.role_grants.get().role == Role.VIEWER


def test_department_sees_persons_once_all_three_are_given(client, home, manager):
    user = make_user()
    grant(user, Role.VIEWER, home)
    day = {"starts_on": DAY.isoformat(), "ends_on": (DAY + ONE).isoformat()}

    send(client, user, role=Role.DEPARTMENT_PERSONS, basis="区委统战部函〔2026〕1号", **day)

    given = user.role_grants.get()
    assert (given.role, given.starts_on, given.basis) == (
        Role.DEPARTMENT_PERSONS, DAY, "区委统战部函〔2026〕1号"
    )  # fmt: skip


def test_role_that_ends_before_it_starts_is_an_error_on_its_end(client, home, manager):
    user = make_user()
    grant(user, Role.VIEWER, home)

    response = send(client, user, starts_on="2026-02-01", ends_on="2026-01-01")

    assert errors(response) == {"ends_on": ["结束日期早于开始日期。"]}


# -- one's own roles


def test_nobody_changes_or_adds_a_role_of_their_own(client, home, manager):
    manager.role_grants.update(ends_on=DAY + ONE)
    data = form_data(client.get(change_url(manager))) | {
        "role_grants-TOTAL_FORMS": "2",
        "role_grants-INITIAL_FORMS": "1",
        "role_grants-0-id": manager.role_grants.get().pk,
        "role_grants-0-role": "manager",
        "role_grants-0-association": home.pk,
        "role_grants-0-ends_on": "",
        "role_grants-1-role": "secretary",
        "role_grants-1-association": home.pk,
    }

    client.post(change_url(manager), data)

    assert list(manager.role_grants.values_list("role", "ends_on")) == [("manager", DAY + ONE)]


def test_nobody_closes_their_own_account_or_gives_up_the_installation(client, home):
    root = User.objects.create_superuser("root@example.org", "correct horse battery")
    client.force_login(root)
    data = form_data(client.get(change_url(root)))
    data.pop("is_active", None)
    data.pop("is_superuser", None)

    client.post(change_url(root), data)

    root.refresh_from_db()
    assert (root.is_active, root.is_superuser) == (True, True)


# -- the last manager


def root(client):
    client.force_login(User.objects.create_superuser("root@example.org", "correct horse battery"))


@pytest.mark.parametrize(
    "change",
    [{"ends_on": (DAY - ONE).isoformat()}, {"role": Role.SECRETARY}, {"starts_on": (DAY + ONE).isoformat()}],
)
def test_role_of_the_last_manager_is_not_taken(client, home, change):
    user = make_user()
    grant(user, Role.MANAGER, home)
    root(client)

    response = send(client, user, **change)

    assert errors(response).popitem()[1] == [
        f"自{DAY.isoformat()}起本区联合会将没有管理员。请先授予其他账号该协会的管理员角色。"
    ]
    assert list(user.role_grants.values_list("role", "starts_on", "ends_on")) == [("manager", None, None)]


def test_role_ends_where_somebody_else_manages(client, home, manager):
    user = make_user()
    grant(user, Role.MANAGER, home)

    send(client, user, ends_on=DAY.isoformat())

    assert user.role_grants.get().ends_on == DAY


def test_account_of_the_last_manager_is_not_closed(client, home):
    user = make_user()
    grant(user, Role.MANAGER, home)
    root(client)
    data = form_data(client.get(change_url(user)))
    data.pop("is_active")

    response = client.post(change_url(user), data)

    assert response.context["adminform"].form.errors == {
        "is_active": ["本区联合会没有其他管理员。请先授予其他账号管理员角色，再停用此账号。"]
    }
    assert User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ({}, None),
        ({"ends_on": DAY + 9 * ONE}, None),
        ({"ends_on": DAY + 5 * ONE}, DAY + 6 * ONE),
        ({"starts_on": DAY + 6 * ONE}, None),
        ({"starts_on": DAY + 9 * ONE}, DAY + 6 * ONE),
    ],
)
def test_somebody_who_manages_above_on_the_day_after_is_enough(home, other, day):
    home.parent = make_association()
    home.save()
    first, second = make_user(), make_user()
    before = grant(first, Role.MANAGER, home)
    grant(second, Role.MANAGER, home.parent, **other)
    after = RoleGrant(user=first, role=Role.MANAGER, association=home, ends_on=DAY + 5 * ONE)

    assert left_without_manager(before, after) == day


def test_closed_account_manages_nothing(home):
    first, second = make_user(), make_user(is_active=False)
    before = grant(first, Role.MANAGER, home)
    grant(second, Role.MANAGER, home)

    assert left_without_manager(before, None) == DAY


def test_role_that_is_over_leaves_nobody_behind(home):
    before = grant(make_user(), Role.MANAGER, home, ends_on=DAY - ONE)

    assert left_without_manager(before, None) is None


# -- rights end at once


def test_rights_of_a_session_end_with_the_grant(client, home):
    user = make_user()
    given = grant(user, Role.VIEWER, home)
    client.force_login(user)
    address = reverse("admin:members_member_changelist")
    before = client.get(address).status_code

    RoleGrant.objects.filter(pk=given.pk).update(ends_on=DAY - ONE)

    assert (before, client.get(address).status_code) == (200, 302)


def test_screens_of_secrets_are_not_there(client):
    root(client)

    addresses = ["account/emailaddress", "mfa/authenticator", "usersessions/usersession", "r/1/1"]
    assert [client.get(f"/admin/{each}/").status_code for each in addresses] == [404] * 4
