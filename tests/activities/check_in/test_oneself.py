"""Members check in with the code on the screen of the room."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.check_in import codes
from activities.check_in.doors import close_door, open_door
from activities.check_in.services import accept, refuse
from activities.models import Activity, Door, Participation, Presence, Scan
from members.models import Message
from organizations.models import Body, Change
from tests.activities.check_in.make import address, code_of, make_door, make_person, signed_in
from tests.make import PASSWORD, make_activity, make_association, make_body, make_participation

pytestmark = pytest.mark.django_db
State = Participation.State


@pytest.fixture(autouse=True)
def place():
    return make_association()


@pytest.fixture
def door():
    return make_door()


@pytest.fixture
def member(door):
    person = make_person("陈晓梅")
    make_participation(door.activity, person)
    return person


@pytest.fixture
def phone(member):
    return signed_in(Client, member)


def text_of(answer):
    return answer.content.decode()


def sent(phone, door, code=None, **fields):
    return phone.post(address(door, code), fields)


def row(door, member):
    return door.activity.participations.get(member=member)


# -- reading and pressing the button


def test_reading_the_page_counts_nothing_and_pressing_its_button_does(phone, door, member):
    page = phone.get(address(door))
    phone.head(address(door))

    assert "签到" in text_of(page) and "国情考察" in text_of(page)
    assert row(door, member).presence == "" and not Scan.objects.exists()

    answer = phone.post(
        address(door), {"ticket": page.context["ticket"], "key": page.context["key"]}, follow=True
    )

    came = row(door, member)
    assert (came.presence, came.way, came.state) == (Presence.ATTENDED, "screen", State.SIGNED_UP)
    assert timezone.localtime(came.came_at).strftime("您已于 %H:%M 签到") in text_of(answer)
    assert Change.objects.of(door.activity).filter(object_id=came.pk, kind="~").count() == 1


def test_twice_is_once_with_the_first_time(phone, door, member):
    sent(phone, door)
    first = row(door, member).came_at
    answer = phone.get(address(door))
    again = phone.post(address(door), {}, follow=True)

    assert "您已于" in text_of(answer) and "您已于" in text_of(again)
    assert row(door, member).came_at == first
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["again", "counted"]


def test_the_same_key_is_one_scan(phone, door):
    for _ in range(3):
        sent(phone, door, key="abcdefgh12345678")

    assert Scan.objects.get().outcome == "counted"


def test_who_comes_late_is_late(place):
    door = make_door(make_activity(starts_at=timezone.now() - dt.timedelta(minutes=11)))
    member = make_person()
    make_participation(door.activity, member)

    sent(signed_in(Client, member), door)

    assert row(door, member).presence == Presence.LATE


def test_who_did_not_sign_up_is_counted_apart(door):
    member = make_person()

    sent(signed_in(Client, member), door)

    assert (row(door, member).state, row(door, member).presence) == (State.WALK_IN, Presence.ATTENDED)


def test_a_script_gets_the_result_in_place(phone, door):
    answer = phone.post(address(door), {}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert 'data-outcome="come"' in text_of(answer) and "<html" not in text_of(answer)


# -- how long a code is good for


def test_a_code_is_good_while_it_stands_and_once_more(door):
    now = timezone.now()
    window = int(now.timestamp()) // 20
    fresh = [
        codes.read_code(door, codes._spell(codes._number(door, window - back), 9), now=now).is_fresh
        for back in range(3)
    ]

    assert fresh == [True, True, False]


def test_codes_differ_from_window_to_window_and_from_door_to_door(door):
    other = make_door(make_activity("另一个"))

    assert len({code_of(door), code_of(door, ago=20), code_of(other), code_of(other, ago=20)}) == 4


def test_a_code_of_the_future_or_of_another_door_never_was_one(phone, door):
    other = make_door(make_activity("另一个"))

    for code in (code_of(door, ago=-60), code_of(other), "none", "k7mq2xdh9"):
        assert phone.get(address(door, code)).status_code == 404
        answer = sent(phone, door, code)
        assert answer.status_code == 422 and "无效" in text_of(answer)
    assert not Scan.objects.exists()


@pytest.mark.parametrize("code", ["%00", "a" * 300, "签到", "%F0%9F%98%80"])
def test_no_input_breaks_it(phone, door, code):
    base = reverse("own_activities:type_code")
    assert phone.get(f"{base}{door.pk}/{code}/").status_code == 404
    assert phone.get(f"{base}{10**30}/{code}/").status_code == 404
    for fields in ({"code": code}, {"code": "a\0b", "key": "\0", "age": "-1"}, {"age": "9" * 400}):
        assert phone.post(base, fields).status_code == 422


def test_wrong_codes_are_limited(phone, door, settings):
    settings.LIMITS = settings.LIMITS | {"check_in_wrong": "3/10m/key"}

    answers = [phone.get(address(door, "none")).status_code for _ in range(5)]

    assert answers == [404, 404, 404, 429, 429]
    assert phone.get(address(door)).status_code == 200


def test_opened_again_all_codes_and_tickets_of_before_are_worth_nothing(phone, door, member):
    code, ticket = code_of(door), phone.get(address(door)).context["ticket"]

    open_door(door.activity, actor=None)

    assert phone.post(address(door, code), {"ticket": ticket}).status_code == 422
    assert row(door, member).presence == ""


# -- the ticket


def test_signing_in_between_loses_nothing(door, member, monkeypatch):
    phone, code = Client(), code_of(door)
    lead = phone.get(address(door, code))
    assert lead.status_code == 302 and lead.url.startswith("/accounts/login/?next=/my/activities/check-in/")
    later = timezone.now() + dt.timedelta(minutes=5)
    monkeypatch.setattr("activities.check_in.portal_views.timezone.now", lambda: later)

    phone.post(lead.url, {"login": member.user.email, "password": PASSWORD})
    page = phone.get(address(door, code))
    phone.post(address(door, code), {"ticket": page.context["ticket"]})

    assert row(door, member).presence == Presence.ATTENDED
    assert row(door, member).came_at < later - dt.timedelta(minutes=4)


def test_a_ticket_lasts_ten_minutes(phone, door, member, monkeypatch):
    code = code_of(door)
    ticket = phone.get(address(door, code)).context["ticket"]
    later = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr("activities.check_in.portal_views.timezone.now", lambda: later)

    phone.post(address(door, code), {"ticket": ticket})

    assert row(door, member).presence == ""
    assert Scan.objects.get().outcome == "waiting"


def test_a_ticket_is_nobody_elses_and_of_no_other_door(phone, door, member):
    ticket = phone.get(address(door)).context["ticket"]
    other = make_person()
    another_door = make_door(make_activity("另一个"))

    assert signed_in(Client, other).post(address(door, "none"), {"ticket": ticket}).status_code == 422
    assert phone.post(address(another_door, "none"), {"ticket": ticket}).status_code == 422
    assert phone.post(address(door, "none"), {"ticket": f"{ticket}x"}).status_code == 422


def test_an_old_code_makes_no_ticket_that_counts(phone, door, member):
    old = code_of(door, ago=120)
    page = phone.get(address(door, old))
    assert "已过期" in text_of(page)

    phone.post(address(door, old), {"ticket": page.context["ticket"]})

    assert Scan.objects.get().outcome == "waiting"


def test_who_is_not_signed_in_gets_no_ticket_for_an_old_code(door):
    phone = Client()

    phone.get(address(door, code_of(door, ago=120)))
    assert not phone.cookies
    phone.get(address(door))
    assert phone.cookies[f"check_in_{door.pk}"]["httponly"]


# -- too late: staff decide


@pytest.fixture
def late(phone, door):
    """A code of half an hour ago, of which the phone says that it was read then."""
    sent(phone, door, code_of(door, ago=1800), age="1795", key="latelate1")
    return Scan.objects.get()


def test_what_came_late_waits_and_keeps_when_it_was_read(late, door, member):
    assert late.outcome == "waiting" and row(door, member).presence == ""
    assert (late.received_at - late.read_at).total_seconds() == pytest.approx(1795, abs=25)
    assert (late.received_at - late.shown_at).total_seconds() == pytest.approx(1800, abs=25)


def test_it_waits_once_however_often_it_is_sent(late, phone, door):
    for number in range(3):
        sent(phone, door, code_of(door, ago=1800), key=f"another{number}x")

    assert Scan.objects.count() == 1


def test_a_telephone_cannot_have_read_a_code_before_it_stood_there(phone, door):
    sent(phone, door, code_of(door, ago=60), age="40000")

    assert Scan.objects.get().read_at == Scan.objects.get().shown_at


def test_accepted_it_counts_as_of_the_moment_it_was_read(late, door, member, phone):
    accept(late, actor=None)
    accept(late, actor=None)

    came = row(door, member)
    assert (came.presence, came.came_at) == (Presence.ATTENDED, late.read_at)
    assert Message.objects.get().title == "您的签到已确认"
    assert "您已于" in text_of(phone.get(reverse("own_activities:checked_in", args=[door.pk])))


def test_refused_it_says_why(late, door, member, phone):
    refuse(late, actor=None, note="当时不在现场")

    assert row(door, member).presence == ""
    assert "当时不在现场" in Message.objects.get().text
    page = text_of(phone.get(reverse("own_activities:checked_in", args=[door.pk])))
    assert "未确认" in page and "当时不在现场" in page


def test_who_scans_a_good_code_afterwards_needs_no_decision_any_more(late, phone, door, member):
    sent(phone, door)

    late.refresh_from_db()
    assert row(door, member).presence == Presence.ATTENDED
    assert late.outcome == "again"


# -- closed, cancelled, not theirs


def test_a_closed_door_puts_what_was_read_before_in_front_of_staff(phone, door, member):
    code = code_of(door)
    close_door(door)

    assert "签到已结束" in text_of(phone.get(address(door, code)))
    sent(phone, door, code)

    assert Scan.objects.get().outcome == "waiting"


def test_codes_made_after_closing_are_refused(phone, door):
    close_door(door)
    Door.objects.update(closed_at=timezone.now() - dt.timedelta(minutes=5))
    answer = sent(phone, door)

    assert answer.status_code == 422 and "签到已结束" in text_of(answer)


@pytest.mark.parametrize(("state", "words"), [("cancelled", "已取消"), ("draft", "尚未")])
def test_a_cancelled_activity_takes_nobody(phone, door, member, state, words):
    Activity.objects.update(state=state)

    answer = sent(phone, door)

    assert answer.status_code == 422 and words in text_of(answer)
    assert not Scan.objects.exists()


def test_a_member_of_another_association_is_sent_to_the_staff(door):
    stranger = make_person(association=make_association())

    answer = sent(signed_in(Client, stranger), door)

    assert answer.status_code == 422 and "其他联合会" in text_of(answer)
    assert not Scan.objects.exists()


def test_who_left_is_sent_to_the_staff_unless_on_the_list(door):
    left = make_person(status="退会")
    phone = signed_in(Client, left)

    assert sent(phone, door).status_code == 422
    make_participation(door.activity, left)
    assert sent(phone, door).status_code == 302
    assert row(door, left).presence == Presence.ATTENDED


def test_of_a_hidden_body_outsiders_do_not_even_read_the_name(place):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=place, hides_people=True)
    activity = make_activity("组织生活会", host=branch, sign_up="invited")
    door, outsider = make_door(activity), make_person()
    phone = signed_in(Client, outsider)

    for answer in (
        phone.get(address(door)),
        phone.get(address(door, code_of(door, ago=90))),
        sent(phone, door),
    ):
        assert "组织生活会" not in text_of(answer) and "不在名单" in text_of(answer)
    assert not Scan.objects.exists()
    assert phone.get(reverse("own_activities:checked_in", args=[door.pk])).status_code == 404

    make_participation(activity, outsider)
    assert sent(phone, door).status_code == 302


# -- typed


def test_the_code_is_typed_as_people_read_it(phone, door, member):
    typed = codes.in_groups(code_of(door)).upper()

    answer = phone.post(reverse("own_activities:type_code"), {"code": f" {typed} "})

    assert answer.url == reverse("own_activities:checked_in", args=[door.pk])
    assert row(door, member).presence == Presence.ATTENDED


@pytest.mark.parametrize(("typed", "words"), [("k7m", "九位"), ("k7m q2x dh9", "无效"), ("", "请输入")])
def test_a_mistyped_code_says_so_and_keeps_what_was_typed(phone, door, typed, words):
    answer = phone.post(reverse("own_activities:type_code"), {"code": typed})

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not typed or f'value="{typed}"' in text_of(answer)


# -- the part of the member's page, queries


def test_the_page_of_the_activity_leads_to_check_in_while_it_is_open(phone, door):
    page = reverse("own_activities:activity", args=[door.activity_id])

    assert "签到已开始" in text_of(phone.get(page))
    close_door(door)
    assert "签到已开始" not in text_of(phone.get(page))


def test_checking_in_asks_the_database_little(phone, door, django_assert_max_num_queries):
    phone.get(address(door))
    with django_assert_max_num_queries(9):
        phone.get(address(door))
    with django_assert_max_num_queries(25):
        phone.post(address(door), {}, headers={"HX-Request": "true"})
