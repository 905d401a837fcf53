"""The members' pages: what is shown to whom, and what one may do on a telephone without scripts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Answer, Audience, Participation, Partner, Presence, Question
from activities.signing_up.services import sign_off, sign_up
from members.codes import Status
from members.models import Message
from organizations.models import Body
from tests.make import (
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_participation,
    make_term,
)
from tests.members.portal.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
LIST, PAST, HOME = (
    reverse(name) for name in ("own_activities:activities", "own_activities:past", "portal:home")
)
DAY = dt.timedelta(days=1)


@pytest.fixture
def home():
    return make_association("江北联合会")


@pytest.fixture
def member(client, home):
    return signed_in(client, "张一", association=home)


def address_of(activity):
    return reverse("own_activities:activity", args=[activity.pk])


def say(client, activity, do, **data):
    return client.post(address_of(activity), {"do": do, **data}, follow=True)


def titles(lines):
    return [(line.activity.title, line.standing.text) for line in lines]


# -- the lists


def test_own_activities_come_first_then_those_open(client, member):
    later = timezone.now() + 5 * DAY
    make_participation(make_activity("已报名的", starts_at=later), member)
    make_participation(make_activity("受邀的"), member, state="invited", asked_at=None)
    full = make_activity("候补的", capacity=1, starts_at=later + DAY)
    make_participation(full, make_member())
    make_participation(full, make_member(), state="waiting")
    make_participation(full, member, state="waiting")
    make_activity("可报名的", capacity=5)
    taken = make_activity("满员的", capacity=1, starts_at=later)
    make_participation(taken, make_member())
    make_activity("草稿", state="draft")
    make_activity("取消的", state="cancelled")
    make_activity("外单位的", association=make_association())

    answer = client.get(LIST)

    assert titles(answer.context["mine"]) == [
        ("受邀的", "请回复"), ("已报名的", "已报名"), ("候补的", "候补第 2 位"),
    ]  # fmt: skip
    assert titles(answer.context["others"]) == [("可报名的", "可报名"), ("满员的", "名额已满，可候补")]
    page = text_of(answer)
    assert "剩余 5 个名额" in page and "草稿" not in page and "取消的" not in page and "外单位的" not in page


def test_one_who_was_to_come_sees_that_it_is_cancelled(client, member):
    activity = make_activity("取消的", state="cancelled", cancelled_reason="台风")
    make_participation(activity, member)

    assert titles(client.get(LIST).context["mine"]) == [("取消的", "已取消")]
    page = text_of(client.get(address_of(activity)))
    assert (
        "这次活动已取消" in page
        and "台风" in page
        and "<button" not in page[page.index("<main") : page.index("</main")]
    )


def test_the_lists_cost_the_same_for_one_and_three(client, member, django_assert_num_queries):
    def more():
        for _ in range(2):
            full = make_activity(capacity=1)
            make_participation(full, make_member())
            make_participation(full, member, state="waiting")
            make_activity(capacity=3)
            make_participation(
                make_activity(starts_at=timezone.now() - 9 * DAY), member, presence=Presence.ATTENDED
            )

    more()
    for address in (LIST, PAST, HOME):
        client.get(address)
        with CaptureQueriesContext(connection) as before:
            client.get(address)
        more()
        with django_assert_num_queries(len(before)):
            client.get(address)


def test_what_was_stands_by_year_with_how_one_took_part(client, member):
    for days, presence in ((3, "attended"), (400, "leave"), (5, "")):
        activity = make_activity(f"{days}天前", starts_at=timezone.now() - days * DAY)
        make_participation(activity, member, presence=presence)
    make_participation(
        make_activity("没去的", starts_at=timezone.now() - DAY), member, state="invited", asked_at=None
    )

    years = client.get(PAST).context["years"]

    rows = [(row.title, how) for _year, rows in years for row, how in rows]
    assert rows == [("3天前", "出席"), ("5天前", "出席情况未登记"), ("400天前", "请假")]
    assert [year for year, _rows in years] == sorted({year for year, _rows in years}, reverse=True)


def test_without_anything_the_pages_say_so(client, member):
    assert "目前没有发布的活动" in text_of(client.get(LIST))
    assert "您还没有参加过活动" in text_of(client.get(PAST))


def test_the_first_page_shows_what_waits_for_an_answer(client, member):
    activity = make_activity("受邀的", place="江津会堂")
    make_participation(activity, member, state="invited", asked_at=None)

    page = text_of(client.get(HOME))

    assert "受邀的" in page and "请回复" in page and f'href="{address_of(activity)}"' in page


# -- one activity


def test_the_page_says_when_where_and_whom_to_ask(client, member, home):
    activity = make_activity(
        place="江津会堂", contact="秘书处", contact_phone="023-47000000", programme="九点集合", about="考察园区",
        capacity=3, moved_at=timezone.now(),
    )  # fmt: skip
    other = make_participation(activity, make_member("李四"))
    Partner.objects.create(activity=activity, name="区文旅委")
    Partner.objects.create(
        activity=activity,
        body=make_body(Body.Kind.PARTY_BRANCH, name="隐支部", association=home, hides_people=True),
    )

    page = text_of(client.get(address_of(activity)))

    said = [
        "江津会堂",
        'href="tel:023-47000000"',
        "九点集合",
        "考察园区",
        "剩余 2 个名额",
        "已变更",
        "区文旅委",
        "09:00–11:00",
    ]
    assert [text for text in said if text not in page] == []
    assert str(other.member) not in page and "隐支部" not in page


@pytest.mark.parametrize("fields", [{"state": "draft"}, {"sign_up": "invited"}, {"sign_up": "none"}])
def test_what_is_not_shown_to_the_reader_is_not_there(client, member, fields):
    activity = make_activity(**fields)

    assert client.get(address_of(activity)).status_code == 404
    assert client.post(address_of(activity), {"do": "sign_up"}).status_code == 404


def test_members_of_other_associations_find_nothing(client, member):
    activity = make_activity(association=make_association())

    assert client.get(address_of(activity)).status_code == 404
    assert say(client, activity, "sign_up").status_code == 404
    assert not Participation.objects.exists()


def test_the_activity_of_a_hidden_body_shows_to_its_people_alone(client, member, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    activity = make_activity("支部学习", host=branch)
    activity.audiences.all().delete()
    Audience.objects.create(activity=activity, kind="body", body=branch)

    assert client.get(address_of(activity)).status_code == 404
    assert "支部学习" not in text_of(client.get(LIST))
    make_appointment(member, "书记", term=make_term(branch, starts_on=dt.date(2025, 1, 1)))
    assert client.get(address_of(activity)).status_code == 200


def test_signing_up_and_off_by_the_buttons(client, member):
    activity = make_activity()
    assert "我要报名" in text_of(client.get(address_of(activity)))

    page = text_of(say(client, activity, "sign_up"))
    assert "报名成功" in page and "取消报名" in page
    page = text_of(say(client, activity, "sign_off"))
    assert "您已取消报名" in page and "我要报名" in page
    row = activity.participations.get()
    assert (row.member, row.state, row.signed_up_by) == (member, "withdrawn", member.user)


def test_the_line_says_which_place_one_has(client, member):
    activity = make_activity(capacity=1)
    sign_up(activity, make_member())
    sign_up(activity, make_member())
    assert "排队候补" in text_of(client.get(address_of(activity)))

    page = text_of(say(client, activity, "sign_up"))

    assert "候补第 2 位" in page and "退出候补" in page


def test_leave_without_a_reason_is_asked_for_again(client, member):
    activity = make_activity(sign_up="none")
    make_participation(activity, member)
    page = text_of(client.get(address_of(activity)))
    assert "请假" in page and "取消报名" not in page

    answer = client.post(address_of(activity), {"do": "leave", "reason": " "})
    assert answer.status_code == 422 and '<details class="own-entry" open' in text_of(answer)
    page = text_of(say(client, activity, "leave", reason="出差"))

    assert "已登记请假" in page and "原因：出差" in page and "我可以参加了" in page
    assert "我可以参加了" not in text_of(say(client, activity, "sign_up"))
    assert activity.participations.get().presence == ""


def test_an_invitation_is_declined_with_or_without_a_reason(client, member):
    activity = make_activity(sign_up="invited")
    row = make_participation(activity, member, state="invited", asked_at=None, invited_at=timezone.now())

    assert "感谢您的回复" in text_of(say(client, activity, "decline", reason=""))
    row.refresh_from_db()
    assert row.state == "declined"


def question(activity, text="衣服尺码", **fields):
    return Question.objects.create(activity=activity, text=text, **fields)


def test_questions_are_asked_and_answers_changed(client, member):
    activity = make_activity()
    size = question(activity, kind="choice", choices="M\nL", is_required=True)
    bus = question(activity, "是否乘车", kind="yes_no")

    answer = client.post(address_of(activity), {"do": "sign_up", f"q{bus.pk}": "是"})
    assert answer.status_code == 422 and "衣服尺码" in text_of(answer)
    assert not Participation.objects.exists()
    say(client, activity, "sign_up", **{f"q{size.pk}": "L", f"q{bus.pk}": "是"})
    assert "已保存您的回答" in text_of(say(client, activity, "answers", **{f"q{size.pk}": "M"}))

    assert list(Answer.objects.values_list("question__text", "text")) == [("衣服尺码", "M")]


@pytest.mark.parametrize("text", ["\x00", "长" * 501, "XXL"])
def test_answers_that_cannot_be_are_refused(client, member, text):
    activity = make_activity()
    fields = {"kind": "choice", "choices": "M\nL"} if text == "XXL" else {}
    row = question(activity, **fields)

    answer = client.post(address_of(activity), {"do": "sign_up", f"q{row.pk}": text})

    assert answer.status_code == 422 and not Participation.objects.exists()


def test_answers_to_other_questions_and_unknown_buttons_do_nothing(client, member):
    activity = make_activity()
    other = question(make_activity("另一活动"))

    say(client, activity, "sign_up", **{f"q{other.pk}": "L", "q999999999999999999999": "L"})
    assert not Answer.objects.exists()
    for do in ("", "settle", "\x00", "x" * 9999):
        assert say(client, activity, do).status_code == 200
    assert client.post(address_of(activity), {"do": "leave", "reason": "长" * 999}).status_code == 422
    assert client.post(address_of(activity), {"do": "leave", "reason": "\x00"}).status_code == 422


def test_out_of_time_the_page_says_why(client, member):
    activity = make_activity(sign_up_until=timezone.now() - DAY)

    page = text_of(client.get(address_of(activity)))
    assert "报名已截止" in page and "我要报名" not in page
    page = text_of(say(client, activity, "sign_up"))
    assert "报名已于" in page and not Participation.objects.exists()


def test_who_is_no_longer_a_member_is_told_so(client, home):
    member = signed_in(client, "李四", association=home, status=Status.WITHDRAWN)
    activity = make_activity(association=home)
    make_participation(activity, member, state="invited", asked_at=None)

    page = text_of(client.get(address_of(activity)))

    assert "仅在册会员可以报名" in page and "我要报名" not in page
    assert "仅在册会员可以报名" in text_of(say(client, activity, "sign_up"))


def test_conflicts_are_shown_before_and_after(client, member, home):
    council = make_body(association=home, name="理事会")
    make_appointment(member, "理事", term=make_term(council, starts_on=dt.date(2025, 1, 1)))
    activity = make_activity()
    make_participation(make_activity("同时的活动"), member)
    make_meeting(council, on=activity.on, name="理事会会议")

    for _ in range(2):
        page = text_of(client.get(address_of(activity)))
        assert "同一时间您还有" in page and "同时的活动" in page and "理事会会议" in page
        say(client, activity, "sign_up")


def test_the_message_leads_to_the_page(client, member):
    activity = make_activity(capacity=1)
    first = make_member("李四")
    sign_up(activity, first)
    sign_up(activity, member)
    sign_off(activity, first)

    message = Message.objects.get(member=member)
    page = text_of(client.get(reverse("portal:message", args=[message.pk])))
    assert address_of(activity) in page and "您已由候补转为正式报名" in page
