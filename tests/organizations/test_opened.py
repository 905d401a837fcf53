"""Two people in one record of the staff screens: the second sees the difference and chooses."""

import datetime as dt

import pytest
from django.urls import reverse

from members.models import Employer, ListedWord, RoleGrant
from members.rights import Role
from organizations.models import Filing, Post, acting
from organizations.posts import ensure_posts
from tests.make import grant, make_association, make_employer, make_user
from tests.members.screens import body_of, form_data, messages_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    home = make_association("甲区联合会", short_name="甲")
    sign_in(client, Role.MANAGER, home, name="王主任")
    return home


def make_filing(home):
    return Filing.objects.create(
        association=home, kind=Filing.Kind.ANNUAL_REPORT, year=2026, due_on=dt.date(2027, 5, 31)
    )


def make_post(home):
    ensure_posts(home, "council")
    return Post.objects.get(association=home, title="理事")


def make_word(home):
    return ListedWord.objects.create(association=home, word_list=ListedWord.List.OCCUPATION, name="律师")


# (maker, what somebody else writes, what we write besides, the field both write with its two texts)
RECORDS = {
    "association": (lambda home: home, {"short_name": "甲区"}, {"registry": "民政局"}, ("short_name", "甲区", "甲会")),
    "employer": (
        lambda home: make_employer("某某公司", association=home),
        {"kind": "民营企业"},
        {"name": "某某有限公司"},
        ("kind", "民营企业", "外资企业"),
    ),
    "filing": (
        make_filing,
        {"filed_on": dt.date(2027, 3, 1)},
        {"note": "已寄出"},
        ("filed_on", "2027-03-01", "2027-04-01"),
    ),
    "post": (make_post, {"rank": 70}, {"seats": "30"}, ("rank", "70", "80")),
    "word": (make_word, {"name": "律师助理"}, {"category": ""}, ("name", "律师助理", "公证员")),
}  # fmt: skip


@pytest.fixture(params=RECORDS)
def case(request, home):
    make, theirs, mine, both = RECORDS[request.param]
    return make(home), theirs, mine, both


def address_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def meanwhile(row, changes):
    """Somebody else saves the record."""
    current = type(row).objects.get(pk=row.pk)
    for name, value in changes.items():
        setattr(current, name, value)
    with acting(make_user(name="李秘书")):
        current.save()


def test_what_only_the_other_changed_stays_and_is_told(client, case):
    row, theirs, mine, (field, stored, _typed) = case
    opened = client.get(address_of(row))
    meanwhile(row, theirs)

    saved = client.post(address_of(row), form_data(opened) | mine)

    row.refresh_from_db()
    assert saved.status_code == 302
    assert str(getattr(row, field)) == stored
    assert any(sentence.startswith("李秘书在此期间修改了") for sentence in messages_of(saved))


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_what_both_changed_is_laid_side_by_side_and_chosen(client, case, choice):
    row, theirs, _mine, (field, stored, typed) = case
    opened = client.get(address_of(row))
    meanwhile(row, theirs)

    asked = client.post(address_of(row), form_data(opened) | {field: typed})
    [conflict] = asked.context["adminform"].form.conflicts
    saved = client.post(address_of(row), form_data(asked) | {f"choice-{field}": choice})

    row.refresh_from_db()
    assert (conflict.name, conflict.stored, conflict.mine, conflict.actor) == (field, stored, typed, "李秘书")
    assert "他人也修改了以下内容" in body_of(asked)
    assert saved.status_code == 302
    assert str(getattr(row, field)) == (typed if choice == "mine" else stored)


def test_a_box_that_both_changed_is_asked_in_words(client, home):
    opened = client.get(address_of(home))
    meanwhile(home, {"takes_applications": True, "introducers": 3})

    saved = client.post(address_of(home), form_data(opened) | {"short_name": "甲会"})

    home.refresh_from_db()
    assert saved.status_code == 302
    assert (home.takes_applications, home.introducers, home.short_name) == (True, 3, "甲会")


def test_a_form_that_was_opened_on_another_record_is_refused(client, home):
    one, other = (make_employer(name, association=home) for name in ("甲公司", "乙公司"))
    token = form_data(client.get(address_of(one)))["opened"]

    refused = client.post(address_of(other), form_data(client.get(address_of(other))) | {"opened": token})

    assert refused.status_code == 200
    assert "无法确认此表单" in body_of(refused)
    assert Employer.objects.get(pk=other.pk).name == "乙公司"


def test_a_role_changed_by_two_is_said_beside_its_row(client, home):
    colleague = make_user(name="李秘书")
    row = grant(colleague, Role.VIEWER, home)
    address = address_of(colleague)
    opened = client.get(address)
    RoleGrant.objects.filter(pk=row.pk).update(role=Role.SECRETARY)

    asked = client.post(address, form_data(opened) | {"role_grants-0-ends_on": "2030-01-01"})
    again = client.post(address, form_data(asked))

    row.refresh_from_db()
    assert "他人已作修改" in body_of(asked) and "秘书" in body_of(asked)
    assert again.status_code == 302
    assert (row.role, row.ends_on) == (Role.VIEWER, dt.date(2030, 1, 1))
