"""Two who open one link, or invite one member, at the same moment: one of them does."""

import pytest

from members.invitations.joining import Closed, open_account
from members.invitations.services import invite_one
from members.models import Invitation, User
from members.rights import Role
from tests.make import PASSWORD, grant, make_member, make_user
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture
from tests.members.invitations.invited import SITE, make_invitation, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_link_opens_one_account():
    invitation = make_invitation(make_member())

    def opened(phone):
        try:
            return open_account(invitation, email="", phone=phone, password=PASSWORD).phone
        except Closed as reason:
            return str(reason)

    results = at_once(*[lambda phone=phone: opened(phone) for phone in ("13800000001", "13800000002")])

    assert sorted(results)[1] == "used"
    assert User.objects.filter(phone__isnull=False).count() == 1
    assert Invitation.objects.get().state == "used"


def test_one_number_opens_one_account():
    rows = [make_invitation(make_member()) for _ in range(2)]

    def opened(row):
        try:
            return open_account(row, email="", phone="13800000009", password=PASSWORD).phone
        except Exception as error:
            return type(error).__name__

    results = at_once(*[lambda row=row: opened(row) for row in rows])

    assert sorted(results) == ["13800000009", "Taken"]
    assert sorted(str(row.state) for row in Invitation.objects.all()) == ["open", "used"]


def test_two_who_invite_leave_one_good_link():
    member, secretaries = make_member(), [make_user(), make_user()]
    for user in secretaries:
        grant(user, Role.SECRETARY, member.association)

    at_once(
        *[lambda user=user: invite_one(member, way="link", actor=user, site=SITE) for user in secretaries]
    )

    assert states(member) == ["open", "revoked"]
