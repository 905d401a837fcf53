"""The page on which staff enter who was there."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.attending import check_in
from activities.models import Activity, Participation, Presence
from members.rights import Role
from organizations.models import Body, Change
from tests.make import (
    make_activity,
    make_association,
    make_body,
    make_member,
    make_participation,
)
from tests.members.screens import messages_of, sign_in

pytestmark = pytest.mark.django_db
State = Participation.State


@pytest.fixture
def home():
    return make_association()


def yesterday(hour=9):
    day = timezone.localdate() - dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


@pytest.fixture
def activity(home):
    """It took place yesterday; 张三, 李四 and 王五 had signed up."""
    activity = make_activity(association=home, starts_at=yesterday())
    for name in ("张三", "李四", "王五"):
        make_participation(activity, make_member(name, association=home))
    return activity


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def address(activity):
    return reverse("activities:attendance", args=[activity.pk])


def row_of(activity, name):
    return activity.participations.get(member__name=name)


def sheet(client, activity, **typed):
    """What a browser would send of the page, with ``张三=("1", "")`` typed; keys of the form go as they are."""
    page = client.get(address(activity)).context["sheet"]
    data = {"seen": page.seen, "how": "expected"}
    keys = {line.name: line for line in page.lines}
    for line in page.lines:
        data |= {f"p{line.pk}": line.key, f"n{line.pk}": line.note}
    for name, value in typed.items():
        if name in keys:
            data |= {f"p{keys[name].pk}": value[0], f"n{keys[name].pk}": value[1]}
        else:
            data[name] = value
    return data


def send(client, activity, data):
    return client.post(address(activity), data)


def stored(activity):
    return {
        row.person: (row.presence, row.proxy_name or row.reason)
        for row in activity.participations.select_related("member")
    }


# -- who


def test_stranger_finds_nothing_reader_is_refused_editor_is_served(client, activity, home):
    far = make_association(code="far", name="外会")
    sign_in(client, Role.SECRETARY, far)
    assert client.get(address(activity)).status_code == 404
    sign_in(client, Role.VIEWER, home)
    assert client.get(address(activity)).status_code == 403
    sign_in(client, Role.SECRETARY, home)
    assert client.get(address(activity)).status_code == 200


def test_list_of_a_hidden_body_is_out_of_sight(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    activity = make_activity("党课", host=branch)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(address(activity)).status_code == 404
    sign_in(client, Role.MANAGER, home)
    assert client.get(address(activity)).status_code == 200


# -- entering


def test_each_is_entered_with_note(client, activity, secretary):
    data = sheet(client, activity, 张三=("1", ""), 李四=("3", "出差"), 王五=("6", "赵六"))

    response = send(client, activity, data)

    assert response.status_code == 302
    assert messages_of(client.get(address(activity))) == ["已保存3项。"]
    assert stored(activity) == {
        "张三": ("attended", ""),
        "李四": ("leave", "出差"),
        "王五": ("proxy", "赵六"),
    }
    assert row_of(activity, "张三").way == "list"
    assert row_of(activity, "张三").entered_by == secretary


def test_only_what_differs_is_written(client, activity, secretary):
    send(client, activity, sheet(client, activity, 张三=("1", "")))
    before = Change.objects.count()

    send(client, activity, sheet(client, activity, 李四=("2", "")))

    assert Change.objects.count() == before + 1
    assert stored(activity)["张三"] == ("attended", "")


def test_reason_stays_beside_who_came_instead(client, activity, secretary):
    send(client, activity, sheet(client, activity, 张三=("3", "出差")))
    send(client, activity, sheet(client, activity, 张三=("6", "赵六")))

    row = row_of(activity, "张三")
    assert (row.proxy_name, row.reason) == ("赵六", "出差")


def test_the_rest(client, activity, secretary):
    invited = make_participation(activity, make_member("赵六"), state=State.INVITED)

    send(client, activity, sheet(client, activity, 张三=("1", ""), rest="absent"))

    assert stored(activity) == {
        "张三": ("attended", ""),
        "李四": ("absent", ""),
        "王五": ("absent", ""),
        "赵六": ("", ""),
    }
    assert invited.is_expected is False


def test_check_in_at_the_door_meanwhile_is_kept_and_where_both_wrote_it_is_asked(client, activity, secretary):
    data = sheet(client, activity, 李四=("4", ""), 王五=("1", ""))
    for name in ("张三", "李四"):
        check_in(activity, row_of(activity, name).member, way="screen", at=yesterday(9))

    response = send(client, activity, data)

    assert response.status_code == 422
    assert response.context["errors"] == ["李四：此间已有人录入“出席”。再次保存将予以替换。"]
    assert stored(activity)["王五"] == ("", "")
    # the page shows what came in, and what was typed
    page = response.context["sheet"]
    assert {line.name: line.key for line in page.lines} == {"张三": "1", "李四": "4", "王五": "1"}
    again = data | {"seen": page.seen} | {f"p{line.pk}": line.key for line in page.lines}
    assert send(client, activity, again).status_code == 302
    assert {name: values[0] for name, values in stored(activity).items()} == {
        "张三": "attended", "李四": "absent", "王五": "attended",
    }  # fmt: skip
    assert row_of(activity, "张三").way == "screen"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("6", ""), "张三：请填写由谁代为出席。"),
        (("9", ""), "张三：请选择列出的选项。"),
        (("1", "长" * 201), "张三：备注超过200字。"),
        (("6", "长" * 101), "张三：备注超过100字。"),
    ],
)
def test_what_cannot_be_is_said_and_kept(client, activity, secretary, typed, said):
    response = send(client, activity, sheet(client, activity, 张三=typed))

    assert response.status_code == 422
    assert response.context["errors"] == [said]
    assert typed[1] in response.content.decode()
    assert stored(activity)["张三"] == ("", "")


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", '{"1": 5}', "[" * 100000, '{"1": [[], {}]}'])
def test_whatever_is_sent_as_seen_is_no_error(client, activity, secretary, seen):
    data = sheet(client, activity, 张三=("1", "a\x00b")) | {"seen": seen, "members": "\x00", "p0": "1"}
    assert send(client, activity, data).status_code in (302, 422)


def test_before_the_day_only_leave(client, home, secretary):
    activity = make_activity(association=home)
    make_participation(activity, make_member("张三", association=home))

    refused = send(client, activity, sheet(client, activity, 张三=("1", "")))
    taken = send(client, activity, sheet(client, activity, 张三=("3", "出差")))

    assert refused.status_code == 422
    assert refused.context["errors"] == [f"活动日期为{activity.on}，此前只能登记请假。"]
    assert taken.status_code == 302
    assert stored(activity) == {"张三": ("leave", "出差")}


def test_settled_needs_a_reason_which_is_shown(client, activity, secretary):
    Activity.objects.filter(pk=activity.pk).update(state="closed", settled_at=timezone.now())

    refused = send(client, activity, sheet(client, activity, 张三=("1", "")))
    nothing = send(client, activity, sheet(client, activity))
    taken = send(client, activity, sheet(client, activity, 张三=("1", ""), correction="漏签到"))

    assert refused.status_code == 422
    assert nothing.status_code == 302
    assert taken.status_code == 302
    corrections = client.get(address(activity)).context["corrections"]
    assert [(row.note, row.count, row.actor) for row in corrections] == [
        ("考勤确认后更正：漏签到", 1, secretary)
    ]


def test_cancelled_is_not_entered(client, activity, secretary):
    Activity.objects.filter(pk=activity.pk).update(state="cancelled")
    assert send(client, activity, sheet(client, activity, 张三=("1", ""))).status_code == 422


# -- putting on the list


def test_member_and_guest_are_put_on_the_list(client, activity, secretary, home):
    make_member("赵六", association=home)
    data = sheet(client, activity, 张三=("1", ""), members="赵六", guest_name="钱七", guest_from="区委统战部")

    response = client.post(address(activity), data, follow=True)

    assert messages_of(response) == ["已保存1项。", "2人已加入名单。"]
    rows = {row.person: row for row in activity.participations.all()}
    assert rows["赵六"].state == rows["钱七"].state == State.SIGNED_UP
    assert rows["赵六"].signed_up_by == secretary
    assert rows["钱七"].guest_from == "区委统战部"


def test_who_came_without_signing_up(client, activity, secretary, home):
    make_member("赵六", association=home)
    declined = make_participation(activity, make_member("孙八", association=home), state=State.DECLINED)

    send(client, activity, sheet(client, activity, members="赵六\n孙八", how="came"))

    assert row_of(activity, "赵六").state == State.WALK_IN
    assert row_of(activity, "赵六").presence == Presence.ATTENDED
    declined.refresh_from_db()
    assert (declined.state, declined.presence) == (State.WALK_IN, Presence.ATTENDED)
    assert activity.participations.counts().others == 2


def test_unknown_names_keep_what_was_typed(client, activity, secretary):
    response = send(client, activity, sheet(client, activity, 张三=("1", ""), members="没有此人"))

    assert response.status_code == 422
    assert "没有此人" in response.context["errors"][0]
    assert stored(activity)["张三"] == ("", "")
    assert {line.name: line.key for line in response.context["sheet"].lines}["张三"] == "1"


def test_a_member_of_another_association_is_not_found(client, activity, secretary):
    make_member("外人", association=make_association(code="far", name="外会"))
    response = send(client, activity, sheet(client, activity, members="外人"))
    assert response.status_code == 422


# -- how much it costs


def test_statements_do_not_grow_with_the_list(client, home, secretary):
    def statements(count):
        activity = make_activity(association=home, starts_at=yesterday())
        for _number in range(count):
            make_participation(activity, make_member(association=home))
        client.get(address(activity))
        with CaptureQueriesContext(
            connection,
        ) as looked:
            client.get(address(activity))
        data = sheet(client, activity, rest="attended")
        with CaptureQueriesContext(connection) as saved:
            assert send(client, activity, data).status_code == 302
        return len(looked), len(saved)

    one, many = statements(1), statements(30)

    assert one == many
    assert many[0] <= 14


def test_seen_is_what_is_stored(client, activity, secretary):
    send(client, activity, sheet(client, activity, 张三=("3", '"引号"')))
    page = client.get(address(activity)).context["sheet"]
    assert json.loads(page.seen) == {str(row_of(activity, "张三").pk): ["3", '"引号"']}
