"""Staff open the door, scan members' codes, and decide about what came late."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.check_in import codes
from activities.check_in.finding import NoCode, read_picture
from activities.models import Activity, Door, Presence, Scan
from members.cards.services import issue_card
from members.qr import qr_code
from members.rights import Role
from organizations.models import Action
from tests.activities.check_in.make import address, code_of, make_door, make_person, signed_in
from tests.make import grant, make_activity, make_association, make_member, make_participation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    return make_association()


@pytest.fixture
def door():
    return make_door()


@pytest.fixture
def secretary(place):
    user = make_user()
    grant(user, Role.SECRETARY, place)
    return user


@pytest.fixture
def desk(secretary):
    client = Client()
    client.force_login(secretary)
    return client


@pytest.fixture
def member(door):
    person = make_member("陈晓梅", number="0007")
    make_participation(door.activity, person)
    return person


def text_of(answer):
    return answer.content.decode()


def url(name, door):
    return reverse(f"activities:check_in_{name}", args=[door.pk])


def scanned(desk, door, text="", **fields):
    return desk.post(url("scan", door), {"text": text, **fields}, headers={"HX-Request": "true"})


def presence(door, member):
    row = door.activity.participations.filter(member=member).first()
    return row and row.presence


def picture_of(text):
    written = io.BytesIO()
    qr_code(text).save(written, kind="png", scale=6, border=4)
    return SimpleUploadedFile("code.png", written.getvalue(), "image/png")


# -- the door and its screen


def test_opening_shows_the_screen_and_closing_ends_it(desk, place):
    activity = make_activity()
    page = text_of(desk.get(activity.get_absolute_url()))
    assert "开放签到" in page

    screen = desk.post(reverse("activities:check_in_open", args=[activity.pk]), follow=True)
    door = Door.objects.get()
    assert codes.in_groups(codes.code_now(door)) in text_of(screen) and "<svg" in text_of(screen)
    assert "扫会员码" in text_of(desk.get(activity.get_absolute_url()))

    desk.post(url("close", door))
    state = text_of(desk.get(url("screen", door), headers={"HX-Request": "true"}))
    assert "签到已结束" in state and "<svg" not in state


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_is_not_announced_has_no_door(desk, state):
    activity = make_activity(state=state)

    desk.post(reverse("activities:check_in_open", args=[activity.pk]))

    assert not Door.objects.exists()


def test_the_screen_counts_and_names_nobody_unless_asked(desk, door, member):
    make_participation(door.activity, make_member(), presence=Presence.LEAVE)
    before = desk.get(url("screen", door)).context["live"]
    scanned(desk, door, "0007")
    page = desk.get(url("screen", door))

    assert (before.expected, before.present, before.leave) == (2, 0, 1)
    assert page.context["live"].present == 1
    assert "陈晓梅" not in text_of(page)
    assert "陈晓梅" in text_of(desk.get(url("screen", door), {"names": 1}))


def test_the_screen_asks_as_much_for_many_as_for_few(desk, door):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            desk.get(url("screen", door), headers={"HX-Request": "true"})
        return len(seen)

    make_participation(door.activity, make_member())
    queries()
    few = queries()
    for _ in range(3):
        make_participation(door.activity, make_member())

    assert queries() == few <= 8


# -- who may


@pytest.mark.parametrize("name", ["screen", "scan", "waiting"])
def test_readers_are_refused_and_strangers_find_nothing(place, door, name):
    reader, stranger = make_user(), make_user()
    grant(reader, Role.VIEWER, place)
    grant(stranger, Role.SECRETARY, make_association())

    for user, status in ((reader, 403), (stranger, 404), (make_person().user, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(url(name, door)).status_code == status


# -- scanning, in every way


def test_the_members_own_code(desk, door, member):
    answer = scanned(desk, door, codes.own_code(member))

    assert 'data-outcome="counted"' in text_of(answer) and "陈晓梅" in text_of(answer)
    row = door.activity.participations.get(member=member)
    assert (row.presence, row.way) == (Presence.ATTENDED, "scanned")
    assert 'data-outcome="again"' in text_of(scanned(desk, door, codes.own_code(member)))


def test_an_expired_code_shows_the_person_and_is_confirmed_by_hand(desk, door, member):
    old = codes.own_code(member, now=timezone.now() - dt.timedelta(minutes=5))
    answer = scanned(desk, door, old)
    assert "已过期" in text_of(answer) and "陈晓梅" in text_of(answer)
    assert presence(door, member) == ""

    scanned(desk, door, old, member=str(member.pk))
    assert presence(door, member) == Presence.ATTENDED


def test_nobody_is_confirmed_who_was_not_found(desk, door, member):
    stranger = make_member(association=make_association())

    scanned(desk, door, "查无此人", member=str(stranger.pk))

    assert not door.scans.exists()


def test_a_code_read_in_time_and_sent_late_counts_as_of_then(desk, door, member):
    old = codes.own_code(member, now=timezone.now() - dt.timedelta(minutes=20))

    for _ in range(2):
        scanned(desk, door, old, key="queued0123456789", age="1200")

    row = door.activity.participations.get(member=member)
    assert row.presence == Presence.ATTENDED
    assert (timezone.now() - row.came_at).total_seconds() == pytest.approx(1200, abs=5)
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["m-1-2-aaaaaaaaaa", "m--", "m-99999999999999999999-1-abc", "\0", "龘", "m-１-1-x"]
)
def test_forged_codes_find_nobody(desk, door, member, text):
    answer = scanned(desk, door, text)

    assert 'data-outcome="error"' in text_of(answer) and answer.status_code == 200
    assert presence(door, member) == ""


def test_the_code_of_the_member_card(desk, door, member, secretary):
    card = issue_card(member, actor=secretary)

    assert "陈晓梅" in text_of(scanned(desk, door, f"https://registry.example.org{card.get_absolute_url()}"))
    assert presence(door, member) == Presence.ATTENDED


def test_a_card_no_longer_valid_is_looked_at_twice(desk, door, member, secretary):
    first = issue_card(member, actor=secretary)
    issue_card(member, actor=secretary)

    answer = scanned(desk, door, first.get_absolute_url())

    assert "已失效" in text_of(answer) and presence(door, member) == ""


def test_a_picture_of_the_code(desk, door, member):
    answer = desk.post(url("scan", door), {"picture": picture_of(codes.own_code(member))})

    assert "陈晓梅" in text_of(answer) and "已签到" in text_of(answer)
    assert presence(door, member) == Presence.ATTENDED


def test_frames_without_a_code_answer_nothing_and_other_files_a_sentence(desk, door):
    blank = SimpleUploadedFile("a.txt", b"no picture", "text/plain")

    assert scanned(desk, door, picture=blank, frame="on").status_code == 204
    blank.seek(0)
    answer = desk.post(url("scan", door), {"picture": blank})
    assert answer.status_code == 422 and "不是图片" in text_of(answer)


def test_a_picture_too_large_is_refused(settings):
    settings.PHOTO_MAX_PIXELS = 100
    with pytest.raises(NoCode):
        read_picture(picture_of("x"))


def test_names_and_initials(desk, door, member):
    twins = [make_member("王伟") for _ in range(2)]

    assert 'data-outcome="counted"' in text_of(scanned(desk, door, "陈晓梅"))
    answer = text_of(scanned(desk, door, "王伟"))
    assert answer.count("是本人，签到") == 2 and presence(door, twins[0]) is None
    assert "王伟" in text_of(scanned(desk, door, "ww"))
    done = text_of(scanned(desk, door, "王伟", member=str(twins[1].pk)))
    assert "未报名" in done and presence(door, twins[1]) == Presence.ATTENDED


def test_members_of_other_associations_are_not_found(desk, door):
    stranger = make_member("别处人", association=make_association())

    for text in ("别处人", codes.own_code(stranger)):
        assert 'data-outcome="error"' in text_of(scanned(desk, door, text))


def test_a_closed_door_takes_no_scan(desk, door, member):
    desk.post(url("close", door))

    assert "签到已结束" in text_of(scanned(desk, door, "0007"))
    assert presence(door, member) == ""


# -- what came late


@pytest.fixture
def late(door):
    people = [make_person(name) for name in ("赵一", "钱二", "孙三")]
    for person in people:
        signed_in(Client, person).post(address(door, code_of(door, ago=600)), {"age": "590"})
    return people


def test_late_ones_are_accepted_one_by_one_and_refused_together(desk, door, late):
    page = desk.get(url("waiting", door))
    assert [scan.member.name for scan in page.context["scans"]] == ["赵一", "钱二", "孙三"]
    assert "3条签到待确认" in text_of(desk.get(door.activity.get_absolute_url()))

    first = page.context["scans"][0]
    desk.post(url("waiting", door), {"do": "accept", "scans": [first.pk]})
    desk.post(url("waiting", door), {"do": "refuse", "every": "on", "note": "不在现场"})

    assert [presence(door, person) for person in late] == [Presence.ATTENDED, None, None]
    assert list(Scan.objects.filter(outcome="refused").values_list("note", flat=True)) == ["不在现场"] * 2
    assert "待确认" not in text_of(desk.get(door.activity.get_absolute_url()))


@pytest.mark.parametrize(
    "data", [{}, {"do": "accept"}, {"do": "x"}, {"do": "accept", "scans": ["9" * 30, "x"]}]
)
def test_wrong_decisions_are_explained(desk, door, late, data):
    assert desk.post(url("waiting", door), data).status_code == 422


def test_once_settled_accepting_needs_a_reason(desk, door, late):
    Activity.objects.update(state="closed", settled_at=timezone.now())

    assert desk.post(url("waiting", door), {"do": "accept", "every": "on"}).status_code == 422
    desk.post(url("waiting", door), {"do": "accept", "every": "on", "reason": "当时网络中断"})

    assert [presence(door, person) for person in late] == [Presence.ATTENDED] * 3
    assert Action.objects.filter(note__contains="当时网络中断").exists()


# -- afterwards


def test_old_scans_go_and_the_presence_stays(desk, door, member, capsys):
    scanned(desk, door, "0007")
    Scan.objects.update(received_at=timezone.now() - dt.timedelta(days=182))

    call_command("delete_old_scans")

    assert not Scan.objects.exists() and presence(door, member) == Presence.ATTENDED
