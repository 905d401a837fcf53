"""Papers out of the records: what stands in them, for whom, and what the log of exports says."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.export import last_columns
from members.resources import HEADERS
from members.rights import HIDDEN, Role
from organizations.meetings.holding import (
    Entry,
    add_observer,
    hold_meeting,
    new_vote,
    record_attendance,
    save_item,
    save_vote,
)
from organizations.models import Action, AgendaItem, Attendance, Body, Resolution
from organizations.papers.contexts import bodies, meetings
from organizations.papers.contexts.common import MEMBER_FIELDS
from organizations.papers.kinds import KINDS, schema
from organizations.papers.offers import SOURCES, offers
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_id_number,
    make_meeting,
    make_member,
    make_term,
    make_user,
)
from tests.members.screens import sign_in
from tests.organizations.papers.documents import paragraphs, pdf_sizes, pdf_text, rows

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 20)
P = Attendance.Presence


@pytest.fixture
def home():
    return make_association("某区新专联", short_name="新专联", credit_code="51500116MJ00000182")


@pytest.fixture
def council(home):
    return make_body(association=home, name="理事会")


@pytest.fixture
def term(council):
    return make_term(council, starts_on=dt.date(2024, 12, 24))


@pytest.fixture
def president(term):
    member = make_member(
        "王一",
        sex="女",
        birth="1975-03-02",
        political_status="群众",
        employer="某某律师事务所",
        position="主任",
        mobile="13800000001",
        id_number=make_id_number(2),
    )
    make_appointment(member, "会长", term=term)
    return member


@pytest.fixture
def secretary(home):
    user = make_user(name="李秘书", phone="13900000009")
    grant(user, Role.SECRETARY, home)
    return user


def shape(value):
    """The names in a context, as `kinds.schema` gives those of a kind; None of an empty list."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return shape(value[0]) if value else []
    return None


def assert_fits(filled, kind):
    """Every field of the kind has a value; rows may have more, which no template asks for."""
    missing = []

    def compare(wanted, found, path=""):
        for name, inner in wanted.items():
            if name not in found:
                missing.append(path + name)
            elif inner:
                for row in found[name]:
                    compare(inner, row, f"{path}{name}.")

    compare(schema(KINDS[kind].fields), filled.context)
    assert missing == []


def test_headings_are_those_of_exports():
    assert dict(MEMBER_FIELDS.values()) == {key: HEADERS[key] for key, _heading in MEMBER_FIELDS.values()}


# -- bodies


def test_the_roster_has_each_person_once_with_all_posts(council, term, president, secretary):
    make_appointment(president, "理事", term=term)
    make_appointment(make_member("刘二"), "理事", term=term, starts_on=dt.date(2025, 6, 1))
    former = make_appointment(make_member("张三"), "副会长", term=term)
    former.ends_on, former.end_reason = dt.date(2026, 3, 19), "resigned"
    former.save()

    filled = bodies.roster(council, user=secretary, day=DAY)

    assert_fits(filled, "roster")
    assert [
        (row["序号"], row["姓名"], row["职务"], row["任职时间"], row["出生年月"])
        for row in filled.context["名单"]
    ] == [("1", "王一", "会长、理事", "2024.12", "1975.03.02"), ("2", "刘二", "理事", "2025.06", "")]
    assert (filled.title, filled.context["人数"], filled.context["截至日期"]) == (
        "第一届理事会",
        "2",
        "2026年3月20日",
    )


def test_who_may_not_read_a_field_gets_its_mask(council, president):
    user = make_user()
    grant(user, Role.SECRETARY, council.association, body=council)

    row = bodies.roster(council, user=user, day=DAY).context["名单"][0]

    assert (row["姓名"], row["工作单位"]) == ("王一", "某某律师事务所")
    assert (row["出生年月"], row["政治面貌"], row["联系电话"]) == (HIDDEN, HIDDEN, "138****0001")


def test_letters_name_post_term_and_days(council, term, president, secretary):
    filled = bodies.letters(council, user=secretary, day=DAY)

    assert_fits(filled, "letter")
    assert filled.context["聘书列表"] == [
        {
            "姓名": "王一",
            "称谓": "女士",
            "机构名称": "理事会",
            "届次": "第一届",
            "职务": "会长",
            "任期起": "2024年12月24日",
            "任期止": "2029年12月23日",
            "落款日期": "2024年12月24日",
        }
    ]


def test_the_filing_list_has_officers_and_numbers_only_when_asked_for(council, term, president, secretary):
    make_appointment(make_member("刘二"), "理事", term=term)

    without = bodies.filing(council, user=secretary, day=DAY, with_identity=False)
    with_numbers = bodies.filing(council, user=secretary, day=DAY, with_identity=True)

    assert_fits(without, "filing")
    assert [(row["姓名"], row["身份证号"]) for row in without.context["名单"]] == [("王一", "")]
    assert [row["身份证号"] for row in with_numbers.context["名单"]] == [president.id_number]
    assert without.context["本届任期"] == "5年"
    assert without.context["登记证号"] == "51500116MJ00000182"


def test_papers_take_the_same_queries_for_one_and_three_people(council, term, president, secretary):
    def queries(make):
        with CaptureQueriesContext(connection) as found:
            make()
        return len(found)

    makers = (
        lambda: bodies.roster(council, user=secretary, day=DAY),
        lambda: bodies.filing(council, user=secretary, day=DAY, with_identity=True),
        lambda: meetings.sign_in(make_meeting_once(), user=secretary),
    )
    meeting = make_meeting(council, on=DAY)

    def make_meeting_once():
        return meeting

    for make in makers:
        make()
    one = [queries(make) for make in makers]
    for name in ("刘二", "陈三"):
        make_appointment(make_member(name, employer=f"{name}公司"), "副会长", term=term)

    assert [queries(make) for make in makers] == one


# -- meetings


@pytest.fixture
def meeting(council, term, president):
    make_appointment(make_member("刘二"), "副会长", term=term)
    make_appointment(make_member("陈三"), "理事", term=term)
    return make_meeting(
        council,
        on=DAY,
        starts_at=dt.time(14, 30),
        place="二楼会议室",
        chair="王一",
        recorder="陈三",
        guests="区委统战部\n张某",
    )


def test_the_sign_in_sheet_lists_those_entitled_before_anybody_signed(meeting, secretary):
    filled = meetings.sign_in(meeting, user=secretary)

    assert_fits(filled, "sign_in")
    assert [(row["姓名"], row["职务"]) for row in filled.context["名单"]] == [
        ("王一", "会长"),
        ("刘二", "副会长"),
        ("陈三", "理事"),
    ]
    assert (filled.context["应到人数"], filled.context["会议时间"]) == ("3", "2026年3月20日14:30")
    assert filled.context["会议名称"] == "第一届理事会第一次会议"


def test_those_who_sit_in_come_last_and_do_not_count(meeting, secretary):
    add_observer(meeting, make_member("赵六"))

    filled = meetings.sign_in(meeting, user=secretary)

    assert [(row["姓名"], row["备注"]) for row in filled.context["名单"]][-1] == ("赵六", "列席")
    assert filled.context["应到人数"] == "3"


def test_the_minutes_tell_who_was_there_and_what_was_voted(meeting):
    save_item(meeting, AgendaItem(title="年度工作报告", text="会议听取了报告。"))
    item = save_item(meeting, AgendaItem(title="新会员入会"))
    meeting = hold_meeting(meeting, today=DAY)
    people = {row.name: row.pk for row in (each.member for each in meeting.body.appointments.all())}
    record_attendance(
        meeting,
        {
            people["王一"]: Entry(P.ATTENDED),
            people["刘二"]: Entry(P.LATE),
            people["陈三"]: Entry(P.LEAVE, reason="出差"),
        },
    )
    vote = new_vote(item)
    vote.in_favour = 2
    save_vote(vote)
    Resolution.objects.create(
        meeting=meeting,
        item=item,
        number=1,
        kind="other",
        title="同意3人入会",
        is_passed=True,
        document="理决1号",
    )
    Resolution.objects.create(meeting=meeting, number=2, kind="other", title="未通过的", is_passed=False)

    filled = meetings.minutes(meeting)

    assert_fits(filled, "minutes")
    context = filled.context
    assert (context["应到人数"], context["实到人数"]) == ("3", "2")
    assert context["出席人员"] == "王一、刘二"
    assert context["缺席人员"] == "陈三（请假：出差）"
    assert context["列席人员"] == "区委统战部、张某"
    assert context["法定人数"] == "应到3人，实到2人，达到三分之二以上，符合章程规定。"
    assert context["议题列表"][1]["表决结果"] == "应到3人，实到2人，同意2票，反对0票，弃权0票，通过。"
    assert context["决议列表"] == [{"序号": "1", "编号": "理决1号", "内容": "同意3人入会。"}]


def test_notice_and_agenda(meeting):
    save_item(meeting, AgendaItem(title="年度工作报告", presenter="王一"))

    notice = meetings.notice(
        meeting, contact="李", phone="", answer_by=dt.date(2026, 3, 18), sent_on=dt.date(2026, 3, 10)
    )
    agenda = meetings.agenda(meeting)

    assert_fits(notice, "notice")
    assert_fits(agenda, "agenda")
    assert (notice.context["抬头"], notice.context["参会人员"]) == (
        "各位理事",
        "全体理事；列席：区委统战部、张某",
    )
    assert agenda.context["议题列表"] == [{"序号": "1", "内容": "年度工作报告", "报告人": "王一", "备注": ""}]


# -- making them on the screens


def make_url(source, record, kind):
    return reverse("organizations:paper_make", args=[source, record.pk, kind])


def test_a_roster_is_made_with_a_reason_and_logged(client, council, president):
    user = sign_in(client, Role.SECRETARY, council.association)
    url = make_url("body", council, "roster")

    page = client.get(url, {"on": "2026-03-20"})
    refused = client.post(url, {"on": "2026-03-20", "as": "docx"})
    assert 'value="2026-03-20"' in page.content.decode()
    assert refused.status_code == 422
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()

    made = client.post(url, {"on": "2026-03-20", "as": "docx", "reason": "报民政局"})

    assert rows(made.content)[1][1] == "王一"
    assert "%E7%AC%AC%E4%B8%80%E5%B1%8A" in made.headers["Content-Disposition"]
    entry = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (entry.actor, entry.association) == (user, council.association)
    assert entry.details == {
        "paper": "名册",
        "fields": ["姓名", "性别", "出生年月", "民族", "政治面貌", "学历", "工作单位", "职务", "手机"],
        "filter": "第一届理事会",
        "count": 1,
        "format": "docx",
        "reason": "报民政局",
        "identity": False,
        "body": council.pk,
    }
    assert last_columns(user) == []


@pytest.mark.parametrize("asked", [True, False])
def test_identity_numbers_are_written_on_request_and_logged(client, council, president, asked):
    sign_in(client, Role.SECRETARY, council.association)

    data = {"on": "2026-03-20", "as": "pdf", "reason": "报民政局"} | ({"identity": "on"} if asked else {})
    made = client.post(make_url("body", council, "filing"), data)

    assert (president.id_number in pdf_text(made.content)) is asked
    details = Action.objects.get(kind=Action.Kind.EXPORT).details
    assert details["identity"] is asked
    assert ("证件号码" in details["fields"]) is asked


def test_identity_numbers_are_not_for_the_secretary_of_a_body(client, council, president):
    user = sign_in(client, Role.SECRETARY)
    grant(user, Role.SECRETARY, council.association, body=council)
    url = make_url("body", council, "filing")

    page = client.get(url).content.decode()
    made = client.post(url, {"on": "2026-03-20", "as": "pdf", "reason": "x", "identity": "on"})

    assert "identity" not in page
    assert "王一" in pdf_text(made.content)
    assert president.id_number not in pdf_text(made.content)
    assert Action.objects.get(kind=Action.Kind.EXPORT).details["identity"] is False


def test_papers_of_a_meeting_are_made_at_one_press(client, meeting):
    sign_in(client, Role.SECRETARY, meeting.body.association)

    made = {
        kind: client.post(make_url("meeting", meeting, kind), {"as": "pdf"})
        for kind in ("agenda", "sign_in", "minutes")
    }

    assert {kind: answer.status_code for kind, answer in made.items()} == dict.fromkeys(made, 200)
    assert all(set(pdf_sizes(answer.content)) == {(595, 842)} for answer in made.values())
    assert [action.details["paper"] for action in Action.objects.filter(kind=Action.Kind.EXPORT)] == [
        "签到表"
    ]


def test_the_notice_asks_whom_to_answer(client, meeting):
    user = sign_in(client, Role.SECRETARY, meeting.body.association, name="李秘书")
    url = make_url("meeting", meeting, "notice")

    page = client.get(url).content.decode()
    late = client.post(
        url, {"as": "docx", "contact": "李", "answer_by": "2026-03-21", "sent_on": "2026-03-01"}
    )
    made = client.post(
        url, {"as": "docx", "contact": "李", "answer_by": "2026-03-18", "sent_on": "2026-03-01"}
    )

    assert user.name in page
    assert late.status_code == 422
    assert "请在此之前收回" in late.content.decode()
    assert "2026年3月1日" in paragraphs(made.content)


def test_one_letter_is_made_of_one_appointment(client, council, president, term):
    sign_in(client, Role.SECRETARY, council.association)
    other = make_appointment(make_member("刘二"), "理事", term=term)

    made = client.post(make_url("appointment", other, "letter"), {"as": "pdf"})

    text = pdf_text(made.content)
    assert "刘二" in text and "王一" not in text


def test_papers_are_for_those_who_edit(client, council, meeting, president):
    hidden = make_body(Body.Kind.PARTY_BRANCH, association=council.association, hides_people=True)
    urls = [
        make_url("body", council, "roster"),
        make_url("meeting", meeting, "minutes"),
        make_url("appointment", council.appointments.first(), "letter"),
    ]

    sign_in(client, Role.SECRETARY, make_association())
    assert [client.post(url, {"as": "docx"}).status_code for url in urls] == [404, 404, 404]
    sign_in(client, Role.VIEWER, council.association)
    assert [client.post(url, {"as": "docx"}).status_code for url in urls] == [404, 404, 404]
    sign_in(client, Role.SECRETARY, council.association)
    assert client.get(make_url("body", hidden, "roster")).status_code == 404
    assert (
        client.get(reverse("organizations:paper_make", args=["body", council.pk, "ballot"])).status_code
        == 404
    )
    assert (
        client.get(reverse("organizations:paper_make", args=["x", council.pk, "roster"])).status_code == 404
    )


def test_the_page_of_a_body_offers_its_papers_to_who_edits(client, council, president):
    url = council.get_absolute_url()

    sign_in(client, Role.SECRETARY, council.association)
    page = client.get(url, {"on": "2026-03-20"}).content.decode()
    sign_in(client, Role.VIEWER, council.association)
    reader = client.get(url).content.decode()

    assert f"{make_url('body', council, 'roster')}?on=2026-03-20" in page
    assert make_url("body", council, "filing") in page
    assert make_url("body", council, "roster") not in reader


def test_the_page_of_a_meeting_offers_its_papers_to_who_edits(client, meeting):
    kinds = ("notice", "agenda", "sign_in", "minutes")

    sign_in(client, Role.SECRETARY, meeting.body.association)
    page = client.get(meeting.get_absolute_url()).content.decode()
    sign_in(client, Role.VIEWER, meeting.body.association)
    reader = client.get(meeting.get_absolute_url()).content.decode()

    assert all(make_url("meeting", meeting, kind) in page for kind in kinds)
    assert not any(make_url("meeting", meeting, kind) in reader for kind in kinds)


def test_offers_lead_to_every_paper_of_a_record(council, meeting):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=council.association)

    assert [offer.kind.key for offer in offers("body", council)] == ["roster", "letter", "filing"]
    assert [offer.kind.key for offer in offers("body", branch)] == ["roster", "letter"]
    assert [(offer.kind.key, offer.asks) for offer in offers("meeting", meeting)] == [
        ("notice", True),
        ("agenda", False),
        ("sign_in", False),
        ("minutes", False),
    ]
    assert set(SOURCES) >= {"body", "meeting", "appointment"}
