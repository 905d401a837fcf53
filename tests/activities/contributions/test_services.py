"""Services and hours: claimed by members, confirmed, refused and entered by staff."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.contributions.claims import confirm, refuse, take_back
from activities.contributions.sums import served
from activities.fields import ensure_fields
from activities.models import Activity, Participation, Presence, Service
from members.rights import Role
from organizations.models import Body, Change
from organizations.services import NotPossible
from tests.activities.contributions.given import DAY, State, make_service, signed_in, statements
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_body,
    make_member,
    make_participation,
    make_user,
)
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("activities:services")
OWN = reverse("own_activities:contributions")
CLAIM = reverse("own_activities:service_claim")


@pytest.fixture
def home():
    return make_association("本区联合会")


@pytest.fixture
def member(home):
    return make_member("张一", association=home)


@pytest.fixture
def clerk(home):
    user = make_user(name="钱秘书")
    grant(user, Role.SECRETARY, home)
    return user


def page_of(row):
    return reverse("activities:service", args=[row.pk])


def test_the_member_claims_the_secretary_confirms_and_the_member_is_told(client, home, member, clerk):
    field = ensure_fields(home).get(name="志愿服务")
    signed_in(client, member)
    data = {"on": "2026-03-08", "field": field.pk, "what": "社区义诊", "for_whom": "某社区", "hours": "3.5"}

    answer = client.post(CLAIM, data)

    row = Service.objects.get()
    assert answer.url == OWN
    assert (row.member, row.state, row.hours, row.field) == (member, State.CLAIMED, Decimal("3.5"), field)
    page = client.get(OWN).content.decode()
    assert "待确认" in page and "社区义诊" in page
    assert served(Service.objects.all()).hours == 0

    client.force_login(clerk)
    assert "张一" in client.get(LIST).content.decode()
    assert client.post(page_of(row), {"do": "confirm", "hours": "3.0", "answer": ""}).url == LIST

    row.refresh_from_db()
    assert (row.state, row.hours, row.decided_by) == (State.CONFIRMED, Decimal("3.0"), clerk)
    message = member.messages.get()
    assert message.title == "已确认：社区义诊"
    assert "您申报 3.5 小时，确认为 3.0 小时。" in message.text
    assert message.link == OWN
    signed_in(client, member)
    assert "2026 年：3.0 小时" in client.get(OWN).content.decode()


def test_refusing_needs_an_answer_which_the_member_reads(client, member, clerk):
    row = make_service(member)
    client.force_login(clerk)

    bare = client.post(page_of(row), {"do": "refuse", "answer": " ", "hours": "3.0"})
    assert bare.status_code == 422
    assert "请写明不采纳的原因。" in bare.content.decode()
    client.post(page_of(row), {"do": "refuse", "answer": "已由街道记录", "hours": "3.0"})

    row.refresh_from_db()
    assert (row.state, row.answer, row.hours) == (State.REFUSED, "已由街道记录", Decimal("3.0"))
    assert member.messages.get().text == "已由街道记录"
    signed_in(client, member)
    assert "已由街道记录" in client.get(OWN).content.decode()


def test_nobody_decides_a_claim_of_their_own(client, home, clerk):
    own = make_member("钱秘书", association=home, user=clerk)
    row = make_service(own)
    done = make_service(own, "支教", state=State.CONFIRMED)
    client.force_login(clerk)

    assert "由同事确认" in client.get(page_of(row)).content.decode()
    assert client.post(page_of(row), {"do": "confirm", "hours": "3.0"}).status_code == 422
    assert client.post(page_of(done), {"do": "take_back", "answer": "错"}).status_code == 422
    client.post(reverse("activities:services_confirm"), {"row": [row.pk]})

    assert [each.state for each in Service.objects.order_by("pk")] == [State.CLAIMED, State.CONFIRMED]
    with pytest.raises(NotPossible):
        confirm(row, actor=clerk)


def test_several_are_confirmed_at_once_and_what_is_decided_stays(client, member, clerk):
    waiting = [make_service(member, f"服务{number}") for number in range(2)]
    refused = make_service(member, "重复的", state=State.REFUSED)
    client.force_login(clerk)

    rows = [*(row.pk for row in waiting), refused.pk, "x", "9" * 30]
    page = client.post(reverse("activities:services_confirm"), {"row": rows}, follow=True)

    assert "已确认 2 条服务。" in page.content.decode()
    assert list(Service.objects.order_by("pk").values_list("state", flat=True)) == [
        State.CONFIRMED,
        State.CONFIRMED,
        State.REFUSED,
    ]
    assert member.messages.count() == 2


def test_a_confirmed_one_is_taken_back_with_its_reason(member, clerk):
    row = make_service(member, state=State.CONFIRMED)

    with pytest.raises(NotPossible):
        take_back(row, actor=clerk, reason=" ")
    take_back(row, actor=clerk, reason="记错了人")

    row.refresh_from_db()
    assert (row.state, row.answer) == (State.WITHDRAWN, "记错了人")
    assert served(Service.objects.all()).count == 0
    with pytest.raises(NotPossible):
        refuse(row, actor=clerk, answer="再次")


def test_what_comes_of_the_attendance_is_corrected_there(member, clerk):
    row = make_service(member, state=State.CONFIRMED, activity=make_activity(), is_credited=True)

    with pytest.raises(NotPossible):
        take_back(row, actor=clerk, reason="记错了人")


def test_the_member_changes_and_withdraws_what_waits_alone(client, member, clerk):
    row = make_service(member)
    other = make_service(make_member("李二", association=member.association))
    done = make_service(member, "支教", state=State.CONFIRMED)
    signed_in(client, member)
    edit = reverse("own_activities:service_edit", args=[row.pk])

    client.post(edit, {"on": "2026-03-09", "what": "义诊两场", "hours": "5"})
    row.refresh_from_db()
    assert (row.on, row.what, row.hours) == (dt.date(2026, 3, 9), "义诊两场", 5)
    for pk in (other.pk, done.pk):
        assert client.get(reverse("own_activities:service_edit", args=[pk])).status_code == 404
    assert client.post(reverse("own_activities:service_withdraw", args=[other.pk])).status_code == 404
    client.post(reverse("own_activities:service_withdraw", args=[done.pk]))
    client.post(reverse("own_activities:service_withdraw", args=[row.pk]))

    states = dict(Service.objects.values_list("pk", "state"))
    assert states == {row.pk: State.WITHDRAWN, other.pk: State.CLAIMED, done.pk: State.CONFIRMED}


def past(title, **fields):
    starts_at = timezone.now() - dt.timedelta(days=3)
    return make_activity(title, starts_at=starts_at, **fields)


def test_hours_are_claimed_for_own_past_activities_without_any(client, member):
    came, absent, credited, coming = past("送法进校园"), past("未到"), past("已记"), make_activity("将来")
    pending = past("待结算", hours=2)
    for activity in (came, credited, pending):
        make_participation(activity, member, presence=Presence.ATTENDED)
    make_participation(absent, member, presence=Presence.ABSENT)
    make_participation(coming, member)
    make_service(member, activity=credited, state=State.CONFIRMED)
    make_service(member, activity=came, state=State.REFUSED)
    signed_in(client, member)

    form = client.get(CLAIM).context["form"]
    assert list(form.fields["activity"].queryset) == [came]
    client.post(CLAIM, {"activity": came.pk, "hours": "2"})

    row = Service.objects.get(state=State.CLAIMED)
    assert (row.activity, row.what, row.on) == (came, "送法进校园", came.on)
    again = client.post(CLAIM, {"activity": came.pk, "hours": "2"})
    assert again.status_code == 422
    assert Service.objects.filter(activity=came, state=State.CLAIMED).count() == 1


def test_staff_enter_hours_for_many_members(client, home, member, clerk):
    others = [make_member(association=home, number=f"00{number}") for number in range(2)]
    client.force_login(clerk)
    names = f"张一\n{others[0].name}、001"

    client.post(
        reverse("activities:service_new"),
        {"members": names, "on": "2026-03-08", "what": "植树", "hours": "4"},
    )

    rows = Service.objects.filter(what="植树")
    assert {row.member for row in rows} == {member, *others}
    assert {(row.state, row.hours, row.decided_by) for row in rows} == {(State.CONFIRMED, 4, clerk)}
    assert member.messages.get().title == "已为您记录：植树"
    assert Change.objects.of(member).filter(content_type__model="service").count() == 1


def test_entering_names_who_is_nobody_and_not_oneself(client, home, clerk):
    make_member("钱秘书", association=home, user=clerk)
    client.force_login(clerk)
    address, data = reverse("activities:service_new"), {"on": "2026-03-08", "what": "植树", "hours": "4"}

    unknown = client.post(address, data | {"members": "无此人"})
    assert unknown.status_code == 422
    assert "无此人" in unknown.content.decode()
    assert client.post(address, data | {"members": "钱秘书"}).status_code == 422
    assert not Service.objects.exists()


def test_hours_of_an_activity_are_entered_once(client, home, member, clerk):
    activity = past("送法进校园")
    make_service(member, activity=activity)
    client.force_login(clerk)

    answer = client.post(
        reverse("activities:service_new"),
        {"members": "张一", "on": "2026-03-08", "what": "讲课", "activity": activity.pk},
    )

    assert answer.status_code == 422
    assert "张一" in answer.content.decode()
    assert Service.objects.count() == 1


def test_strangers_find_nothing_readers_decide_nothing(client, home, member):
    row = make_service(member)
    sign_in(client, Role.MANAGER, make_association("外地"))
    assert client.get(page_of(row)).status_code == 404
    assert "张一" not in client.get(LIST).content.decode()

    sign_in(client, Role.VIEWER, home)
    assert client.get(page_of(row)).status_code == 200
    assert 'name="do"' not in client.get(page_of(row)).content.decode()
    assert client.post(page_of(row), {"do": "confirm"}).status_code == 403
    assert client.post(reverse("activities:services_confirm"), {"row": [row.pk]}).status_code == 403
    assert client.get(reverse("activities:service_new")).status_code == 403
    row.refresh_from_db()
    assert row.state == State.CLAIMED


def test_services_of_a_hidden_body_are_not_told_of(client, home, member, clerk):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="隐支部", hides_people=True)
    activity = past("隐活动", host=branch)
    row = make_service(member, "隐活动", activity=activity, state=State.CONFIRMED)
    client.force_login(clerk)

    assert "隐活动" not in client.get(f"{LIST}?state=confirmed").content.decode()
    assert client.get(page_of(row)).status_code == 404
    assert "隐活动" not in client.get(reverse("activities:service_new")).content.decode()
    history = client.get(reverse("admin:members_member_history", args=[member.pk])).content.decode()
    assert "隐活动" not in history
    signed_in(client, member)
    assert "隐活动" in client.get(OWN).content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"hours": "1e400"},
        {"hours": "-1"},
        {"hours": "0"},
        {"hours": "1000.5"},
        {"hours": "NaN"},
        {"what": "a\0b"},
        {"what": ""},
        {"what": "长" * 301},
        {"on": "99999-01-01"},
        {"on": "0001-01-01"},
        {"on": "2999-01-01"},
        {"field": "9" * 30},
        {"field": "x"},
        {"activity": "1"},
    ],
)
def test_bad_input_is_refused_and_kept(client, member, bad):
    activity = past("送法进校园")
    make_participation(activity, member, presence=Presence.ATTENDED)
    if bad == {"activity": "1"}:
        bad = {"activity": make_activity("别人的").pk}
    signed_in(client, member)

    answer = client.post(CLAIM, {"on": "2026-03-08", "what": "义诊", "hours": "2"} | bad)

    assert answer.status_code == 422
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "query", ["q=%00", "year=1e400", "year=99999999999999999999", "field=x", "page=0", "state=%00", "field=1"]
)
def test_the_list_withstands_any_question(client, home, member, query):
    make_service(member)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(f"{LIST}?{query}").status_code == 200
    assert client.get(f"{reverse('activities:honours')}?{query}").status_code == 200


def test_the_list_is_narrowed_by_field_year_and_member(client, home, member):
    fields = list(ensure_fields(home))
    make_service(member, "一", state=State.CONFIRMED, field=fields[0])
    make_service(member, "二", state=State.CONFIRMED, field=fields[1], on=dt.date(2025, 5, 1))
    make_service(make_member("李二", association=home), "三", state=State.CONFIRMED, hours="2.5")
    sign_in(client, Role.VIEWER, home)

    def shown(query):
        context = client.get(f"{LIST}?state=confirmed&{query}").context
        return sorted(row.what for row in context["page"]), context["served"].hours

    assert shown("") == (["一", "三", "二"], Decimal("8.5"))
    assert shown(f"field={fields[1].pk}") == (["二"], Decimal("3.0"))
    assert shown("year=2025") == (["二"], Decimal("3.0"))
    assert shown("q=李二") == (["三"], Decimal("2.5"))


def test_pages_take_the_same_statements_however_many_there_are(client, home, member):
    field = ensure_fields(home)[0]

    def add(number):
        one = make_member(association=home)
        activity = past(f"活动{number}")
        for state in (State.CLAIMED, State.CONFIRMED):
            make_service(one, state=state, field=field)
            make_service(member, state=state, field=field)
        make_service(member, activity=activity, state=State.CONFIRMED)

    add(0)
    user = sign_in(client, Role.SECRETARY, home)
    addresses = [f"{LIST}?state=claimed", f"{LIST}?state=confirmed"]
    few = [statements(client, address) for address in addresses]
    signed_in(client, member)
    own = statements(client, OWN)
    add(1)
    add(2)

    assert statements(client, OWN) == own
    client.force_login(user)
    assert [statements(client, address) for address in addresses] == few


def test_entering_for_many_costs_no_statements_each(home, clerk, django_assert_max_num_queries):
    from activities.contributions.entering import enter_services

    people = [make_member(association=home) for _number in range(30)]

    with django_assert_max_num_queries(15):
        enter_services(people, actor=clerk, what="植树", on=DAY, hours=Decimal(2), activity=None)

    assert Service.objects.count() == 30


def test_a_claim_that_waits_becomes_the_credited_hours(member, clerk):
    """activities.crediting takes the claim over: hours are not counted twice."""
    from activities.crediting import bring_in_line

    activity = past("送法进校园", state=Activity.State.CLOSED, hours=2)
    make_participation(activity, member, presence=Presence.ATTENDED, state=Participation.State.SIGNED_UP)
    make_service(member, activity=activity, hours="5")

    bring_in_line(activity, actor=clerk)

    row = Service.objects.get()
    assert (row.state, row.hours, row.is_credited) == (State.CONFIRMED, Decimal("2.0"), True)


def test_the_workbench_and_the_navigation_count_what_waits(client, home, member):
    make_service(member)
    user = sign_in(client, Role.SECRETARY, home)
    make_service(make_member("自己", association=home, user=user))

    page = client.get(reverse("admin:index")).content.decode()

    assert "1 条服务待确认" in page
