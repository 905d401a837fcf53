"""What an association files with the authorities: which filings are asked for, and when they fall due."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.rights import Role
from members.services import change_status
from organizations.filings import proposals
from organizations.models import Body, Filing
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)
from tests.members.screens import opened_with

pytestmark = pytest.mark.django_db
D = dt.date
KIND = Filing.Kind


@pytest.fixture
def home():
    return make_association(registered_on="2022-02")


def proposed(association, day):
    return [(filing.kind, filing.year, filing.due_on) for filing in proposals([association], day)]


def test_the_annual_report_of_last_year_is_due_by_the_day_of_the_setting(home):
    assert proposed(home, D(2026, 11, 22)) == [(KIND.ANNUAL_REPORT, 2025, D(2026, 5, 31))]

    home.report_due = "06-30"

    assert proposed(home, D(2026, 1, 2)) == [(KIND.ANNUAL_REPORT, 2025, D(2026, 6, 30))]


def test_what_is_listed_is_not_proposed_again(home):
    Filing.objects.create(association=home, kind=KIND.ANNUAL_REPORT, year=2025)

    assert proposed(home, D(2026, 11, 22)) == []


@pytest.mark.parametrize(("registered", "day"), [("2022-02", D(2022, 11, 1)), ("", D(2026, 11, 22))])
def test_no_report_is_due_about_a_year_before_registration(registered, day):
    assert proposed(make_association(registered_on=registered), day) == []


def test_officers_are_filed_anew_for_each_term_of_the_council(home):
    Filing.objects.create(association=home, kind=KIND.ANNUAL_REPORT, year=2025)
    council = make_body(association=home)
    first = make_term(council, ended_on=D(2024, 12, 23))
    second = make_term(council, starts_on=D(2024, 12, 24))
    make_term(make_body(Body.Kind.SUPERVISORS, association=home), starts_on=D(2024, 12, 24))
    Filing.objects.create(association=home, kind=KIND.OFFICERS_OF_TERM, term=first)

    (filing,) = proposals([home], D(2026, 11, 22))

    assert (filing.kind, filing.term, filing.due_on) == (KIND.OFFICERS_OF_TERM, second, None)


def test_a_filing_is_overdue_the_day_after_it_was_due(home):
    filing = Filing(association=home, kind=KIND.FEES, due_on=D(2026, 5, 31))

    assert [filing.is_overdue_on(D(2026, 5, 31)), filing.is_overdue_on(D(2026, 6, 1))] == [False, True]

    filing.filed_on = D(2026, 7, 1)

    assert not filing.is_overdue_on(D(2026, 8, 1))


def test_the_database_keeps_one_report_a_year(home):
    Filing.objects.create(association=home, kind=KIND.ANNUAL_REPORT, year=2025)
    for fields in ({"year": 2025}, {"year": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Filing.objects.create(association=home, kind=KIND.ANNUAL_REPORT, **fields)


@pytest.mark.parametrize("text", ["5-31", "02-30", "13-01", ""])
def test_a_day_of_the_year_is_month_and_day(home, text):
    home.report_due = text
    with pytest.raises(ValidationError):
        home.full_clean()


def sign_in(client, role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    client.force_login(user)
    return user


def filled(association, **fields):
    names = ["year", "term", "consented_on", "opens_on", "due_on", "filed_on", "approval_number", "note"]
    return dict.fromkeys(names, "") | {"association": association.pk, **fields}


def test_a_secretary_enters_a_filing_and_its_due_date_is_worked_out(client, home):
    sign_in(client, Role.SECRETARY, home)
    address = reverse("admin:organizations_filing_add")

    client.post(address, filled(home, kind=KIND.CHARTER, consented_on="2026-03-01"))
    client.post(address, filled(home, kind=KIND.ANNUAL_REPORT, year="2025"))
    client.post(address, filled(home, kind=KIND.ANNUAL_REPORT, year="2024", due_on="2025-06-30"))

    found = Filing.objects.order_by("pk").values_list("kind", "due_on")
    assert list(found) == [
        (KIND.CHARTER, D(2026, 3, 31)),
        (KIND.ANNUAL_REPORT, D(2026, 5, 31)),
        (KIND.ANNUAL_REPORT, D(2025, 6, 30)),
    ]


def test_filings_are_read_by_readers_and_written_by_secretaries(client, home):
    filing = Filing.objects.create(association=home, kind=KIND.FEES)
    address = reverse("admin:organizations_filing_change", args=[filing.pk])

    sign_in(client, Role.SECRETARY, make_association())
    assert client.get(address).status_code == 404

    sign_in(client, Role.VIEWER, home)
    assert client.get(address).status_code == 200
    assert client.post(address, filled(home, kind=KIND.FEES, note="x")).status_code == 403

    sign_in(client, Role.SECRETARY, home)
    client.post(address, filled(home, kind=KIND.FEES, note="已报") | opened_with(client, address))
    filing.refresh_from_db()
    assert filing.note == "已报"


def test_a_filing_about_a_hidden_body_is_seen_by_who_sees_the_body(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    filing = Filing.objects.create(association=home, kind=KIND.OTHER, term=make_term(branch), note="支部换届")
    secretary, manager = make_user(), make_user()
    grant(secretary, Role.SECRETARY, home)
    grant(manager, Role.MANAGER, home)

    assert list(Filing.objects.visible_to(secretary)) == []
    assert list(Filing.objects.visible_to(manager)) == [filing]


def test_a_list_of_filings_takes_the_same_statements_however_long(
    client, home, django_assert_num_queries, django_assert_max_num_queries
):
    sign_in(client, Role.SECRETARY, home)
    council = make_body(association=home)
    address = reverse("admin:organizations_filing_changelist")

    def add(count):
        for _each in range(count):
            term = make_term(council, starts_on=D(2000 + council.terms.count(), 1, 1), years=1)
            term.ended_on = term.planned_end_on
            term.save()
            Filing.objects.create(association=home, kind=KIND.OFFICERS_OF_TERM, term=term)

    add(1)
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    add(2)
    with django_assert_num_queries(len(one)):
        client.get(address)


# -- the file of an association


def file_of(association):
    return reverse("organizations:file", args=[association.pk])


def test_the_file_shows_what_waits_what_is_done_and_the_registration(client, home):
    sign_in(client, Role.SECRETARY, home)
    home.milestones.create(on="2022-05", text="特设党支部获批")
    Filing.objects.create(
        association=home, kind=KIND.FEES, due_on=timezone.localdate() - dt.timedelta(days=1)
    )
    Filing.objects.create(association=home, kind=KIND.CHARTER, filed_on=D(2022, 1, 20), approval_number="3号")

    response = client.get(file_of(home))

    text = response.content.decode()
    waiting = [(each["filing"].kind, each["is_late"]) for each in response.context["waiting"]]
    assert (KIND.FEES, True) in waiting
    assert KIND.ANNUAL_REPORT in dict(waiting)
    assert [filing.approval_number for filing in response.context["filed"]] == ["3号"]
    assert "特设党支部获批" in text
    assert "2022-02" in text


def test_what_is_proposed_leads_to_its_form_filled_in(client, home):
    sign_in(client, Role.SECRETARY, home)
    (entry,) = client.get(file_of(home)).context["waiting"]

    form = client.get(entry["address"]).context["adminform"].form

    year = timezone.localdate().year - 1
    assert (form["kind"].value(), str(form["year"].value())) == (KIND.ANNUAL_REPORT, str(year))
    assert str(form["association"].value()) == str(home.pk)


def test_a_reader_sees_the_file_without_the_ways_to_write(client, home):
    Filing.objects.create(association=home, kind=KIND.FEES, due_on=D(2020, 1, 1))

    sign_in(client, Role.VIEWER, make_association())
    assert client.get(file_of(home)).status_code == 404

    sign_in(client, Role.VIEWER, home)
    response = client.get(file_of(home))
    assert {each["address"] for each in response.context["waiting"]} == {""}
    assert reverse("admin:organizations_filing_add") not in response.content.decode()

    sign_in(client, Role.MEMBER, home)
    assert client.get(file_of(home)).status_code == 403


def test_of_several_associations_one_chooses(client, home):
    below = make_association("园区分会", parent=home)
    sign_in(client, Role.SECRETARY, home)

    text = client.get(reverse("organizations:files")).content.decode()

    assert file_of(home) in text
    assert file_of(below) in text


def test_the_file_takes_the_same_statements_however_many_filings(client, home, django_assert_num_queries):
    sign_in(client, Role.SECRETARY, home)

    def add(count):
        for _each in range(count):
            body = make_body(Body.Kind.PARTY_BRANCH, association=home)
            fields = {"association": home, "kind": KIND.OTHER, "term": make_term(body)}
            Filing.objects.create(**fields, due_on=D(2020, 1, 1))
            Filing.objects.create(**fields, filed_on=D(2020, 1, 1))
            Filing.objects.create(**fields)

    add(1)
    client.get(file_of(home))
    with CaptureQueriesContext(connection) as one:
        client.get(file_of(home))
    add(2)
    with django_assert_num_queries(len(one)):
        client.get(file_of(home))


def test_the_workbench_of_several_associations_says_what_is_to_be_filed(client, home):
    below = make_association("园区分会", parent=home, registered_on="2024")
    sign_in(client, Role.SECRETARY, home)

    found = client.get(reverse("admin:index")).context["filings"]

    assert [each["filing"].association for each in found["listed"]] == [home, below]
    assert all(
        each["address"].startswith(reverse("admin:organizations_filing_add")) for each in found["listed"]
    )


def test_the_workbench_names_posts_whose_holder_left(client, home):
    sign_in(client, Role.SECRETARY, home)
    term = make_term(make_body(association=home, name="理事会"))
    seat = make_appointment(make_member("张三", association=home), "会长", term=term)
    change_status(seat.member, to="退会", on="2024-01-01", actor=None)

    assert "张三已离会，请登记其“理事会”会长离任" in client.get(reverse("admin:index")).content.decode()
