"""The pages of bodies: the list, one body on a day, and what is written there."""

import pytest
from django.urls import reverse

from members.rights import Role
from organizations.models import Body
from tests.make import grant, make_association, make_body, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def secretary(client, home):
    user = make_user()
    grant(user, Role.SECRETARY, home)
    client.force_login(user)
    return user


def sign_in(client, role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    client.force_login(user)
    return user


def test_bodies_in_sight_are_listed(client, secretary, home):
    make_body(association=home, name="本会理事会")
    make_body(association=make_association(), name="他会理事会")
    make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部", hides_people=True)

    text = client.get(reverse("organizations:bodies")).content.decode()

    assert "本会理事会" in text
    assert "他会理事会" not in text
    assert "特设党支部" not in text


def test_a_body_out_of_sight_is_not_found(client, secretary, home):
    elsewhere = make_body(association=make_association())
    hidden = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)

    assert client.get(elsewhere.get_absolute_url()).status_code == 404
    assert client.get(hidden.get_absolute_url()).status_code == 404
