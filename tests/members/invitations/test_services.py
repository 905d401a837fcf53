"""Inviting one and many: who gets an invitation, what becomes of earlier ones, letters and messages, the history."""

import datetime as dt
import smtplib

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from members import sms
from members.invitations import delivery, services
from members.invitations.services import (
    CannotInvite,
    disconnect_account,
    invite,
    invite_one,
    plan_invitations,
    revoke_invitation,
)
from members.models import Invitation, Member
from members.rights import Role
from members.sms import SmsNotSent
from organizations.models import Action, Change
from tests.make import grant, make_association, make_member, make_user
from tests.members.invitations.invited import SITE, make_invitation, states
from tests.members.screens import history_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(home):
    user = make_user(name="陈秘书")
    grant(user, Role.SECRETARY, home)
    return user


def reasons(plan):
    return {reason: [member.name for member in members] for reason, members in plan.left_out.items()}


def test_who_gets_no_invitation_and_why(home, actor):
    names = ["张一", "张二", "张三", "张四", "张五", "张六", "张七", "张八"]
    one, two, three, four, five, six, seven, eight = [
        make_member(name, association=home, email=f"m{number}@example.org")
        for number, name in enumerate(names)
    ]
    two.user = make_user()
    two.save()
    for member, status in ((three, "去世"), (four, "退会"), (five, "申请"), (six, "停权")):
        Member.objects.filter(pk=member.pk).update(status=status)
    Member.objects.filter(pk=seven.pk).update(anonymised_on=timezone.localdate())
    make_invitation(eight, actor=actor)
    make_member("外人", association=make_association(), email="out@example.org")
    make_member("无邮箱", association=home)

    plan = plan_invitations(list(Member.objects.order_by("pk")), way="email", actor=actor)

    assert [member.name for member in plan.to_change] == ["张一", "张六"]
    assert reasons(plan) == {
        "已有账号": ["张二"],
        "已去世": ["张三"],
        "已离会": ["张四"],
        "尚未入会": ["张五"],
        "该资料已匿名化。": ["张七"],
        "已有有效的邀请": ["张八"],
        "您无权修改": ["外人"],
        "未登记邮箱": ["无邮箱"],
    }
    assert one.name == "张一"


def test_an_invitation_is_good_for_as_long_as_the_association_says(home, actor):
    home.invitation_days = 3
    home.save()
    member = make_member(association=home)

    row = invite_one(member, way="link", actor=actor, site=SITE)

    assert row.expires_at - row.made_at == dt.timedelta(days=3)
    assert (row.made_by, row.sent_to, states(member)) == (actor, "", ["open"])


def test_a_new_invitation_revokes_the_one_before(home, actor):
    member = make_member(association=home)
    first = make_invitation(member)

    second = invite_one(member, way="link", actor=actor, site=SITE)

    assert states(member) == ["open", "revoked"]
    assert first.token != second.token


def test_in_bulk_good_ones_stay_unless_asked_for_anew(home, actor):
    member = make_member(association=home)
    make_invitation(member)

    kept = plan_invitations([member], way="link", actor=actor)
    anew = plan_invitations([member], way="link", actor=actor, anew=True)

    assert ([*kept.to_change], [*anew.to_change]) == ([], [member])
    assert kept.digest != anew.digest


def test_expired_ones_are_replaced_without_asking(home, actor):
    member = make_member(association=home)
    make_invitation(member, expired=True)

    plan = plan_invitations([member], way="link", actor=actor)
    invite(plan.to_change, way="link", actor=actor, site=SITE)

    assert states(member) == ["open", "revoked"]


def test_revoking_twice_is_revoking_once(home, actor):
    member = make_member(association=home)
    make_invitation(member)

    first, second = revoke_invitation(member, actor=actor), revoke_invitation(member, actor=actor)

    assert (first is not None, second, states(member)) == (True, None, ["revoked"])


def test_who_may_not_be_invited_raises_with_the_reason(home, actor):
    member = make_member(association=home, status="退会")

    with pytest.raises(CannotInvite, match="已离会"):
        invite_one(member, way="link", actor=actor, site=SITE)


def test_the_token_is_in_no_column_and_no_history_in_clear(home, actor):
    row = make_invitation(make_member(association=home), actor=actor)

    stored = Invitation.objects.values("token_digest", "sent_to").get()
    diffs = str(list(Change.objects.values_list("diff", flat=True)))

    assert row.token not in str(stored) and row.token.encode() not in bytes(row.token_sealed)
    assert row.token not in diffs and "token" not in diffs


# -- letters


def test_the_letter_says_who_where_how_long_and_whom_to_ask(
    home, actor, django_capture_on_commit_callbacks, settings
):
    home.data_contact = "王老师 023-00000000"
    home.save()
    member = make_member("欧阳一", association=home, email="ouyang@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        row = invite_one(member, way="email", actor=actor, site=SITE)
        assert mail.outbox == []

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["ouyang@example.org"], "【会员管理系统】江津联合会邀请您开通账号")
    until = timezone.localtime(row.expires_at)
    expected = [
        "欧阳一您好，江津联合会邀请您开通会员账号。",
        f"{SITE}/join/{row.token}/",
        f"有效期至{until.year}年{until.month}月{until.day}日 {until:%H:%M}",
        f"邀请码 {row.token}",
        f"{SITE}/join/\n",
        "王老师 023-00000000",
    ]
    assert [text for text in expected if text not in letter.body] == []
    row.refresh_from_db()
    assert (row.delivered_at is not None, row.failure, row.sent_to) == (True, "", "ouyang@example.org")


class Refusing(locmem.EmailBackend):
    """Refuses one address, as servers do."""

    def send_messages(self, messages):
        if messages[0].to == ["two@example.org"]:
            raise smtplib.SMTPRecipientsRefused({"two@example.org": (550, b"no such user")})
        return super().send_messages(messages)


class Gone(locmem.EmailBackend):
    asked = 0

    def send_messages(self, messages):
        Gone.asked += 1
        raise ConnectionRefusedError


def invite_three(home, actor, capture, way="email"):
    members = [make_member(association=home, email=f"{name}@example.org") for name in ("one", "two", "three")]
    with capture(execute=True):
        invite(members, way=way, actor=actor, site=SITE)
    rows = Invitation.objects.order_by("pk")
    return [(row.failure, row.delivered_at is not None, str(row.state)) for row in rows]


def test_what_the_mail_server_refuses_is_said_of_that_person_and_the_link_stays_good(
    home, actor, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"

    told = invite_three(home, actor, django_capture_on_commit_callbacks)

    assert told == [("", True, "open"), ("refused", False, "open"), ("", True, "open")]
    assert [letter.to for letter in mail.outbox] == [["one@example.org"], ["three@example.org"]]


def test_a_mail_server_out_of_reach_is_asked_once(home, actor, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND, Gone.asked = f"{__name__}.Gone", 0

    told = invite_three(home, actor, django_capture_on_commit_callbacks)

    assert told == [("unreachable", False, "open")] * 3
    assert Gone.asked == 1


def test_many_letters_are_left_to_the_worker(home, actor, django_capture_on_commit_callbacks):
    count = delivery.AT_ONCE + 1
    members = [make_member(association=home, email=f"m{number}@example.org") for number in range(count)]
    with django_capture_on_commit_callbacks(execute=True):
        made = invite(members, way="email", actor=actor, site=SITE)
    waiting = len(mail.outbox)

    task = DBTaskResult.objects.get()
    task.task.call(*task.args_kwargs["args"])
    task.task.call(*task.args_kwargs["args"])

    assert (waiting, len(mail.outbox), len(made)) == (0, count, count)
    assert not Invitation.objects.filter(delivered_at=None).exists()


def test_letters_of_revoked_invitations_do_not_go_out(home, actor):
    row = make_invitation(make_member(association=home, email="a@example.org"), way="email")
    revoke_invitation(row.member, actor=actor)

    delivery.deliver([row.pk], SITE)

    assert mail.outbox == []


# -- text messages


class Service:
    def __init__(self, works=True):
        self.works, self.asked, self.sent = works, 0, []

    def send(self, phone, text):
        self.asked += 1
        if not self.works:
            raise SmsNotSent("503")
        self.sent.append((phone, text))


def test_without_a_service_there_are_no_text_messages(settings):
    settings.SMS_SENDER = ""
    without = [way for way, _label in services.ways()]
    settings.SMS_SENDER = "console"

    assert without == ["link", "email", "sheet"]
    assert [way for way, _label in services.ways()] == ["link", "email", "sms", "sheet"]


@pytest.mark.parametrize("works", [True, False])
def test_text_messages_go_to_the_mobile_number(
    home, actor, settings, monkeypatch, works, django_capture_on_commit_callbacks
):
    service = Service(works)
    settings.SMS_SENDER = "console"
    monkeypatch.setitem(sms.SENDERS, "console", lambda: service)
    member = make_member(association=home, mobile="138 0000 0009")

    with django_capture_on_commit_callbacks(execute=True):
        row = invite_one(member, way="sms", actor=actor, site=SITE)

    row.refresh_from_db()
    assert (row.sent_to, row.failure) == ("13800000009", "" if works else "other")
    if works:
        [(phone, text)] = service.sent
        assert phone == "13800000009"
        assert text.startswith(f"江津联合会邀请您开通会员账号：{SITE}/join/{row.token}/")


# -- history and statements


def test_history_tells_of_each_step_in_words(client, secretary, home):
    member = make_member(association=home)
    invite_one(member, way="sheet", actor=secretary, site=SITE)
    revoke_invitation(member, actor=secretary)

    page = client.get(history_url(member)).content.decode()
    notes = list(Action.objects.filter(actor=secretary).order_by("pk").values_list("note", flat=True))
    assert notes[-2:] == ["邀请开通账号（打印邀请单）", "撤回邀请"]
    assert [note for note in notes[-2:] if note not in page] == []
    assert "作废时间" in page


def test_bulk_leaves_the_history_of_one_by_one_in_as_many_statements(home, actor):
    ContentType.objects.get_for_models(Member, Invitation)
    assert actor.rights.associations
    counts = []
    for size in (1, 30):
        members = [make_member(association=home) for _ in range(size)]
        for member in members[:1]:
            make_invitation(member)
        with CaptureQueriesContext(connection) as captured:
            plan = plan_invitations(members, way="link", actor=actor, anew=True)
            invite(plan.to_change, way="link", actor=actor, site=SITE)
        counts.append(len(captured))
        action = Action.objects.order_by("pk").last()
        assert sorted(action.changes.values_list("kind", flat=True)) == ["+"] * size + ["~"]

    assert counts[0] == counts[1]


# -- the account taken off


def test_a_disconnected_account_stays_and_the_member_can_be_invited_anew(home, actor):
    user = make_user()
    member = make_member(association=home, user=user)

    gone = disconnect_account(member, actor=actor)

    member.refresh_from_db()
    assert (gone, member.user, user.is_active) == (user, None, True)
    assert Change.objects.of(member).order_by("pk").last().diff == {"user": [user.pk, None]}
    assert invite_one(member, way="link", actor=actor, site=SITE).state == "open"
    assert disconnect_account(member, actor=actor) is None
