"""An identity number in full: on request, with a reason, recorded, and nowhere else."""

import logging

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.urls import reverse

from members.rights import Role
from organizations.models import Action, Change
from tests.make import grant, make_association, make_id_number, make_member
from tests.members.screens import body_of, page_of, sign_in

pytestmark = pytest.mark.django_db

NUMBER = make_id_number(7)
REASON = "为办理会员证核对身份"


@pytest.fixture
def home():
    return make_association("第一联合会")


@pytest.fixture
def member(home):
    return make_member("张一", association=home, id_number=NUMBER)


@pytest.mark.parametrize("name", ["reveal", "form"])
def test_with_a_reason_the_number_is_shown_once_and_kept_nowhere(client, home, member, name):
    sign_in(client, Role.SECRETARY, home)

    before = client.get(page_of(member, name))
    shown = client.post(page_of(member, name), {"reason": REASON})
    after = client.get(page_of(member, name))

    assert NUMBER in body_of(shown)
    assert [NUMBER in body_of(page) for page in (before, after)] == [False, False]
    assert ["no-store" in page.headers["Cache-Control"] for page in (before, shown, after)] == [True] * 3


@pytest.mark.parametrize("name", ["reveal", "form"])
def test_it_is_recorded_who_saw_whose_number_and_why(client, home, member, name):
    user = sign_in(client, Role.SECRETARY, home, name="王秘书")

    client.post(page_of(member, name), {"reason": REASON})

    action = Action.objects.get(kind=Action.Kind.REVEAL)
    assert (action.actor, action.association, action.note, action.details) == (
        user,
        home,
        REASON,
        {"member": "张一"},
    )
    change = action.changes.get()
    assert (change.object_id, change.diff) == (member.pk, {})
    for url in (
        reverse("admin:organizations_action_changelist"),
        reverse("admin:members_member_history", args=[member.pk]),
        page_of(member),
    ):
        page = body_of(client.get(url))
        assert [text for text in ("王秘书", REASON, "张一") if text not in page] == []
        assert NUMBER not in page


def test_the_number_is_on_no_other_page_message_history_or_log(client, home, member, caplog):
    sign_in(client, Role.SECRETARY, home)

    with caplog.at_level(logging.DEBUG):
        client.post(page_of(member, "reveal"), {"reason": REASON})
        pages = [
            body_of(client.get(url))
            for url in (
                page_of(member),
                page_of(member, "form"),
                reverse("admin:members_member_changelist"),
                reverse("admin:members_member_change", args=[member.pk]),
                page_of(member, "section", section="identity"),
                reverse("admin:members_member_history", args=[member.pk]),
                reverse("admin:organizations_action_changelist"),
                reverse("admin:organizations_change_changelist"),
                reverse("admin:index"),
            )
        ]

    kept = [str(row) for model in (Action, Change, LogEntry) for row in model.objects.values()]
    kept += [str(session.get_decoded()) for session in Session.objects.all()]
    said = [
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db.backends")
    ]
    assert [text for text in pages + kept + said if NUMBER in text] == []


@pytest.mark.parametrize("reason", ["", " ", "abc", "\x00\x00\x00\x00", "长" * 201])
def test_without_a_proper_reason_nothing_is_shown_and_nothing_recorded(client, home, member, reason):
    sign_in(client, Role.SECRETARY, home)

    refused = client.post(page_of(member, "reveal"), {"reason": reason})

    assert refused.status_code == 422
    assert NUMBER not in body_of(refused)
    assert not Action.objects.filter(kind=Action.Kind.REVEAL).exists()


def test_a_get_with_a_reason_shows_nothing(client, home, member):
    sign_in(client, Role.SECRETARY, home)

    pages = [body_of(client.get(page_of(member, name), {"reason": REASON})) for name in ("reveal", "form")]

    assert [NUMBER in page for page in pages] == [False, False]
    assert not Action.objects.filter(kind=Action.Kind.REVEAL).exists()


@pytest.mark.parametrize("name", ["reveal", "form"])
def test_who_does_not_read_identity_there_gets_nothing(client, home, member, name):
    answers = []
    user = sign_in(client, Role.SECRETARY, make_association())
    answers.append(client.post(page_of(member, name), {"reason": REASON}).status_code)
    grant(user, Role.VIEWER, home)
    client.force_login(user)
    answers.append(client.post(page_of(member, name), {"reason": REASON}).status_code)

    assert answers == [404, 403]
    assert not Action.objects.filter(kind=Action.Kind.REVEAL).exists()


def test_an_hour_has_a_limit_for_each_person(client, home, member, settings):
    settings.REVEALS_AN_HOUR = 2
    sign_in(client, Role.SECRETARY, home)
    pages = [client.post(page_of(member, "reveal"), {"reason": REASON}) for _ in range(3)]
    sign_in(client, Role.SECRETARY, home)
    colleague = client.post(page_of(member, "reveal"), {"reason": REASON})

    assert [page.status_code for page in pages] == [200, 200, 422]
    assert NUMBER not in body_of(pages[2])
    assert "您一小时内已查看 2 个身份证号" in body_of(pages[2])
    assert NUMBER in body_of(colleague)


def test_a_member_without_a_number_has_nothing_to_show(client, home):
    member = make_member("张二", association=home)
    sign_in(client, Role.SECRETARY, home)

    page = client.get(page_of(member, "reveal"))
    asked = client.post(page_of(member, "reveal"), {"reason": REASON})

    assert "未登记身份证号" in body_of(page)
    assert asked.status_code == 200
    assert not Action.objects.filter(kind=Action.Kind.REVEAL).exists()
