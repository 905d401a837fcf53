"""Two who fill one seat, or begin a term, at the same moment: one of them does."""

import datetime as dt

import pytest
from django.db import IntegrityError

from organizations.models import Appointment
from organizations.services import NotPossible, begin_term
from tests.make import make_appointment, make_body, make_member, make_term
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(call):
    """The kind of error `call` ends with, None if it went well."""
    try:
        call()
    except (NotPossible, IntegrityError) as error:
        return type(error)
    return None


def test_one_of_two_becomes_president():
    term = make_term(make_body())
    rivals = [make_member("张三"), make_member("李四")]

    results = at_once(
        *[lambda one=one: outcome(lambda: make_appointment(one, "会长", term=term)) for one in rivals]
    )

    assert sorted(map(str, results)) == sorted(map(str, [None, NotPossible]))
    assert Appointment.objects.in_force_on(term.starts_on).count() == 1


def test_the_database_lets_one_of_two_in_who_ask_nobody():
    term = make_term(make_body())
    post = term.body.association.posts.get(title="会长")
    rows = [
        Appointment(member=one, body=term.body, term=term, post=post, starts_on=term.starts_on)
        for one in (make_member("张三"), make_member("李四"))
    ]

    results = at_once(*[lambda row=row: outcome(row.save) for row in rows])

    assert sorted(map(str, results)) == sorted(map(str, [None, IntegrityError]))
    assert Appointment.objects.count() == 1


def test_a_term_begins_once():
    body = make_body()
    days = {"starts_on": dt.date(2024, 1, 1), "planned_end_on": dt.date(2028, 12, 31)}

    results = at_once(*[lambda: outcome(lambda: begin_term(body, **days)) for _ in range(2)])

    assert sorted(map(str, results)) == sorted(map(str, [None, NotPossible]))
    assert body.terms.get().number == 1
