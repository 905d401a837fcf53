"""The first page of members: what is next, what waits, what is missing; what they took part in."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.codes import Category, Education, PoliticalStatus, Sex, Status
from members.inbox import tell
from members.models import ChangeRequest, PersonRequest
from members.rights import Role
from organizations.models import Attendance, Body, Meeting
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
from tests.members.portal.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
HOME = reverse("portal:home")
TODAY = timezone.localdate
TAKEN_PART = reverse("portal:taken_part")


@pytest.fixture
def home():
    return make_association("江北联合会")


@pytest.fixture
def member(client, home):
    return signed_in(client, "张一", association=home)


def in_days(days):
    return TODAY() + dt.timedelta(days=days)


def test_an_empty_home_says_what_there_would_be(client, member):
    page = text_of(client.get(HOME))

    said = [
        "目前没有等待协会处理的申请",
        "目前没有安排活动，您所在的机构也没有安排会议",
        "目前没有任职",
        "还缺：",
    ]
    assert [text for text in said if text not in page] == []


def test_who_has_no_record_is_told_whom_to_ask(client):
    client.force_login(make_user())

    answer = client.get(HOME)

    assert answer.status_code == 404 and "秘书处" in text_of(answer)


def test_unread_messages_come_first_and_are_counted_in_the_bar(client, member):
    for number in range(4):
        tell(member, title=f"消息{number}")
    tell(make_member("李四"), title="别人的消息")

    answer = client.get(HOME)

    page = text_of(answer)
    assert [row.title for row in answer.context["latest"]] == ["消息3", "消息2", "消息1"]
    assert "4 条未读" in page and "别人的消息" not in page


def test_requests_stand_with_their_state(client, member):
    now = timezone.now()
    old = now - dt.timedelta(days=60)
    ChangeRequest.objects.create(member=member)
    ChangeRequest.objects.create(member=member, state="decided", decided_at=now)
    ChangeRequest.objects.create(member=member, state="decided", made_at=old, decided_at=old)
    PersonRequest.objects.create(
        association=member.association, member=member, kind="copy", asker="张一", due_on=in_days(20)
    )
    ChangeRequest.objects.create(member=make_member("李四"))

    rows = client.get(HOME).context["requests"]

    assert sorted((row.title, row.state) for row in rows) == [
        ("个人信息请求：复制个人信息", "待答复"),
        ("资料修改申请", "已处理"),
        ("资料修改申请", "待处理"),
    ]


def test_missing_fields_lead_to_where_they_are_filled_in(client, home):
    signed_in(client, "张一", association=home, mobile="", sex=Sex.FEMALE, category=Category.FREELANCE)

    found = {str(each["label"]): each["address"] for each in client.get(HOME).context["missing"]}

    assert found["手机"] == reverse("portal:profile_section", args=["contact"]) + "#id_mobile"
    # given by the association, or none to be had
    assert found.keys() & {"会员编号", "入会时间", "性别", "所属类别", "工作单位"} == set()


def test_a_full_record_misses_nothing(client, home):
    signed_in(
        client,
        "张一",
        association=home,
        sex=Sex.MALE,
        birth="1985-06-15",
        ethnicity="汉族",
        education=Education.UNDERGRADUATE,
        political_status=PoliticalStatus.NON_PARTISAN,
        id_number=make_id_number(),
        employer="甲公司",
        category=Category.NEW_MEDIA,
    )

    assert client.get(HOME).context["missing"] == []


def test_posts_held_now_hidden_bodies_too(client, home, member):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)
    make_appointment(member, "书记", term=make_term(branch))

    assert [str(row.post) for row in client.get(HOME).context["posts"]] == ["书记"]


# -- coming meetings


def names_of(client):
    return [row.title for row in client.get(HOME).context["coming"]]


def seated(member, kind=Body.Kind.COUNCIL, title="理事", **fields):
    body = make_body(kind, association=member.association, **fields)
    make_appointment(member, title, term=make_term(body, starts_on=dt.date(TODAY().year - 1, 1, 1)))
    return body


def test_coming_meetings_are_those_one_is_entitled_in(client, home, member):
    council = seated(member, name="理事会")
    make_meeting(council, on=in_days(9), name="后一次", number=3)
    make_meeting(council, on=in_days(2), name="前一次", number=4)
    make_meeting(council, on=in_days(-2), name="已过", number=5)
    cancelled = make_meeting(council, on=in_days(3), name="取消的", number=6)
    Meeting.objects.filter(pk=cancelled.pk).update(state="cancelled")
    other = make_body(Body.Kind.COMMITTEE, association=home)
    make_meeting(other, on=in_days(2), name="别的机构")

    assert names_of(client) == ["前一次", "后一次"]


def test_the_assembly_is_of_all_members_unless_it_has_delegates(client, home, member):
    assembly = make_body(Body.Kind.ASSEMBLY, association=home)
    term = make_term(assembly, starts_on=dt.date(TODAY().year - 1, 1, 1))
    make_meeting(assembly, on=in_days(5), name="会员大会")
    elsewhere = make_body(Body.Kind.ASSEMBLY, association=make_association())
    make_term(elsewhere, starts_on=term.starts_on)
    make_meeting(elsewhere, on=in_days(5), name="别处大会")
    assert names_of(client) == ["会员大会"]

    make_appointment(make_member("代表", association=home), "会员代表", term=term)

    assert names_of(client) == []


@pytest.mark.parametrize(
    ("status", "entitled"),
    [
        (PoliticalStatus.CPC, True),
        (PoliticalStatus.CPC_PROBATIONARY, False),
        ("", True),
        (PoliticalStatus.NON_PARTISAN, False),
    ],
)
def test_meetings_of_the_branch_are_of_its_full_members(client, member, status, entitled):
    branch = seated(member, Body.Kind.PARTY_BRANCH, "书记", hides_people=True)
    make_meeting(branch, on=in_days(5), name="支部会")
    member.political_status = status
    member.save()

    assert names_of(client) == (["支部会"] if entitled else [])


def test_who_observes_is_on_the_list_and_sees_the_meeting(client, home, member):
    group = make_body(Body.Kind.GROUP, association=home)
    meeting = make_meeting(group, on=in_days(5), name="联络组会")
    Attendance.objects.create(meeting=meeting, member=member, is_entitled=False)

    assert names_of(client) == ["联络组会"]


def test_who_left_is_invited_to_nothing(client, member):
    council = seated(member)
    make_meeting(council, on=in_days(5), name="理事会")
    member.status = Status.WITHDRAWN
    member.save()

    assert names_of(client) == []


# -- what one took part in


def test_the_address_of_old_leads_to_the_evidence_record(client, member):
    assert client.get(TAKEN_PART).url == reverse("own_activities:record")


# -- the frame


def test_the_number_of_queries_does_not_grow(client, home, member, django_assert_num_queries):
    def fill(serial):
        tell(member, title="消息")
        council = seated(member, Body.Kind.COMMITTEE, "主任")
        make_meeting(council, on=in_days(serial), name=f"第{serial}次")
        PersonRequest.objects.create(
            association=home, member=member, kind="copy", asker="张一", due_on=in_days(20)
        )

    counts = {HOME: 13, reverse("portal:posts"): 8, reverse("portal:inbox"): 6}
    fill(1)
    for url, count in counts.items():
        client.get(url)
        with django_assert_num_queries(count):
            client.get(url)
    fill(2)
    fill(3)

    for url, count in counts.items():
        with django_assert_num_queries(count):
            client.get(url)


def test_staff_who_are_members_get_both_worlds(client, home, member):
    grant(member.user, Role.SECRETARY, home)

    assert reverse("admin:index") in text_of(client.get(HOME))
    assert HOME in text_of(client.get(reverse("admin:index")))
