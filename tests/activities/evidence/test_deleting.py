"""A member of whom activities tell is not deleted; staff are told why."""

import pytest
from django.urls import reverse

from members.models import Member
from members.rights import Role
from tests.activities.evidence.made import gave, honoured, served, took_part
from tests.make import grant, make_association, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [took_part, served, gave, honoured])
def test_deleting_a_member_with_a_record_is_refused_in_words(client, make):
    home = make_association()
    member, user = make_member(association=home), make_user()
    grant(user, Role.MANAGER, home)
    client.force_login(user)
    make(member)
    address = reverse("admin:members_member_delete", args=[member.pk])

    asked = client.get(address)
    answer = client.post(address, {"post": "yes"})

    assert asked.status_code == 200 and answer.status_code in (200, 302, 403)
    assert Member.objects.filter(pk=member.pk).exists()
