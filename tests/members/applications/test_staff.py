"""The staff's queue and page: who sees what, first review, decision of the meeting, announcement, number and card."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.applications import applying, introducing
from members.applications.deciding import pass_review
from members.codes import Status
from members.models import Application, Consent, Introduction, Member, MemberCard, NumberSeries
from members.rights import Role
from members.waiting import waiting
from organizations.meetings.effects import effect_of
from organizations.meetings.resolving import carry_out, save_resolution, take_back
from organizations.models import Meeting, Resolution
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_term,
    make_user,
)  # fmt: skip
from tests.members.applications.people import (
    ANSWERS,
    MOBILE,
    make_draft,
    make_open_association,
    make_submitted,
    today,
)
from tests.members.screens import body_of, form_data, messages_of, section_of, sign_in

pytestmark = pytest.mark.django_db
State = Application.State
QUEUE = reverse("members:applications")


@pytest.fixture
def home():
    return make_open_association()


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def decide(client, application, do, **data):
    application.refresh_from_db()
    data = {f"{do}-{key}": value for key, value in data.items()}
    return client.post(
        application.get_absolute_url(), {"do": do, f"{do}-version": application.version, **data}
    )


def reviewed(home, **answers):
    application = make_submitted(home, **answers)
    return pass_review(application, version=application.version, actor=make_user())


def resolution_of(home, *members):
    """A resolution of today's meeting of the council that admits `members` from today on."""
    meeting = Meeting.objects.first()
    if meeting is None:
        body = make_body(association=home)
        term = make_term(body, starts_on=dt.date(2024, 1, 1))
        make_appointment(make_member("张三", association=home), term=term)
        meeting = make_meeting(body, on=today(), held=True)
    plan = {"members": [member.pk for member in members], "on": today().isoformat()}
    resolution = Resolution(kind="admit", title="吸收新会员", is_passed=True, plan=plan)
    return save_resolution(meeting, resolution)


# -- who sees what


def test_only_who_edits_members_sees_applications(client, home):
    application = make_submitted(home)
    address = application.get_absolute_url()
    for role, status in [
        (Role.VIEWER, 403),
        (Role.SUPERVISOR, 403),
        (Role.DEPARTMENT, 403),
        (Role.MEMBER, 403),
    ]:
        sign_in(client, role, home)
        assert [client.get(each).status_code for each in (QUEUE, address)] == [status, status]
        assert decide(client, application, "return", answer="x").status_code == status
    sign_in(client, Role.SECRETARY, make_association())
    assert "赵六" not in body_of(client.get(QUEUE))
    assert client.get(address).status_code == 404
    assert decide(client, application, "return", answer="x").status_code == 404
    assert client.get(reverse("members:announcement", args=[home.pk])).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_the_secretary_of_one_body_sees_none(client, home):
    application = make_submitted(home)
    user = make_user()
    grant(user, Role.SECRETARY, home, body=make_body(association=home))
    client.force_login(user)

    assert client.get(QUEUE).status_code == 403
    assert client.get(application.get_absolute_url()).status_code == 403


def test_drafts_are_their_authors_alone(client, home, secretary):
    draft = make_draft(home)

    assert "赵六" not in body_of(client.get(f"{QUEUE}?q=赵"))
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_the_queue_counts_and_is_searched(client, home, secretary):
    make_submitted(home)
    make_submitted(home, name="钱七")
    page = client.get(QUEUE)
    assert (str(page.context["tabs"][0]["label"]), page.context["tabs"][0]["count"]) == ("已提交", 2)
    assert [row.name for row in page.context["rows"]] == ["钱七", "赵六"]
    assert [row.name for row in client.get(f"{QUEUE}?q=钱").context["rows"]] == ["钱七"]
    assert "这里没有申请" in body_of(client.get(f"{QUEUE}?state=refused"))
    for bad in ("state=x", "before=x", "before=99999999999999999999", "association=x", "q=%00"):
        assert client.get(f"{QUEUE}?{bad}").status_code == 200


def test_the_queue_takes_the_same_number_of_queries(client, home, secretary):
    def queries():
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as found:
            client.get(QUEUE)
        return len(found)

    make_submitted(home)
    one = queries()
    for name in ("钱七", "孙八"):
        make_submitted(home, name=name)
    assert queries() == one


def test_the_page_masks_the_number_and_tells_of_records_alike(client, home, secretary):
    known = make_member("赵六", association=home, mobile=MOBILE, number="7")
    application = make_submitted(home)

    page = client.get(application.get_absolute_url())

    text = body_of(page)
    assert ANSWERS["id_number"] not in text
    assert f"{ANSWERS['id_number'][:6]}********{ANSWERS['id_number'][-4:]}" in text
    assert [member for member, _why in page.context["alike"]] == [known]
    assert known.get_absolute_url() in text


def test_what_waits_stands_on_the_workbench(client, home, secretary):
    assert waiting(secretary, {home.pk}) == []
    make_submitted(home)

    assert [found.text for found in waiting(secretary, {home.pk})] == ["1份入会申请待初审"]
    assert "1份入会申请待初审" in body_of(client.get("/admin/"))
    stranger = make_user()
    grant(stranger, Role.VIEWER, home)
    assert waiting(stranger, {home.pk}) == []


# -- the first review


def test_returned_with_an_answer(client, home, secretary):
    application = make_submitted(home)
    assert decide(client, application, "return", answer="").status_code == 422

    decide(client, application, "return", answer="请补充学历")

    application.refresh_from_db()
    assert (application.state, application.answer, application.decided_by) == (
        State.RETURNED, "请补充学历", secretary,
    )  # fmt: skip


def test_the_applicant_gets_a_letter_without_link_or_answer(
    home, django_capture_on_commit_callbacks, client, secretary
):
    application = make_submitted(home)
    with django_capture_on_commit_callbacks(execute=True):
        decide(client, application, "refuse", answer="不符合章程第八条")

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["zhaoliu@example.org"], "您的入会申请：未通过")
    assert application.token not in letter.body
    assert "章程" not in letter.body


def test_passing_makes_a_record_of_the_status_applied(client, home, secretary):
    application = make_submitted(home)

    decide(client, application, "pass")

    application.refresh_from_db()
    member = application.member
    assert (application.state, member.status, member.name, member.id_number, str(member.employer)) == (
        State.REVIEWED, Status.APPLIED, "赵六", ANSWERS["id_number"], "重庆某某传媒有限公司",
    )  # fmt: skip
    assert [(step.status, step.on) for step in member.status_changes.all()] == [
        (Status.APPLIED, today().isoformat())
    ]
    consent = member.consents.get()
    assert (consent.purpose, consent.way, consent.notice) == (
        Consent.Purpose.NOTICE, Consent.Way.APPLICATION, application.notice,
    )  # fmt: skip
    assert "待会议审议" in body_of(client.get(application.get_absolute_url()))


def test_with_too_few_introducers_a_reason_is_needed_and_kept(client, home, secretary):
    home.introducers = 2
    home.save()
    application = make_submitted(home)
    introducing.enter_introducer(application, make_member("李四", association=home))
    assert "1名已确认" in body_of(decide(client, application, "pass"))

    decide(client, application, "pass", reason="副会长推荐")

    application.refresh_from_db()
    assert application.state == State.REVIEWED
    assert "介绍人1/2，初审通过：副会长推荐" in body_of(client.get(application.get_absolute_url()))


def test_somebody_in_force_with_that_number_stands_in_the_way(client, home, secretary):
    make_member("赵六", association=home, id_number=ANSWERS["id_number"])
    application = make_submitted(home)

    page = decide(client, application, "pass")

    assert page.status_code == 422
    assert "证件号码" in str(page.context["forms"][0].errors)
    assert Member.objects.count() == 1


def test_who_left_applies_again_under_the_old_record(client, home, secretary):
    old = make_member("赵六", association=home, id_number=ANSWERS["id_number"], status=Status.WITHDRAWN,
                      number="JJ20190001", wechat="old")  # fmt: skip
    application = make_submitted(home)

    decide(client, application, "pass", record=str(old.pk))

    old.refresh_from_db()
    application.refresh_from_db()
    assert (application.member, old.status, old.mobile, old.wechat) == (old, Status.APPLIED, MOBILE, "old")


def test_of_two_who_decide_the_second_is_told(client, home, secretary):
    application = make_submitted(home)
    seen = application.version
    decide(client, application, "return", answer="请补充")

    late = {"do": "pass", "pass-version": seen}
    page = client.post(application.get_absolute_url(), late)

    assert "已有变化" in body_of(page)
    assert not Member.objects.exists()
    application.refresh_from_db()
    applying.submit(application, version=application.version)
    assert "已有变化" in body_of(client.post(application.get_absolute_url(), late))


def test_introducers_on_paper(client, home, secretary):
    application = make_submitted(home)
    one = make_member("李四", association=home, number="7")
    make_member("李四", association=home, number="8")
    make_member("外人", association=make_association())
    for who, said in [("外人", "没有这一姓名或编号"), ("李四", "7、8")]:
        assert said in body_of(decide(client, application, "introducer", who=who))

    decide(client, application, "introducer", who="7", opinion="同意")

    assert [(each.member, each.state, each.opinion) for each in application.introductions.all()] == [
        (one, Introduction.State.CONFIRMED, "同意")
    ]


# -- the meeting


def test_the_resolution_admits_with_number_and_card(client, home, secretary):
    application = reviewed(home)
    resolution = resolution_of(home, application.member)
    assert effect_of(resolution).lines(resolution)[-1] == "依次编会员编号"

    carry_out(resolution, actor=secretary)

    application.refresh_from_db()
    member = application.member
    number = f"JJ{today().year}0001"
    assert (application.state, member.status, member.number) == (State.ADMITTED, Status.ACTIVE, number)
    assert (application.resolution, member.joined) == (resolution, today().isoformat())
    assert member.status_changes.get(status=Status.ACTIVE).resolution == resolution
    assert MemberCard.objects.get().member == member
    page = body_of(client.get(reverse("application_draft", args=[application.token])))
    assert number in page


def test_taking_it_back_keeps_the_number_for_the_same_person(home, secretary):
    application = reviewed(home)
    resolution = resolution_of(home, application.member)
    carry_out(resolution, actor=secretary)

    take_back(resolution, actor=secretary)

    application.refresh_from_db()
    member = application.member
    assert (application.state, member.status, member.number, MemberCard.objects.count()) == (
        State.REVIEWED, Status.APPLIED, "", 0,
    )  # fmt: skip
    other = resolution_of(home, make_member(association=home, status=Status.APPLIED))
    carry_out(other, actor=secretary)
    carry_out(resolution, actor=secretary)
    member.refresh_from_db()
    assert member.number == f"JJ{today().year}0001"
    assert NumberSeries.objects.get().last == 2


def test_an_announced_admission_becomes_final_after_it(client, home, secretary):
    home.notice_days = 7
    home.save()
    application = reviewed(home)
    resolution = resolution_of(home, application.member)
    assert "公示7天" in effect_of(resolution).lines(resolution)[0]

    carry_out(resolution, actor=secretary)

    application.refresh_from_db()
    assert (application.state, application.member.status) == (State.NOTICE, Status.APPLIED)
    assert application.announced_until == today() + dt.timedelta(days=6)
    paper = body_of(client.get(reverse("members:announcement", args=[home.pk])))
    assert [text in paper for text in ("赵六", "重庆某某传媒有限公司", MOBILE, "群众")] == [
        True,
        True,
        False,
        False,
    ]
    decide(client, application, "objection", text="李四：有异议")
    assert "李四：有异议" in body_of(client.get(application.get_absolute_url()))
    assert "admit" not in [form.key for form in client.get(application.get_absolute_url()).context["forms"]]

    past = today() - dt.timedelta(days=1)
    Application.objects.update(announced_on=past - dt.timedelta(days=6), announced_until=past)
    assert waiting(secretary, {home.pk})[0].is_late
    assert decide(client, application, "admit", on=past.isoformat()).status_code == 422
    decide(client, application, "admit", on=today().isoformat())

    application.refresh_from_db()
    assert (application.state, application.member.status) == (State.ADMITTED, Status.ACTIVE)
    assert application.member.status_changes.get(status=Status.ACTIVE).resolution == resolution
    assert application.member.number


def test_who_was_entered_by_hand_is_announced_too(home, secretary):
    home.notice_days = 3
    home.save()
    member = make_member(association=home, status=Status.APPLIED)

    resolution = carry_out(resolution_of(home, member), actor=secretary)
    assert member.application.state == State.NOTICE

    take_back(resolution, actor=secretary)
    assert not Application.objects.exists()


def test_admitted_on_paper(client, home, secretary):
    application = reviewed(home)
    future = (today() + dt.timedelta(days=1)).isoformat()
    assert decide(client, application, "paper", on=future, decided_by="理事会").status_code == 422

    decide(client, application, "paper", on=today().isoformat(), decided_by="理事会", document="2号")

    application.refresh_from_db()
    step = application.member.status_changes.get(status=Status.ACTIVE)
    assert (application.state, step.decided_by, step.document) == (State.ADMITTED, "理事会", "2号")


def test_who_was_registered_by_hand_is_offered_a_number_and_the_application_closed(client, home, secretary):
    application = reviewed(home)
    member = application.member
    page = client.get(section_of(member, "association"))
    answer = client.post(
        section_of(member, "association"),
        form_data(page, **{
            "status_changes-1-status": Status.ACTIVE, "status_changes-1-on": today().isoformat(),
            "status_changes-TOTAL_FORMS": "2",
        }),
    )  # fmt: skip
    assert reverse("members:number", args=[member.pk]) in " ".join(messages_of(answer))

    decide(client, application, "settle")

    application.refresh_from_db()
    assert application.state == State.ADMITTED


def test_refused_by_the_meeting_the_record_is_gone(client, home, secretary):
    application = reviewed(home)

    decide(client, application, "refuse", answer="会议未通过")

    application.refresh_from_db()
    assert (application.state, application.member, Member.objects.count()) == (State.REFUSED, None, 0)


def test_refused_again_who_was_a_member_stays_as_before(client, home, secretary):
    old = make_member("赵六", association=home, status=Status.WITHDRAWN)
    old.status_changes.create(status=Status.WITHDRAWN, on="2020-01-01")
    application = make_submitted(home)
    decide(client, application, "pass", record=str(old.pk))

    decide(client, application, "refuse", answer="会议未通过")

    old.refresh_from_db()
    assert (old.status, old.status_changes.count()) == (Status.WITHDRAWN, 1)


def test_who_withdraws_before_the_meeting_leaves_the_register(home):
    application = reviewed(home)

    applying.withdraw(application)

    assert Member.objects.count() == 0


# -- numbers by hand


def test_a_member_without_number_gets_one_by_a_button(client, home, secretary):
    member = make_member(association=home, joined="2025-03")
    address = reverse("members:number", args=[member.pk])
    assert "JJ20250001" in body_of(client.get(address))

    client.post(address)

    member.refresh_from_db()
    assert member.number == "JJ20250001"
    assert client.post(address).status_code == 302
    sign_in(client, Role.SECRETARY, make_association())
    assert client.get(address).status_code == 404
    sign_in(client, Role.VIEWER, home)
    assert client.get(address).status_code == 403


def test_missing_numbers_are_planned_then_given(client, home):
    sign_in(client, Role.MANAGER, home)
    names = [("王五", "2024-05"), ("丁一", ""), ("李四", "2023")]
    for name, joined in names:
        make_member(name, association=home, joined=joined)
    make_member(association=home, status=Status.WITHDRAWN)
    address = reverse("members:numbers")
    page = client.get(address)
    year = today().year
    assert [(member.name, number) for member, number in page.context["plan"]] == [
        ("李四", "JJ20230001"), ("王五", "JJ20240001"), ("丁一", f"JJ{year}0001"),
    ]  # fmt: skip
    assert not Member.objects.exclude(number="").exists()

    stale = client.post(address, {"association": home.pk, "planned": "x"})
    assert "请重新核对" in messages_of(stale)[0]
    client.post(address, {"association": home.pk, "planned": page.context["mark"]})

    assert Member.objects.get(name="丁一").number == f"JJ{year}0001"
    assert "均已编号" in body_of(client.get(address))
    sign_in(client, Role.SECRETARY, home)
    assert client.get(address).status_code == 403
