"""The staff's pages of activities: who sees and writes them; one is worked from its plan to the settled list."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Audience, Campaign, Participation, Question
from activities.planning.services import settle_attendance
from activities.planning.waiting import attendance_open
from members.models import Message, SavedList
from members.rights import Role
from organizations.models import Body, Change
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_participation,
    make_term,
    make_user,
)
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
STEPS = ("edit", "copy", "publish", "cancel", "delete", "settle", "reopen")


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def url(name, *args):
    return reverse(f"activities:{name}", args=args)


def past(**fields):
    return make_activity(starts_at=timezone.now() - DAY, **fields)


def rows_of(response):
    return [row.title for row in response.context["page"].rows]


def sent(response, **changes):
    """What a browser would send back from the form of an activity, with changes; None leaves a field out."""
    form = response.context["form"]
    found = {}
    for each in (form, form.questions.management_form, *form.questions.forms):
        for bound in each:
            value = bound.value()
            if value is True:
                value = "on"
            if isinstance(value, dt.datetime):
                value = f"{value:%Y-%m-%dT%H:%M}"
            if value is not False and value not in (None, "", []):
                found[bound.html_name] = value
    found |= changes
    return {name: value for name, value in found.items() if value is not None}


NEW = {"kind": "research_visit", "title": "国情考察", "starts_at": "2027-03-20T09:00"}


# -- who


def test_a_stranger_finds_nothing_and_a_reader_writes_nothing(client, home):
    activity = make_activity("国情考察", association=home)
    read = [url(name, activity.pk) for name in ("activity", "activity_print")]
    history = url("activity_history", activity.pk)
    write = [url(f"activity_{name}", activity.pk) for name in STEPS]

    sign_in(client, Role.SECRETARY, make_association())
    assert {client.get(address).status_code for address in [*read, history, *write]} == {404}
    assert {client.post(address).status_code for address in write} == {404}
    assert rows_of(client.get(url("activities"))) == []

    sign_in(client, Role.VIEWER, home)
    assert {client.get(address).status_code for address in read} == {200}
    assert {client.get(address).status_code for address in [history, *write]} == {403}
    assert {client.post(address).status_code for address in write} == {403}
    assert client.get(url("activity_new")).status_code == 403
    assert url("activity_edit", activity.pk) not in body_of(client.get(read[0]))

    sign_in(client, Role.SECRETARY, home)
    assert {client.get(address).status_code for address in [*read, history, *write]} == {200}


def test_activities_of_a_hidden_body_are_seen_from_inside_alone(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部", hides_people=True)
    hidden = make_activity("主题党日", host=branch, place="党群服务中心")
    other = make_activity("国情考察", association=home, place="党群服务中心")
    addresses = [
        url("activity", hidden.pk),
        url("activity_print", hidden.pk),
        url("activity_history", hidden.pk),
    ]

    sign_in(client, Role.SECRETARY, home)
    assert {client.get(address).status_code for address in addresses} == {404}
    for address in (url("activities"), url("activity", other.pk), url("activity_new")):
        page = body_of(client.get(address))
        assert "主题党日" not in page
        assert "特设党支部" not in page

    sign_in(client, Role.MANAGER, home)
    assert {client.get(address).status_code for address in addresses} == {200}
    assert "主题党日" in body_of(client.get(url("activity", other.pk)))

    inside = make_member("赵六", association=home)
    make_appointment(inside, "书记", term=make_term(branch, years=3))
    user = make_user()
    grant(user, Role.VIEWER, home)
    inside.user = user
    inside.save()
    client.force_login(user)
    assert client.get(addresses[0]).status_code == 200


def test_a_partner_or_audience_that_hides_its_people_is_not_named(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部")
    activity = make_activity(association=home)
    activity.partners.create(body=branch)
    activity.audiences.create(kind="body", body=branch)
    Body.objects.filter(pk=branch.pk).update(hides_people=True)
    address = url("activity_edit", activity.pk)

    sign_in(client, Role.SECRETARY, home)
    page = client.get(address)
    assert "特设党支部" not in body_of(page) + body_of(client.get(url("activity", activity.pk)))
    assert "2个您看不到的机构或名单" in body_of(page)
    assert client.post(address, sent(page, title="新名称")).status_code == 302

    activity.refresh_from_db()
    assert (activity.title, activity.partners.get().body) == ("新名称", branch)
    assert activity.audiences.filter(body=branch).exists()
    sign_in(client, Role.MANAGER, home)
    assert "特设党支部" in body_of(client.get(url("activity", activity.pk)))


def test_a_role_in_one_body_alone_plans_for_that_body(client, home):
    council, other = make_body(association=home), make_body("corps", association=home, name="服务团")
    user = sign_in(client, Role.MEMBER)
    grant(user, Role.SECRETARY, home, body=council)
    theirs = make_activity("国情考察", association=home)
    others = make_activity("义诊", host=other)

    page = client.get(url("activity_new"))
    assert page.context["form"].fields["held_by"].choices == [(f"b{council.pk}", str(council))]
    assert "服务团" not in body_of(page)
    forged = client.post(url("activity_new"), sent(page, **NEW, held_by=f"a{home.pk}"))
    assert forged.status_code == 422
    response = client.post(url("activity_new"), sent(page, **NEW))

    activity = Activity.objects.get(host=council)
    assert response.url == activity.get_absolute_url()
    assert [row.body for row in activity.audiences.all()] == [council]
    assert client.get(url("activity_edit", activity.pk)).status_code == 200
    assert rows_of(client.get(url("activities") + "?when=drafts")) == ["国情考察"]
    for hidden in (theirs, others):
        assert client.get(url("activity", hidden.pk)).status_code == 404


def test_who_has_not_signed_in_is_asked_to(client, home):
    assert client.get(url("activity", make_activity(association=home).pk)).status_code == 302


# -- the list


def test_coming_ones_first_past_ones_last_and_drafts_apart(client, secretary, home):
    day = timezone.now()
    for title, days in (("明天", 1), ("后天", 2), ("昨天", -1), ("前天", -2)):
        make_activity(title, association=home, starts_at=day + days * DAY)
    make_activity("草稿", association=home, state="draft")
    make_activity("取消的", association=home, state="cancelled", starts_at=day + 3 * DAY)

    assert rows_of(client.get(url("activities"))) == ["明天", "后天", "取消的"]
    assert rows_of(client.get(url("activities") + "?when=past")) == ["昨天", "前天"]
    assert rows_of(client.get(url("activities") + "?when=drafts")) == ["草稿"]


def test_what_one_may_ask_for(client, secretary, home):
    council = make_body(association=home)
    campaign = Campaign.objects.create(
        association=home, name="主题教育", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31)
    )
    make_activity("国情考察", host=council, campaign=campaign, kind="training")
    make_activity("义诊", association=home, state="cancelled")
    tomorrow = (timezone.localdate() + DAY).isoformat()
    for query, expected in (
        (f"host={council.pk}", ["国情考察"]),
        ("kind=training", ["国情考察"]),
        (f"campaign={campaign.pk}", ["国情考察"]),
        ("state=cancelled", ["义诊"]),
        ("q=义", ["义诊"]),
        (f"since={tomorrow}&until={tomorrow}", ["国情考察", "义诊"]),
        (f"until={timezone.localdate().isoformat()}", []),
        ("q=无", []),
    ):
        assert rows_of(client.get(f"{url('activities')}?{query}")) == expected, query
    assert "没有符合条件的活动" in body_of(client.get(f"{url('activities')}?q=无"))


@pytest.mark.parametrize(
    "query",
    [
        "after=1_2",
        "after=99999999999999999999999_1",
        "after=-99999999999999999999_1",
        f"after=0_{10**30}",
        "after=x",
        "q=%00",
        "host=99999999999999999999",
        "host=%00",
        "since=0001-01-01",
        "until=9999-12-31",
        "when=nonsense",
        "kind=%00&state=x&campaign=-1&field=x",
    ],
)
def test_no_question_breaks_the_list(client, secretary, home, query):
    make_activity(association=home)

    assert client.get(f"{url('activities')}?{query}").status_code == 200


def test_the_list_goes_on_page_by_page(client, secretary, home, monkeypatch):
    monkeypatch.setattr("activities.planning.lists.ROWS", 2)
    starts_at = timezone.now() + DAY
    for number in range(5):
        make_activity(f"活动{number}", association=home, starts_at=starts_at)
    past(title="过去一", association=home)
    past(title="过去二", association=home)
    past(title="过去三", association=home)

    def all_of(address):
        found = []
        while address:
            page = client.get(url("activities") + address)
            found.append(rows_of(page))
            address = page.context["page"].following
        return found

    assert all_of("?q=活动") == [["活动0", "活动1"], ["活动2", "活动3"], ["活动4"]]
    assert all_of("?when=past") == [["过去三", "过去二"], ["过去一"]]


def test_as_many_queries_for_three_as_for_one(client, secretary, home):
    def make():
        activity = make_activity(host=make_body("corps", association=home))
        make_participation(activity, make_member(association=home), presence="attended")
        return activity

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url("activities"))
        return len(captured)

    make()
    queries()
    one = queries()
    make(), make()

    assert queries() == one
    row = client.get(url("activities")).context["page"].rows[0]
    assert (row.counts.expected, row.counts.came) == (1, 1)


# -- the form


def test_an_activity_is_planned_with_all_that_belongs_to_it(client, secretary, home):
    council, corps = make_body(association=home), make_body("corps", association=home)
    saved = SavedList.objects.create(owner=secretary, name="骨干", kind="picked")
    page = client.get(url("activity_new"))

    response = client.post(
        url("activity_new"),
        sent(
            page,
            **NEW,
            for_all=None,
            categories=["自由职业人员"],
            bodies=[council.pk],
            lists=[saved.pk],
            partner_bodies=[corps.pk],
            partner_names="甲公司、乙公司\n甲公司",
            capacity="30",
            hours="2.5",
            **{
                "questions-0-text": "是否自驾",
                "questions-0-kind": "yes_no",
                "questions-1-text": "车次",
                "questions-1-kind": "choice",
                "questions-1-choices": "早\n晚",
            },
        ),
    )

    activity = Activity.objects.get()
    assert response.url == activity.get_absolute_url()
    assert (activity.state, activity.association, activity.host) == ("draft", home, None)
    assert activity.when == "2027-03-20 09:00–11:00"
    assert sorted(str(row) for row in activity.audiences.all()) == sorted(
        ["自由职业人员", str(council), "骨干"]
    )
    assert sorted(str(row) for row in activity.partners.all()) == sorted([str(corps), "甲公司", "乙公司"])
    assert [(row.number, row.text) for row in activity.questions.all()] == [(1, "是否自驾"), (2, "车次")]
    shown = body_of(client.get(response.url))
    for text in ("骨干", "甲公司", "是否自驾", "30个，已占0个", "2.5", "2027-03-20 09:00–11:00"):
        assert text in shown
    everything = Change.objects.of(activity)
    assert everything.values("action").distinct().count() == 1


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, secretary, home):
    page = client.get(url("activity_new"))

    response = client.post(
        url("activity_new"),
        sent(
            page,
            title="国情\x00考察",
            kind="nonsense",
            starts_at="2027-03-20T09:00",
            ends_at="2027-03-20T08:00",
            sign_up_from="0001-01-01T00:00",
            sign_up_until="9999-12-31T23:59",
            capacity="0",
            hours="201",
            remind_days="99999999999999999999",
            partner_names="甲" * 101,
            about="留下来的话",
            **{"questions-0-text": "车次", "questions-0-kind": "choice"},
        ),
    )

    assert response.status_code == 422
    form = response.context["form"]
    wrong = {
        "title",
        "kind",
        "sign_up_from",
        "sign_up_until",
        "capacity",
        "hours",
        "remind_days",
        "partner_names",
    }
    assert set(form.errors) >= wrong
    assert "choices" in form.questions.forms[0].errors
    assert "留下来的话" in body_of(response)
    assert not Activity.objects.exists()


def test_an_end_before_the_beginning_is_said_at_the_end(client, secretary, home):
    page = client.get(url("activity_new"))

    response = client.post(url("activity_new"), sent(page, **NEW, ends_at="2027-03-20T08:00"))

    assert response.status_code == 422
    assert response.context["form"].errors == {"ends_at": ["活动的结束时间早于开始时间。"]}


@pytest.mark.parametrize(
    "forged",
    [
        {"questions-TOTAL_FORMS": "99999999"},
        {"questions-TOTAL_FORMS": "x", "questions-INITIAL_FORMS": "-5"},
        {"questions-INITIAL_FORMS": "3"},
        {"questions-0-id": "99999999999999999999", "questions-0-text": "甲"},
        {"held_by": "b99999999999999999999"},
        {"campaign": "x", "field": "99999999999999999999", "bodies": ["x"], "lists": ["-1"]},
    ],
)
def test_no_input_breaks_the_form(client, secretary, home, forged):
    page = client.get(url("activity_new"))

    assert client.post(url("activity_new"), sent(page, **NEW) | forged).status_code in (302, 422)


def test_a_hidden_host_is_not_told_to_all(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部", hides_people=True)
    sign_in(client, Role.MANAGER, home)
    page = client.get(url("activity_new"))

    refused = client.post(url("activity_new"), sent(page, **NEW, held_by=f"b{branch.pk}"))
    assert refused.context["form"].errors.keys() == {"for_all"}
    named = client.post(url("activity_new"), sent(page, **NEW, partner_bodies=[branch.pk]))
    assert named.context["form"].errors.keys() == {"partner_bodies"}
    done = client.post(
        url("activity_new"), sent(page, **NEW, held_by=f"b{branch.pk}", for_all=None, bodies=[branch.pk])
    )

    assert done.status_code == 302
    assert Activity.objects.get().host == branch


def test_of_several_associations_each_has_its_own(client, home):
    other = make_association()
    sign_in(client, Role.SECRETARY, home, other)
    theirs = make_body(association=other, name="他会理事会")
    page = client.get(url("activity_new"))

    wrong = client.post(url("activity_new"), sent(page, **NEW, held_by=f"a{home.pk}", bodies=[theirs.pk]))
    right = client.post(url("activity_new"), sent(page, **NEW, held_by=f"b{theirs.pk}", bodies=[theirs.pk]))

    assert wrong.context["form"].errors.keys() == {"bodies"}
    assert right.status_code == 302
    assert Activity.objects.get().association == other


def test_two_writers_of_different_fields_both_have_their_way(client, secretary, home):
    activity = make_activity("国情考察", association=home)
    page = client.get(url("activity_edit", activity.pk))
    Activity.objects.filter(pk=activity.pk).update(place="会议室")

    response = client.post(url("activity_edit", activity.pk), sent(page, title="省情考察"))

    assert response.status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.place) == ("省情考察", "会议室")
    assert any("地点" in message for message in messages_of(response))


def test_two_writers_of_one_field_are_asked(client, secretary, home):
    activity = make_activity("国情考察", association=home)
    Question.objects.create(activity=activity, text="鞋码")
    page = client.get(url("activity_edit", activity.pk))
    Activity.objects.filter(pk=activity.pk).update(title="别人写的")
    activity.audiences.update(kind=Audience.Kind.CATEGORY, category="自由职业人员")
    Question.objects.update(text="别人的问题")

    data = sent(page, title="我写的", for_all=None, **{"questions-0-text": "我的问题"})
    refused = client.post(url("activity_edit", activity.pk), data)

    assert refused.status_code == 422
    for text in ("别人写的", "我写的", "别人的问题", "我的问题"):
        assert text in body_of(refused)
    activity.refresh_from_db()
    assert activity.title == "别人写的"
    again = sent(refused, **{"choice-title": "mine", "choice-for_all": "mine", "choice-categories": "theirs"})
    again["questions-0-seen"] = refused.context["form"].questions.forms[0]["seen"].value()
    again["questions-0-text"] = "我的问题"
    assert client.post(url("activity_edit", activity.pk), again).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.questions.get().text) == ("我写的", "我的问题")


def test_saving_without_a_change_changes_nothing(client, secretary, home):
    council = make_body(association=home)
    activity = make_activity("国情考察", host=council, capacity=3)
    activity.partners.create(name="甲公司")
    Question.objects.create(activity=activity, text="鞋码")
    before = Change.objects.count()

    page = client.get(url("activity_edit", activity.pk))
    response = client.post(url("activity_edit", activity.pk), sent(page))

    assert messages_of(response) == ["已保存。"]
    assert Change.objects.count() == before


def test_a_question_goes_with_its_answers(client, secretary, home):
    activity = make_activity(association=home)
    question = Question.objects.create(activity=activity, text="鞋码")
    row = make_participation(activity, make_member(association=home))
    row.answers.create(question=question, text="42")

    page = client.get(url("activity_edit", activity.pk))
    client.post(url("activity_edit", activity.pk), sent(page, **{"questions-0-DELETE": "on"}))

    assert not activity.questions.exists()


def test_moving_it_tells_and_says_so(client, secretary, home):
    activity = make_activity("国情考察", association=home)
    make_participation(activity, make_member("张三", association=home))

    page = client.get(url("activity_edit", activity.pk))
    response = client.post(url("activity_edit", activity.pk), sent(page, place="实践基地"))

    assert messages_of(response) == ["已保存。 已将新的时间或地点通知1名会员。"]
    assert Message.objects.get().title == "活动时间或地点有变：国情考察"
    assert "时间或地点已于" in body_of(client.get(response.url))


def test_fewer_places_than_people_are_told(client, secretary, home):
    activity = make_activity(association=home, capacity=3)
    for _number in range(3):
        make_participation(activity, make_member(association=home))

    page = client.get(url("activity_edit", activity.pk))
    response = client.post(url("activity_edit", activity.pk), sent(page, capacity="1"))

    assert any("超出名额2人" in message for message in messages_of(response))
    assert "超出名额2人" in body_of(client.get(response.url))
    assert activity.participations.filter(state="signed_up").count() == 3


def test_more_places_move_the_line_up(client, secretary, home):
    activity = make_activity(association=home, capacity=1)
    make_participation(activity, make_member(association=home))
    waiting = make_participation(activity, make_member(association=home), state="waiting")

    page = client.get(url("activity_edit", activity.pk))
    client.post(url("activity_edit", activity.pk), sent(page, capacity="2"))

    waiting.refresh_from_db()
    assert waiting.state == "signed_up"


# -- warnings


def test_what_takes_place_at_the_same_time_is_said(client, secretary, home):
    council = make_body(association=home)
    make_term(council, starts_on=dt.date(2022, 1, 1))
    activity = make_activity("国情考察", host=council, place="会议室")
    make_activity("同一主办", host=council)
    make_activity("同一地点", association=home, place="会议室")
    make_activity("无关", association=home, place="别处")
    make_meeting(council, on=activity.on)

    page = body_of(client.get(activity.get_absolute_url()))

    assert "主办方同一时间另有活动：同一主办" in page
    assert "同一地点另有活动：同一地点" in page
    assert "同一时间有会议" in page
    assert "无关" not in page


# -- step by step


def test_a_past_activity_is_entered_announced_and_settled_right_away(client, secretary, home):
    page = client.get(url("activity_new"))
    data = sent(page, **NEW | {"starts_at": "2026-03-20T09:00"}, hours="2")
    activity_page = client.post(url("activity_new"), data).url
    activity = Activity.objects.get()
    assert "活动日期已过" in body_of(client.get(activity_page))

    published = client.post(url("activity_publish", activity.pk))
    assert published.url == activity_page
    there, missing = (make_participation(activity, make_member(association=home)) for _each in range(2))
    Participation.objects.filter(pk=there.pk).update(presence="attended")
    assert "应到2人，实到1人" in body_of(client.get(url("activity_settle", activity.pk)))
    unsaid = client.post(url("activity_settle", activity.pk))
    assert unsaid.status_code == 422
    response = client.post(url("activity_settle", activity.pk), {"about_open": "absent"})

    assert messages_of(response) == ["考勤已确认。"]
    activity.refresh_from_db()
    assert (activity.state, activity.settled_by) == ("closed", secretary)
    assert activity.participations.get(pk=missing.pk).presence == "absent"
    assert activity.services.get().hours == 2
    reopened = client.post(url("activity_reopen", activity.pk), {"reason": "漏登"})
    assert messages_of(reopened)[-1] == "考勤已重新开放。"
    assert activity.services.get().state == "withdrawn"


def test_announcing_leads_to_inviting(client, secretary, home):
    activity = make_activity(association=home, state="draft")

    response = client.post(url("activity_publish", activity.pk))

    assert response.url == url("invite", activity.pk)
    assert client.get(response.url).status_code == 200


def test_a_settled_one_is_edited_for_a_reason(client, secretary, home):
    activity = past(association=home)
    settle_attendance(activity)
    page = client.get(url("activity_edit", activity.pk))

    without = client.post(url("activity_edit", activity.pk), sent(page, title="新名称"))
    assert without.context["form"].errors.keys() == {"correction"}
    client.post(url("activity_edit", activity.pk), sent(page, title="新名称", correction="名称有误"))

    activity.refresh_from_db()
    assert activity.title == "新名称"
    assert "名称有误" in body_of(client.get(url("activity_history", activity.pk)))


def test_cancelling_with_its_reason(client, secretary, home):
    activity = make_activity("国情考察", association=home)
    make_participation(activity, make_member(association=home))

    assert client.post(url("activity_cancel", activity.pk), {"reason": " "}).status_code == 422
    response = client.post(url("activity_cancel", activity.pk), {"reason": "台风"})

    assert messages_of(response) == ["活动已取消，已通知1名会员。"]
    page = body_of(client.get(response.url))
    assert "台风" in page
    assert url("activity_edit", activity.pk) not in page
    again = client.post(url("activity_cancel", activity.pk), {"reason": "再次"})
    assert again.status_code == 422
    assert "这次活动已取消" in body_of(again)


def test_a_copy_and_a_draft_that_goes(client, secretary, home):
    activity = past(title="国情考察", association=home)
    page = client.get(url("activity_copy", activity.pk))
    day = page.context["form"]["starts_on"].value()
    assert day > timezone.localdate()
    assert (day - activity.on).days % 7 == 0
    assert (
        client.post(url("activity_copy", activity.pk), {"title": "甲", "starts_on": "0001-01-01"}).status_code
        == 422
    )

    copied = client.post(url("activity_copy", activity.pk), {"title": "再次考察", "starts_on": day})
    copy = Activity.objects.get(title="再次考察")
    assert copied.url == copy.get_absolute_url()
    deleted = client.post(url("activity_delete", copy.pk))

    assert deleted.url == url("activities")
    assert not Activity.objects.filter(pk=copy.pk).exists()
    assert client.post(url("activity_delete", activity.pk)).status_code == 422


def test_the_history_names_people_and_keeps_reasons_to_itself(client, secretary, home):
    activity = make_activity(association=home)
    row = make_participation(activity, make_member("张三", association=home))
    guest = make_participation(activity, guest_name="某处长")
    row.reason, row.presence = "住院", "leave"
    row.save()
    guest.presence = "attended"
    guest.save()

    page = body_of(client.get(url("activity_history", activity.pk)))

    assert "张三" in page
    assert "住院" not in page
    assert "某处长" not in page


# -- the workbench


def test_the_workbench_says_what_is_not_settled(client, secretary, home):
    assert attendance_open(secretary, secretary.rights.associations) is None
    past(title="国情考察", association=home)
    past(title="草稿", association=home, state="draft")
    make_activity(association=home)

    found = attendance_open(secretary, secretary.rights.associations)

    assert found.text == "有1次活动已结束，尚未确认考勤"
    assert found.text in body_of(client.get(reverse("admin:index")))
    assert rows_of(client.get(found.address)) == ["国情考察"]


def test_a_viewer_has_nothing_to_settle(home):
    past(association=home)
    user = make_user()
    grant(user, Role.VIEWER, home)

    assert attendance_open(user, user.rights.associations) is None
