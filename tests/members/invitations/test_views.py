"""The staff's pages: who may, the list by state, inviting many, one member's account, the cards on paper."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.invitations.services import disconnect_account, revoke_invitation
from members.models import Invitation, Member, Viewing
from members.rights import Role
from organizations.models import Action, Body
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_term, make_user
from tests.members.invitations.invited import make_invitation, states
from tests.members.screens import body_of, messages_of, page_of, sign_in

pytestmark = pytest.mark.django_db

LIST, NEW, SHEET = (reverse(f"members:{name}") for name in ("invitations", "invite", "invitation_sheet"))
MEMBERS = reverse("admin:members_member_changelist")


def account_of(member, name="invitation"):
    return reverse(f"members:{name}", args=[member.pk])


def pages(member):
    """{name: (method, address)} of all pages of invitations."""
    posts = ("invite_one", "invitation_revoke", "account_disconnect")
    return {
        "list": ("get", LIST),
        "new": ("get", NEW),
        "sheet": ("get", SHEET),
        "one": ("get", account_of(member)),
        **{name: ("post", account_of(member, name)) for name in posts},
    }


def answers(client, member):
    return {
        name: getattr(client, method)(address, {"way": "link"} if method == "post" else None).status_code
        for name, (method, address) in pages(member).items()
    }


def listed(response):
    return [member.name for member, _row, _state in response.context["rows"]]


def confirm(client, address, **data):
    """From the form to the summary to the doing; the last response."""
    summary = client.post(address, data)
    return client.post(address, data | {"confirmed": summary.context["plan"].digest})


# -- rights


def test_strangers_are_sent_to_sign_in(client, home):
    found = answers(client, make_member(association=home))

    assert found == dict.fromkeys(found, 302)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPERVISOR, Role.DEPARTMENT, Role.MEMBER])
def test_who_does_not_edit_gets_no_further(client, home, role):
    member = make_member(association=home)
    sign_in(client, role, home)

    found = answers(client, member)

    assert set(found.values()) == {403}
    if role in (Role.VIEWER, Role.SUPERVISOR):
        assert account_of(member) not in client.get(page_of(member)).content.decode()


def test_a_secretary_of_one_body_does_not_invite(client, home):
    body = make_body(Body.Kind.COUNCIL, association=home)
    member = make_member(association=home)
    make_appointment(member, term=make_term(body))
    user = make_user()
    grant(user, Role.SECRETARY, home, body=body)
    client.force_login(user)

    assert set(answers(client, member).values()) == {403}


def test_members_elsewhere_are_out_of_sight(client, secretary):
    other = make_member("外人", association=make_association())
    make_invitation(other)

    found = answers(client, other)

    assert {found[name] for name in ("one", "invite_one", "invitation_revoke", "account_disconnect")} == {404}
    assert states(other) == ["open"]
    for address in (LIST + "?state=open", f"{SHEET}?of=invitations&state=open", f"{SHEET}?ids={other.pk}"):
        assert "外人" not in client.get(address).content.decode()


def test_in_sight_without_the_right_to_edit_is_refused(client, secretary, home):
    other = make_association()
    grant(secretary, Role.VIEWER, other)
    member = make_member(association=other)

    assert client.get(account_of(member)).status_code == 403
    assert client.post(account_of(member, "invite_one"), {"way": "link"}).status_code == 403
    assert not Invitation.objects.exists()


def test_only_managers_disconnect(client, secretary, home):
    member = make_member(association=home, user=make_user())

    shown = body_of(client.get(account_of(member)))
    sent = client.post(account_of(member, "account_disconnect"), {"sure": "1"})

    assert "解除账号关联" not in shown
    assert (sent.status_code, Member.objects.get(pk=member.pk).user_id) == (403, member.user_id)


# -- the list


@pytest.fixture
def everybody(home):
    """One member in each state."""
    found = {name: make_member(name, association=home) for name in ("新", "待", "过", "撤", "用", "解", "退")}
    make_invitation(found["待"])
    make_invitation(found["过"], expired=True)
    make_invitation(found["撤"])
    revoke_invitation(found["撤"], actor=make_user())
    Member.objects.filter(pk=found["用"].pk).update(user=make_user())
    used = make_invitation(found["解"])
    Invitation.objects.filter(pk=used.pk).update(used_at=used.made_at)
    make_invitation(found["退"])
    Member.objects.filter(pk=found["退"].pk).update(status="退会")
    return found


def test_each_member_is_in_one_state(client, secretary, everybody):
    tabs = {tab["label"]: tab["count"] for tab in client.get(LIST).context["tabs"]}
    found = {
        state: sorted(listed(client.get(LIST, {"state": state})))
        for state in ("none", "open", "expired", "revoked", "used")
    }

    assert found == {
        "none": sorted(["新", "解"]),
        "open": ["待"],
        "expired": ["过"],
        "revoked": ["撤"],
        "used": ["用"],
    }
    assert tabs == {"未邀请": 2, "已邀请": 1, "邀请已过期": 1, "邀请已撤回": 1, "已开通": 1}


def test_the_list_is_searched_within_a_state(client, secretary, everybody):
    assert listed(client.get(LIST, {"state": "none", "q": "新"})) == ["新"]
    assert "没有符合条件的会员" in body_of(client.get(LIST, {"state": "open", "q": "新"}))


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x"},
        {"q": "长" * 500},
        {"after": "x"},
        {"made": "昨天"},
        {"made": "2026-13-01"},
        {"q": "\x00"},
    ],
)
def test_the_list_bears_bad_addresses(client, secretary, everybody, query):
    assert client.get(LIST, query).status_code == 200


def test_long_lists_go_on_with_the_next_page(client, secretary, home):
    for number in range(52):
        make_member(f"张{number:02}", association=home)

    first = client.get(LIST)
    second = client.get(LIST + first.context["next"])

    assert (len(listed(first)), len(listed(second))) == (50, 2)
    assert not set(listed(first)) & set(listed(second))


def test_list_takes_as_many_statements_for_three_as_for_one(client, secretary, home):
    client.get(LIST)
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_invitation(make_member(association=home))
        with CaptureQueriesContext(connection) as captured:
            assert len(listed(client.get(LIST, {"state": "open"}))) >= number
        counts.append(len(captured))

    assert counts[0] == counts[1]


# -- many at once


def test_from_the_list_of_members_with_the_rows_ticked_or_all(client, secretary, home):
    members = [make_member(name, association=home) for name in ("张一", "张二", "李三")]
    ticked = {"action": "invite_selected", "_selected_action": [members[0].pk, members[2].pk]}

    some = client.post(MEMBERS, ticked)
    whole = client.post(f"{MEMBERS}?q=张", ticked | {"select_across": "1"})

    assert some.url.startswith(NEW)
    assert int(client.get(some.url).context["count"]) == 2
    assert int(client.get(whole.url).context["count"]) == 2


def test_who_may_not_invite_has_no_such_action(client, home):
    make_member(association=home)
    sign_in(client, Role.VIEWER, home)

    actions = [value for value, _label in client.get(MEMBERS).context["action_form"].fields["action"].choices]

    assert "invite_selected" not in actions


def test_summary_says_who_and_who_not_and_does_nothing(client, secretary, everybody):
    ids = ",".join(str(member.pk) for member in everybody.values())
    response = client.post(f"{NEW}?ids={ids}", {"way": "link"})

    assert {part["reason"]: part["count"] for part in response.context["summary"]} == {
        "": 4,
        "已有有效的邀请": 1,
        "已有账号": 1,
        "已离会": 1,
    }
    assert Invitation.objects.count() == 5


def test_inviting_by_email_says_what_became_of_the_letters(
    client, secretary, home, django_capture_on_commit_callbacks
):
    for name in ("one", "two"):
        make_member(association=home, email=f"{name}@example.org")
    make_member("无邮箱", association=home)

    with django_capture_on_commit_callbacks(execute=True):
        response = confirm(client, f"{NEW}?of=invitations&state=none&all=1", way="email")
    page = client.get(response.url)

    assert sorted(letter.to[0] for letter in mail.outbox) == ["one@example.org", "two@example.org"]
    assert all("http://testserver/join/" in letter.body for letter in mail.outbox)
    assert page.context["made"] | {"way": ""} == {
        "total": 2,
        "delivered": 2,
        "failed": 0,
        "waiting": 0,
        "way": "",
        "is_sent": True,
    }
    assert "已邀请 2 人" in body_of(page)
    action = Action.objects.order_by("pk").last()
    assert (action.actor, action.note, action.changes.count()) == (secretary, "邀请开通账号（电子邮件）", 2)


def test_sent_twice_invites_once(client, secretary, home):
    member = make_member(association=home)
    summary = client.post(f"{NEW}?ids={member.pk}", {"way": "link", "anew": "on"})
    data = {"way": "link", "anew": "on", "confirmed": summary.context["plan"].digest}

    client.post(f"{NEW}?ids={member.pk}", data)
    again = client.post(f"{NEW}?ids={member.pk}", data)

    assert again.context["has_moved_on"]
    assert states(member) == ["open"]


@pytest.mark.parametrize("data", [{}, {"way": ""}, {"way": "pigeon"}])
def test_a_way_must_be_chosen(client, secretary, home, data):
    member = make_member(association=home)

    response = client.post(f"{NEW}?ids={member.pk}", data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["way"])


def test_nobody_chosen_is_said(client, secretary):
    assert "未选择" in body_of(client.get(f"{NEW}?ids=")) or "没有选" in body_of(client.get(f"{NEW}?ids="))


# -- one member


def test_the_page_of_the_member_leads_to_the_account(client, secretary, home):
    member = make_member(association=home)
    not_yet = body_of(client.get(page_of(member)))
    make_invitation(member)
    invited = body_of(client.get(page_of(member)))
    Member.objects.filter(pk=member.pk).update(user=make_user())
    joined = body_of(client.get(page_of(member)))

    assert account_of(member) in not_yet
    assert ["未邀请" in not_yet, "已邀请" in invited, "从未登录" in joined] == [True] * 3


def test_a_link_is_made_shown_and_taken_back(client, secretary, home):
    member = make_member("欧阳一", association=home)
    made = client.post(account_of(member, "invite_one"), {"way": "link"})
    said = messages_of(made)
    row = Invitation.objects.get()
    page = body_of(client.get(made.url))
    gone = messages_of(client.post(account_of(member, "invitation_revoke")))

    assert said == ["欧阳一的邀请链接已生成。"]
    assert f"http://testserver/join/{row.token}/" in page and "<svg" in page
    assert "欧阳一您好，江津联合会邀请您开通会员账号" in page
    assert gone == ["已撤回欧阳一的邀请。"]
    assert row.token not in body_of(client.get(made.url))
    assert Viewing.objects.filter(member=member, user=secretary).exists()


def test_ways_are_those_that_reach_the_member(client, secretary, home, settings):
    settings.SMS_SENDER = "console"
    bare = make_member(association=home, mobile="")
    full = make_member(association=home, email="a@example.org")

    found = [
        [way for way, _label, _to in client.get(account_of(each)).context["ways"]] for each in (bare, full)
    ]

    assert found == [["link", "sheet"], ["link", "email", "sms", "sheet"]]


def test_who_gets_none_is_told_why_on_the_page_and_in_the_answer(client, secretary, home):
    member = make_member("张三", association=home, status="退会")

    page = body_of(client.get(account_of(member)))
    said = messages_of(client.post(account_of(member, "invite_one"), {"way": "link"}))

    assert "不能邀请张三" in page and "已离会" in page
    assert said == ["张三：已离会"]


def test_an_unknown_way_is_refused(client, secretary, home):
    assert (
        client.post(account_of(make_member(association=home), "invite_one"), {"way": "x"}).status_code == 404
    )


def test_a_manager_disconnects_after_a_tick(client, home):
    sign_in(client, Role.MANAGER, home)
    user = make_user()
    member = make_member("张三", association=home, user=user)

    unsure = messages_of(client.post(account_of(member, "account_disconnect")))
    still = Member.objects.get(pk=member.pk).user
    client.get(account_of(member))
    sure = messages_of(client.post(account_of(member, "account_disconnect"), {"sure": "1"}))

    assert (unsure, still) == (["请勾选确认。"], user)
    assert sure == ["已解除张三的账号关联。"]
    assert Member.objects.get(pk=member.pk).user is None


def test_after_disconnecting_the_used_link_stays_used(client, home):
    member = make_member(association=home, user=make_user())
    row = Invitation.objects.filter(member=member)
    disconnect_account(member, actor=make_user())

    assert not row.exists()
    assert make_invitation(member).state == "open"


# -- on paper


def test_cards_of_good_invitations_only(client, secretary, everybody):
    ids = ",".join(str(member.pk) for member in everybody.values())
    response = client.get(f"{SHEET}?ids={ids}")

    [card] = response.context["cards"]
    page = body_of(response)
    assert card["member"].name == "待"
    assert card["row"].token in page
    assert "http://testserver/join/" in re.sub(r"<[^>]+>", "", page)
    assert page.count("<svg") - page.count('<svg class="icon"') == 1


def test_cards_of_a_list_and_of_those_just_invited(client, secretary, home):
    members = [make_member(association=home) for _ in range(3)]
    make_invitation(members[0])
    response = confirm(client, f"{NEW}?ids={members[1].pk},{members[2].pk}", way="sheet")
    made = client.get(response.url).context["listed"].made

    of_state = client.get(SHEET, {"of": "invitations", "state": "open"}).context["cards"]
    of_moment = client.get(SHEET, {"of": "invitations", "made": made}).context["cards"]

    assert (len(of_state), len(of_moment)) == (3, 2)


def test_sheet_takes_as_many_statements_for_three_as_for_one(client, secretary, home):
    client.get(SHEET)
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_invitation(make_member(association=home))
        with CaptureQueriesContext(connection) as captured:
            client.get(SHEET, {"of": "invitations", "state": "open"})
        counts.append(len(captured))

    assert counts[0] == counts[1]
