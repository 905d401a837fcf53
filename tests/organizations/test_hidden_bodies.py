"""A body that hides its people leaks nowhere, and who holds a role in one body works there and nowhere else."""

import datetime as dt

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from members.models import Member, RoleGrant
from members.rights import Role
from members.services import change_status
from organizations.models import Action, Appointment, Body, Filing, acting
from organizations.services import begin_term, end_appointment
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)
from tests.members.screens import form_data

pytestmark = pytest.mark.django_db
D = dt.date
# nothing else in these tests has these words
TELLTALES = ("特设支部", "书记", "支部大会决定", "支部换届")


@pytest.fixture
def home():
    return make_association(registered_on="2022-02")


@pytest.fixture
def branch(home):
    """The hidden branch with all that could tell of it: terms, people, ends, filings, a body below it."""
    with acting(kind=Action.Kind.COMMAND):
        branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)
        term = begin_term(
            branch, starts_on=D(2022, 5, 20), planned_end_on=D(2025, 5, 19), basis="支部大会决定"
        )
        make_appointment(make_member("党员甲", association=home, number="0001"), "书记", term=term)
        gone = make_appointment(make_member("党员乙", association=home), "组织委员", term=term)
        end_appointment(gone, on=D(2023, 1, 1), reason="resigned", basis="支部大会决定")
        left = make_appointment(make_member("党员丙", association=home), "党员", term=term)
        change_status(left.member, to="退会", on="2024-01-01", actor=None)
        Filing.objects.create(
            association=home, kind="other", term=term, note="支部换届", due_on=D(2025, 4, 1)
        )
        make_body(Body.Kind.GROUP, association=home, name="特设支部一组", parent=branch, hides_people=True)
    return branch


@pytest.fixture
def council(home):
    council = make_body(association=home, name="理事会")
    term = make_term(council, starts_on=D(2024, 12, 24))
    make_appointment(Member.objects.first() or make_member(association=home), "会长", term=term)
    return council


def sign_in(client, role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    client.force_login(user)
    return user


def body_pages(*bodies):
    """Every address of bodies that answers without being sent anything."""
    for body in bodies:
        for name in ("body", "body_edit", "body_dissolve", "term_new", "appoint"):
            yield reverse(f"organizations:{name}", args=[body.pk])
        yield reverse("admin:organizations_body_history", args=[body.pk])
        yield reverse("admin:organizations_body_change", args=[body.pk])


def pages_of_everything(home):
    """The lists and records of the staff screens that tell of members, bodies and changes."""
    lists = [
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
    ]
    names = ["admin:index", "organizations:bodies", "organizations:files", "organizations:body_new",
             "organizations:meetings", "organizations:elections", "organizations:findings", "organizations:papers",
             "members:statistics", "admin:members_member_lists", "members:disclosures"]  # fmt: skip
    yield from (reverse(name) for name in [*lists, *names])
    yield reverse("organizations:file", args=[home.pk])
    yield f"{reverse('organizations:bodies')}?kind=party_branch&dissolved=on"
    yield reverse("admin:organizations_filing_add")
    yield reverse("admin:organizations_association_history", args=[home.pk])
    for kind in ("body", "term", "appointment", "post", "filing"):
        yield f"{reverse('admin:organizations_change_changelist')}?record=organizations.{kind}"
    for member in Member.objects.all():
        for name in ("detail", "change", "history"):
            yield reverse(f"admin:members_member_{name}", args=[member.pk])


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.VIEWER])
def test_nothing_tells_of_a_hidden_body_to_who_only_reads_the_association(
    client, home, branch, council, role
):
    sign_in(client, role, home)

    for address in pages_of_everything(home):
        text = client.get(address, follow=True).content.decode()
        # the lists of kinds of bodies name every kind
        found = [each for each in TELLTALES if each in text]
        assert found == [], address


def test_the_same_pages_show_it_to_the_manager(client, home, branch, council):
    sign_in(client, Role.MANAGER, home)

    texts = [client.get(address, follow=True).content.decode() for address in pages_of_everything(home)]

    for each in TELLTALES:
        assert any(each in text for text in texts), each


def test_no_export_of_members_tells_of_a_hidden_body(client, home, branch, council):
    sign_in(client, Role.SECRETARY, home)

    address = reverse("admin:members_member_export")
    text = client.get(address).content.decode()

    assert not [each for each in TELLTALES if each in text]


def test_no_autocomplete_leads_to_bodies_or_appointments(client, home, branch, council):
    sign_in(client, Role.SECRETARY, home)
    fields = [
        (model, field.name)
        for model in apps.get_app_config("organizations").get_models()
        for field in model._meta.fields
        if field.related_model in (Body, Appointment)
    ]
    assert fields

    for model, name in fields:
        answer = client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "organizations",
                "model_name": model._meta.model_name,
                "field_name": name,
                "term": "特",
            },
        )
        assert "特设支部" not in answer.content.decode()


def test_members_are_found_by_typing_within_ones_sight(client, home, council):
    make_member("外人", association=make_association())
    sign_in(client, Role.SECRETARY, home)

    def found(term):
        answer = client.get(
            reverse("admin:autocomplete"),
            {"app_label": "organizations", "model_name": "appointment", "field_name": "member", "term": term},
        )
        return [each["text"] for each in answer.json()["results"]]

    assert found("张") == [str(Member.objects.get(association=home))]
    assert found("外") == []


# -- a role in one body


@pytest.fixture
def clerk(client, home, council):
    return sign_in(client, Role.SECRETARY, home, body=council)


def test_the_secretary_of_one_body_finds_every_page_open_or_shut_and_none_broken(
    client, home, branch, council, clerk
):
    answers = {address: client.get(address).status_code for address in pages_of_everything(home)}

    assert set(answers.values()) <= {200, 302, 403, 404}
    opened = {address.split("?")[0] for address, code in answers.items() if code == 200}
    (seated,) = Member.objects.filter(appointments__body=council)
    assert opened == {
        reverse("admin:index"),
        reverse("organizations:bodies"),
        reverse("organizations:meetings"),
        reverse("organizations:elections"),
        reverse("admin:members_member_changelist"),
        reverse("members:disclosures"),  # everybody's own
        reverse("admin:organizations_association_changelist"),
        reverse("admin:organizations_post_changelist"),
        *(
            reverse(f"admin:members_member_{name}", args=[seated.pk])
            for name in ("detail", "change", "history")
        ),
    }


def test_all_that_the_navigation_offers_is_open(client, council, clerk):
    page = client.get(reverse("admin:index"))

    addresses = [entry["address"] for task in page.context["navigation"] for entry in task["pages"]]
    assert reverse("organizations:bodies") in addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    assert council.get_absolute_url() in page.content.decode()


def test_the_secretary_of_one_body_works_there(client, home, council, clerk):
    seat = council.appointments.get()

    response = client.post(
        reverse("organizations:appointment_end", args=[seat.pk]),
        {"ends_on": "2026-01-31", "end_reason": "resigned"},
        follow=True,
    )
    seat.refresh_from_db()

    assert seat.ends_on == D(2026, 1, 31)
    assert str(seat.member) in response.content.decode()
    history = client.get(reverse("admin:organizations_body_history", args=[council.pk])).content.decode()
    assert "2026年1月31日" in history


def test_the_secretary_of_one_body_works_nowhere_else(client, home, branch, council, clerk):
    other = make_body(Body.Kind.SUPERVISORS, association=home, name="监事会")
    seat = make_appointment(make_member("监事一"), "监事", term=make_term(other))

    codes = {
        client.get(address).status_code for address in body_pages(other, branch) if "/admin/" not in address
    }
    codes |= {client.get(reverse("organizations:appointment_end", args=[seat.pk])).status_code}

    assert codes == {404}
    assert client.get(reverse("organizations:body_dissolve", args=[council.pk])).status_code == 403
    assert client.get(reverse("organizations:body_new")).status_code == 403
    assert list(Member.objects.staff_visible_to(clerk)) == list(
        Member.objects.filter(appointments__body=council)
    )


def test_people_of_ones_body_are_shown_by_their_public_fields(client, home, council, clerk):
    member = Member.objects.get(appointments__body=council)
    member.mobile, member.position, member.remarks = "13800001234", "总经理助理", "不公开的备注"
    member.save()

    text = client.get(member.get_absolute_url()).content.decode()

    assert "总经理助理" in text
    assert "13800001234" not in text
    assert "不公开的备注" not in text


def test_who_reads_one_body_alone_does_not_search_by_what_is_not_public(client, home, council, clerk):
    member = Member.objects.get(appointments__body=council)
    member.mobile = "13800001234"
    member.save()

    assert not clerk.rights.may_search("mobile")
    assert clerk.rights.may_search("name")
    answer = client.get(reverse("admin:members_member_changelist"), {"q": "00001234"})
    assert member.name not in answer.content.decode()


# -- giving the role


def test_a_manager_gives_a_role_in_one_body(client, home, council):
    sign_in(client, Role.MANAGER, home)
    user = make_user("clerk@example.org")
    grant(user, Role.VIEWER, home, ends_on=D(2020, 1, 1))
    elsewhere = make_body(association=make_association(), name="他会理事会")
    address = reverse("admin:members_user_change", args=[user.pk])
    rows = {
        "role_grants-TOTAL_FORMS": "2",
        "role_grants-1-user": user.pk, "role_grants-1-role": "secretary", "role_grants-1-association": home.pk,
        "role_grants-1-body": council.pk, "role_grants-1-starts_on": "2026-01-01",
    }  # fmt: skip

    response = client.get(address)
    page = response.content.decode()
    assert "理事会" in page
    assert "他会理事会" not in page
    client.post(address, form_data(response) | {"email": "clerk@example.org", **rows})

    assert list(RoleGrant.objects.filter(body__isnull=False).values_list("user", "role", "body")) == [
        (user.pk, "secretary", council.pk)
    ]
    assert "秘书（理事会）" in client.get(reverse("admin:members_user_changelist")).content.decode()
    assert elsewhere.pk


# -- the member's page


def test_a_members_page_shows_the_posts_in_bodies_in_sight(client, home, branch, council):
    member = Member.objects.get(name="党员甲")
    member.association_posts = "会长、理事"
    member.save()
    sign_in(client, Role.SECRETARY, home)

    rows = client.get(member.get_absolute_url()).context["posts"]

    assert [(str(row.post), stand, may_edit) for row, stand, may_edit in rows] == [("会长", "held", True)]
    assert "名册所载：" in client.get(member.get_absolute_url()).content.decode()


def test_when_a_member_leaves_the_posts_now_vacant_are_named(client, home, branch, council):
    member = Member.objects.get(name="党员甲")
    sign_in(client, Role.SECRETARY, home)
    address = reverse("admin:members_member_section", args=[member.pk, "association"])
    page = client.get(address)
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {
        "status_changes-TOTAL_FORMS": "1", "status_changes-INITIAL_FORMS": "0",
        "status_changes-0-status": "退会", "status_changes-0-on": "2026-02-01",
        "further_categories-TOTAL_FORMS": "0", "further_categories-INITIAL_FORMS": "0",
    }  # fmt: skip

    text = client.post(address, data, follow=True).content.decode()

    assert "“理事会”的“会长”现已空缺。" in text
    assert not [each for each in TELLTALES if each in text]
    assert [stand for _row, stand, _may in client.get(member.get_absolute_url()).context["posts"]] == [
        "vacated"
    ]


def test_members_see_their_own_posts_in_hidden_bodies_too(client, home, branch, council):
    member = Member.objects.get(name="党员甲")
    member.user = sign_in(client, Role.MEMBER, home)
    member.save()

    text = client.get(reverse("portal:posts")).content.decode()

    assert "特设支部 <strong>书记</strong>" in text
    assert "理事会 <strong>会长</strong>" in text
