"""An activity from its plan to the settled attendance, without screens."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from activities.models import Activity, ActivityFile, Audience, Participation, Partner, Question
from activities.planning.services import (
    cancel_activity,
    change_activity,
    copy_activity,
    delete_draft,
    plan_activity,
    publish_activity,
    reopen_attendance,
    settle_attendance,
)
from members.models import Consent, Message
from members.privacy.consents import give_consent
from organizations.models import Change
from organizations.services import NotPossible
from tests.make import (
    make_activity,
    make_association,
    make_body,
    make_member,
    make_participation,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def home():
    return make_association()


def past(**fields):
    return make_activity(starts_at=timezone.now() - DAY, **fields)


def signed_up(activity, names):
    return [make_participation(activity, make_member(name)) for name in names]


# -- planning


def test_a_plan_without_an_end_lasts_two_hours_and_keeps_what_belongs_to_it(home):
    starts_at = timezone.now()
    council = make_body(association=home)

    activity = plan_activity(
        home,
        title="国情考察",
        kind="research_visit",
        starts_at=starts_at,
        ends_at=None,
        partners=[Partner(name="某某律师事务所"), Partner(body=council)],
        audiences=[Audience(kind="all")],
        questions=[Question(text="是否自驾", kind="yes_no"), Question(text="鞋码")],
    )

    assert (activity.state, activity.ends_at) == ("draft", starts_at + 2 * HOUR)
    assert [str(row) for row in activity.partners.all()] == ["某某律师事务所", "理事会一"]
    assert [row.kind for row in activity.audiences.all()] == ["all"]
    assert [(row.number, row.text) for row in activity.questions.all()] == [(1, "是否自驾"), (2, "鞋码")]


def test_partners_and_audiences_that_stay_are_left_alone(home):
    activity = make_activity(association=home)
    kept = Partner.objects.create(activity=activity, name="甲公司")
    Partner.objects.create(activity=activity, name="乙公司")

    change_activity(
        activity, partners=[Partner(name="甲公司"), Partner(name="丙公司")], audiences=[Audience(kind="all")]
    )

    assert [row.name for row in activity.partners.all()] == ["甲公司", "丙公司"]
    assert activity.partners.first() == kept
    kinds = Change.objects.of(activity).filter(content_type__model="partner").values_list("kind", flat=True)
    assert sorted(kinds) == ["+", "+", "+", "-"]


def test_a_copy_is_a_draft_at_the_same_hour_without_people(home):
    activity = make_activity(
        association=home,
        hours="2.5",
        capacity=20,
        sign_up_until=timezone.now(),
        about="参观",
        cancelled_reason="",
    )
    Question.objects.create(activity=activity, text="鞋码")
    Partner.objects.create(activity=activity, name="甲公司")
    make_participation(activity, make_member(association=home))

    copy = copy_activity(activity, starts_on=activity.on + 7 * DAY, title="第二次考察")

    copy.refresh_from_db()
    assert (copy.state, copy.title, copy.about, copy.capacity, copy.hours) == (
        "draft",
        "第二次考察",
        "参观",
        20,
        Decimal("2.5"),
    )
    assert copy.starts_at == activity.starts_at + 7 * DAY
    assert copy.sign_up_until == activity.sign_up_until + 7 * DAY
    assert copy.published_at is None
    assert not copy.participations.exists()
    assert [row.text for row in copy.questions.all()] == ["鞋码"]
    assert [str(row) for row in copy.partners.all()] == ["甲公司"]
    assert [row.kind for row in copy.audiences.all()] == ["all"]


def test_only_a_draft_without_a_list_is_deleted(home):
    announced = make_activity(association=home)
    listed = make_activity(association=home, state="draft")
    make_participation(listed, make_member(association=home))
    draft = make_activity(association=home, state="draft")

    for activity in (announced, listed):
        with pytest.raises(NotPossible):
            delete_draft(activity)
    with_file = make_activity(association=home, state="draft")
    ActivityFile.objects.create(
        activity=with_file, kind="file", file="activities/0.pdf", name="议程.pdf", size=1
    )
    delete_draft(draft)
    delete_draft(with_file)

    assert set(Activity.objects.all()) == {announced, listed}
    assert not ActivityFile.objects.exists()


# -- announcing


def test_announcing_asks_for_whom_it_is_open(home):
    activity = make_activity(association=home, state="draft")
    activity.audiences.all().delete()

    with pytest.raises(NotPossible, match="开放"):
        publish_activity(activity)
    Audience.objects.create(activity=activity, kind="all")
    assert publish_activity(activity).state == "published"
    with pytest.raises(NotPossible):
        publish_activity(activity)


def test_cancelling_tells_all_who_may_mean_to_come(home):
    activity = make_activity("国情考察", association=home, place="会议室")
    for name, state in (
        ("张三", "invited"),
        ("李四", "signed_up"),
        ("王五", "waiting"),
        ("赵六", "declined"),
        ("钱七", "withdrawn"),
    ):
        make_participation(activity, make_member(name, association=home), state=state)
    make_participation(activity, guest_name="某处长")

    cancelled, told = cancel_activity(activity, reason="台风")

    assert (cancelled.state, cancelled.cancelled_reason, told) == ("cancelled", "台风", 3)
    messages = Message.objects.order_by("member__pk")
    assert [message.member.name for message in messages] == ["张三", "李四", "王五"]
    assert messages[0].title == "活动已取消：国情考察"
    assert "台风" in messages[0].text
    assert messages[0].link == f"/my/activities/{activity.pk}/"
    with pytest.raises(NotPossible):
        cancel_activity(activity, reason="再次")


def test_cancelling_a_draft_or_what_is_over_tells_nobody(home):
    draft, over = make_activity(association=home, state="draft"), past(association=home)
    for activity in (draft, over):
        make_participation(activity, make_member(association=home))

        assert cancel_activity(activity, reason="有误")[1] == 0

    assert not Message.objects.exists()


def test_telling_many_costs_no_more_than_telling_few(home, django_assert_num_queries):
    def told(count):
        activity = make_activity(association=home)
        for _number in range(count):
            make_participation(activity, make_member(association=home))
        return activity

    few, many = told(3), told(40)
    with django_assert_num_queries(11):
        cancel_activity(few, reason="台风")
    with django_assert_num_queries(11):
        cancel_activity(many, reason="台风")


def test_an_e_mail_goes_to_who_agreed(home, mailoutbox, django_capture_on_commit_callbacks):
    activity = make_activity("国情考察", association=home)
    for name, agrees in (("张三", True), ("李四", False)):
        member = make_member(name, association=home, email=f"m{agrees}@example.org")
        make_participation(activity, member)
        if agrees:
            give_consent(member, Consent.Purpose.MESSAGES, way=Consent.Way.SELF, actor=None)

    with django_capture_on_commit_callbacks(execute=True):
        cancel_activity(activity, reason="台风")

    assert [mail.to for mail in mailoutbox] == [["mTrue@example.org"]]


# -- moved, more and fewer places


def test_a_moved_activity_tells_old_and_new_time_once(home):
    activity = make_activity("国情考察", association=home, place="会议室", reminded_at=timezone.now())
    signed_up(activity, ["张三", "李四"])
    before = activity.when

    activity.starts_at += DAY
    activity.ends_at += DAY
    activity.place = "实践基地"
    changed = change_activity(activity)

    assert changed.told == 2
    message = Message.objects.first()
    assert message.title == "活动时间或地点有变：国情考察"
    assert f"{before} 会议室" in message.text
    assert f"{activity.when} 实践基地" in message.text
    activity.refresh_from_db()
    assert (activity.moved_at is not None, activity.reminded_at) == (True, None)
    activity.about = "参观"
    assert change_activity(activity).told == 0


def test_a_draft_or_a_past_activity_is_moved_without_a_word(home):
    for activity in (make_activity(association=home, state="draft"), past(association=home)):
        make_participation(activity, make_member(association=home))
        activity.place = "别处"

        assert change_activity(activity).told == 0

    assert not Message.objects.exists()


def test_with_fewer_places_nobody_loses_theirs(home):
    activity = make_activity(association=home, capacity=3)
    rows = signed_up(activity, ["张三", "李四", "王五"])

    activity.capacity = 1
    changed = change_activity(activity)

    assert changed.over == 2
    assert {row.state for row in Participation.objects.all()} == {"signed_up"}
    assert len(rows) == 3
    assert Change.objects.of(activity).first().diff["capacity"] == [3, 1]


def test_an_end_before_the_beginning_is_refused(home):
    activity = make_activity(association=home)
    activity.ends_at = activity.starts_at - HOUR

    with pytest.raises(Exception, match="结束时间早于开始时间"):
        change_activity(activity)


# -- settling


def test_settling_waits_for_the_beginning_and_may_mark_the_absent(home):
    actor = make_user()
    with pytest.raises(NotPossible, match="尚未开始"):
        settle_attendance(make_activity(association=home))
    with pytest.raises(NotPossible):
        settle_attendance(past(association=home, state="draft"))
    activity = past(association=home)
    there, missing = signed_up(activity, ["张三", "李四"])
    invited = make_participation(activity, make_member("王五", association=home), state="invited")
    Participation.objects.filter(pk=there.pk).update(presence="attended")

    settled = settle_attendance(activity, mark_absent=True, actor=actor)

    assert (settled.state, settled.settled_by) == ("closed", actor)
    presences = dict(Participation.objects.values_list("pk", "presence"))
    assert presences == {there.pk: "attended", missing.pk: "absent", invited.pk: ""}
    with pytest.raises(NotPossible):
        settle_attendance(activity)


def test_what_is_open_may_stay_open(home):
    activity = past(association=home)
    signed_up(activity, ["张三"])

    settle_attendance(activity)

    assert activity.participations.get().presence == ""


def test_opening_it_again_needs_and_keeps_a_reason(home):
    activity = past(association=home)
    settle_attendance(activity)

    reopened = reopen_attendance(activity, reason="漏登两人", actor=make_user())

    assert (reopened.state, reopened.settled_at) == ("published", None)
    assert "漏登两人" in Change.objects.of(activity).first().action.note
    with pytest.raises(NotPossible):
        reopen_attendance(activity, reason="再次")


def test_a_settled_activity_is_changed_for_a_reason_alone(home):
    activity = past(association=home)
    settle_attendance(activity)
    activity.refresh_from_db()
    activity.title = "国情考察（第一组）"

    with pytest.raises(NotPossible, match="原因"):
        change_activity(activity)
    change_activity(activity, reason="名称有误")

    assert Activity.objects.get().title == "国情考察（第一组）"
