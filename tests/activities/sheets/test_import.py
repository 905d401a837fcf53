"""Sheets as offices keep them: words, guests, conflicts with the list, layouts, taking back."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.attending import Entry, check_in, record_presences
from activities.models import Activity, Participation
from activities.sheets.words import PRESENCE_OF
from members.models import ImportBatch, Member
from members.rights import Role
from organizations.models import Action, Body, Change
from tests.activities.sheets.sheets import (
    TITLE,
    activity_on,
    answer,
    apply,
    bring,
    choose,
    codes,
    file_of,
    listed,
    numbers,
    outcomes,
    panel,
    sheet_of,
    undo,
    upload,
)
from tests.make import make_activity, make_body, make_member, make_mobile, make_participation, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db
State, Way = Participation.State, Participation.Way


@pytest.fixture
def people(home):
    """{name: Member} of five members."""
    return {name: make_member(name, association=home) for name in ("张三", "李四", "王五", "赵六", "钱七")}


def row(people, name, *rest):
    return (name, people[name].mobile if name in people else None, *rest)


def test_words_and_marks_become_attendance(client, home, secretary, people):
    activity = activity_on(association=home)
    sheet = sheet_of(
        row(people, "张三", "√"),
        row(people, "李四", None, "请假（出差）"),
        row(people, "王五", "√", "迟到"),
        row(people, "赵六", None, "由周八代"),
        row(people, "钱七", "√", "列席"),
    )

    batch = upload(client, home, sheet)
    assert batch.options["activity"] == activity.pk
    apply(client, batch)

    assert listed(activity) == {
        "张三": ("signed_up", "attended", ""),
        "李四": ("signed_up", "leave", "出差"),
        "王五": ("signed_up", "late", ""),
        "赵六": ("signed_up", "proxy", "周八"),
        "钱七": ("walk_in", "observer", ""),
    }
    counts = activity.participations.counts()
    assert (counts.expected, counts.present, counts.observers) == (4, 3, 1)


def test_from_the_page_of_the_activity(client, home, secretary, people):
    activity = activity_on(association=home, title="别的名称")
    page = client.get(activity.get_absolute_url()).content.decode()
    assert reverse("activities:sheet_upload", args=[activity.pk]) in page

    batch = bring(client, activity, sheet_of(row(people, "张三", "√")))
    apply(client, batch)

    assert listed(activity) == {"张三": ("signed_up", "attended", "")}
    assert "签到表.xlsx" in client.get(activity.get_absolute_url()).content.decode()


def test_an_unclear_word_is_asked_for_all_alike(client, home, secretary, people):
    activity = activity_on(association=home)
    batch = upload(
        client,
        home,
        sheet_of(row(people, "张三", "○"), row(people, "李四", "○"), row(people, "王五", "√")),
    )
    assert outcomes(batch) == {"张三": "question", "李四": "question", "王五": "new"}

    answer(client, batch, "张三", presence="请假", alike="presence", do="save")
    assert outcomes(batch) == {"张三": "new", "李四": "new", "王五": "new"}
    apply(client, batch)

    assert {name: presence for name, (_s, presence, _r) in listed(activity).items()} == {
        "张三": "leave",
        "李四": "leave",
        "王五": "attended",
    }


def test_a_signature_beside_leave_is_asked(client, home, secretary, people):
    activity_on(association=home)
    batch = upload(client, home, sheet_of(row(people, "张三", "√", "请假")))

    assert codes(batch, "张三") == ["presence_unclear"]
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "√ / 请假" in page


def test_blanks_enter_nothing_until_somebody_says_what_they_mean(client, home, secretary, people):
    activity = activity_on(association=home)
    batch = upload(client, home, sheet_of(row(people, "张三", "√"), row(people, "李四"), row(people, "王五")))
    assert panel(client, batch)["blank"] == 2

    choose(client, batch, blank="absent")
    assert panel(client, batch)["blank"] == 0
    apply(client, batch)

    assert {name: presence for name, (_s, presence, _r) in listed(activity).items()} == {
        "张三": "attended",
        "李四": "absent",
        "王五": "absent",
    }


def test_blanks_are_expected_people(client, home, secretary, people):
    activity = activity_on(association=home)
    apply(client, upload(client, home, sheet_of(row(people, "张三"), row(people, "李四", "√"))))

    assert listed(activity)["张三"] == ("signed_up", "", "")
    assert activity.participations.counts().open == 1


# -- people who are no members


def test_strangers_one_by_one(client, home, secretary, people):
    activity = activity_on(association=home)
    sheet = sheet_of(
        row(people, "张三", "√"),
        ("周八", make_mobile(81), "√", None, "区委统战部", "科长"),
        ("吴九", make_mobile(82), "√", None, "某公司", "经理"),
        ("郑十", make_mobile(83), "√", None, "某公司", "经理"),
    )
    batch = upload(client, home, sheet)
    assert outcomes(batch) == {"张三": "new", "周八": "question", "吴九": "question", "郑十": "question"}

    answer(client, batch, "周八", pick="who:来宾")
    answer(client, batch, "吴九", do="leave")
    answer(client, batch, "郑十", choice="new")
    assert outcomes(batch) == {"张三": "new", "周八": "new", "吴九": "left_out", "郑十": "new"}
    apply(client, batch)

    guest = activity.participations.get(member=None)
    assert (guest.guest_name, guest.guest_from, guest.guest_post) == ("周八", "区委统战部", "科长")
    assert (guest.presence, guest.way) == ("attended", "sheet")
    assert Member.objects.get(name="郑十").mobile == make_mobile(83)
    assert sorted(listed(activity)) == ["周八", "张三", "郑十"]
    again = upload(client, home, sheet)
    assert outcomes(again) | {"吴九": ""} == {
        "张三": "unchanged",
        "周八": "unchanged",
        "吴九": "",
        "郑十": "unchanged",
    }


def test_strangers_all_at_once(client, home, secretary, people):
    activity = activity_on(association=home)
    make_member("周八", association=home, mobile=make_mobile(99), employer="甲公司")
    batch = upload(
        client,
        home,
        sheet_of(
            ("周八", make_mobile(81), "√", None, "乙公司"),
            ("吴九", make_mobile(82), "√"),
            ("郑十", make_mobile(83), "√"),
        ),
    )
    assert panel(client, batch)["strangers"] == 2

    client.post(reverse("activities:sheet_strangers", args=[batch.pk]), {"do": "guests"})
    batch.refresh_from_db()

    # whoever has the name of a member is looked at
    assert outcomes(batch) == {"周八": "question", "吴九": "new", "郑十": "new"}
    apply(client, batch)
    assert sorted(listed(activity)) == ["吴九", "郑十"]


def test_strangers_answered_for_all_alike(client, home, secretary, people):
    activity_on(association=home)
    batch = upload(client, home, sheet_of(("吴九", make_mobile(82), "√"), ("郑十", make_mobile(83), "√")))

    answer(client, batch, "吴九", pick="who:来宾", alike="who")

    assert outcomes(batch) == {"吴九": "new", "郑十": "new"}


# -- what the list says already


def test_check_in_that_agrees_is_unchanged(client, home, secretary, people):
    on = timezone.localdate()
    activity = activity_on(on, association=home)
    check_in(activity, people["张三"], way=Way.SCREEN, at=activity.starts_at + dt.timedelta(minutes=30))
    make_participation(activity, people["李四"])
    line = f"时间：{on:%Y年%m月%d日}"

    batch = upload(client, home, sheet_of(row(people, "张三", "√"), row(people, "李四", "√"), lines=[line]))

    # late by the clock is there all the same, and came without signing up
    assert outcomes(batch) == {"张三": "unchanged", "李四": "update"}
    apply(client, batch)
    assert listed(activity) == {
        "张三": ("walk_in", "late", ""),
        "李四": ("signed_up", "attended", ""),
    }
    assert activity.participations.get(member=people["张三"]).way == Way.SCREEN


def test_check_in_that_contradicts_is_asked(client, home, secretary, people):
    activity = activity_on(association=home)
    for name in ("张三", "李四"):
        made = make_participation(activity, people[name])
        check_in(activity, made.member, way=Way.SCREEN, at=activity.starts_at + dt.timedelta(minutes=2))
    batch = upload(
        client, home, sheet_of(row(people, "张三", None, "缺席"), row(people, "李四", None, "请假"))
    )
    assert codes(batch, "张三") == ["presence_differs"]
    assert "09:02" in client.get(batch.get_absolute_url()).content.decode()

    answer(client, batch, "张三", pick="keep:保留原记录")
    answer(client, batch, "李四", pick="keep:按签到表更正")
    assert outcomes(batch) == {"张三": "unchanged", "李四": "update"}
    apply(client, batch)

    assert {name: presence for name, (_s, presence, _r) in listed(activity).items()} == {
        "张三": "attended",
        "李四": "leave",
    }


def test_who_was_invited_or_declined_is_expected(client, home, secretary, people):
    activity = activity_on(association=home)
    now = timezone.now()
    make_participation(activity, people["张三"], state=State.INVITED, invited_at=now)
    make_participation(activity, people["李四"], state=State.DECLINED, invited_at=now)
    make_participation(activity, people["王五"], presence="leave", reason="出差")
    sheet = sheet_of(
        row(people, "张三", "√"), row(people, "李四", None, "请假"), row(people, "王五", None, "请假")
    )

    batch = upload(client, home, sheet)
    assert outcomes(batch) == {"张三": "update", "李四": "update", "王五": "unchanged"}
    apply(client, batch)

    assert listed(activity) == {
        "张三": ("signed_up", "attended", ""),
        "李四": ("signed_up", "leave", ""),
        "王五": ("signed_up", "leave", "出差"),
    }


def test_a_check_in_after_the_preview_becomes_a_question(client, home, secretary, people):
    activity = activity_on(association=home)
    batch = upload(client, home, sheet_of(row(people, "张三", None, "缺席"), row(people, "李四", "√")))
    check_in(activity, people["张三"], way=Way.SCANNED)

    apply(client, batch)

    assert outcomes(batch) == {"张三": "question", "李四": "new"}
    assert codes(batch, "张三") == ["presence_differs"]
    assert listed(activity)["张三"][1] in ("attended", "late")


def test_a_settled_attendance_wants_a_reason(client, home, secretary, people):
    activity = activity_on(association=home, state=Activity.State.CLOSED, hours=2)
    make_participation(activity, people["张三"], presence="absent")
    batch = upload(client, home, sheet_of(row(people, "张三", "√")))
    answer(client, batch, "张三", pick="keep:按签到表更正")

    assert apply(client, batch)[-1] == "考勤已经确认：请在“更改…”中写明更正的原因。"
    assert listed(activity)["张三"][1] == "absent"

    actions = Action.objects.count()
    choose(client, batch, correction="补交签到表")
    apply(client, batch)

    assert listed(activity)["张三"][1] == "attended"
    assert Action.objects.count() == actions + 1
    assert "补交签到表" in Action.objects.latest("pk").note
    assert people["张三"].services.get().hours == 2


def test_a_sheet_of_a_day_to_come_enters_leave_alone(client, home, secretary, people):
    on = timezone.localdate() + dt.timedelta(days=3)
    activity = activity_on(on, association=home)
    line = f"时间：{on:%Y年%m月%d日}"
    batch = upload(
        client, home, sheet_of(row(people, "张三"), row(people, "李四", None, "请假"), lines=[line])
    )
    apply(client, batch)
    assert listed(activity) == {"张三": ("signed_up", "", ""), "李四": ("signed_up", "leave", "")}

    batch = upload(client, home, sheet_of(row(people, "张三", "√"), lines=[line]))
    *_others, told = apply(client, batch)
    assert on.isoformat() in told
    assert listed(activity)["张三"][1] == ""


# -- layouts


def test_people_side_by_side(client, home, secretary, people):
    activity = activity_on(association=home)
    rows = [
        [TITLE],
        ["时间：2026年10月21日"],
        ["序号", "姓名", "签名", "序号", "姓名", "签名"],
        [1, "张三", "√", 2, "李四", None],
        [3, "王五", "√", 4, "赵六", "√"],
        [5, "钱七", "√"],
        ["应到5人，实到4人，缺席1人"],
    ]
    batch = upload(client, home, file_of(rows, merged=["A1:F1", "A2:F2", "A7:F7"]))

    assert numbers(client, batch) == [(5, 5, False), (4, 4, False), (None, 0, False), (1, 0, True)]
    apply(client, batch)
    assert activity.participations.counts().present == 4


def test_numbers_below_the_table_in_cells(client, home, secretary, people):
    activity_on(association=home)
    below = [["应到", "3人", "实到", "2人"], [None, "请假1人"], ["记录人：某某"]]
    batch = upload(
        client,
        home,
        sheet_of(
            row(people, "张三", "√"), row(people, "李四", "√"), row(people, "王五", None, "事假"), below=below
        ),
    )

    assert list(outcomes(batch)) == ["张三", "李四", "王五"]
    assert numbers(client, batch)[:3] == [(3, 3, False), (2, 2, False), (1, 1, False)]


def test_columns_of_several_activities_are_taken_one_by_one(client, home, secretary, people):
    may = activity_on(dt.date(2026, 5, 6), "考察", association=home)
    rows = [
        ["2026年活动出席情况统计表"],
        ["序号", "姓名", "3月5日座谈会", "5月6日考察"],
        [1, "张三", "√", "√"],
        [2, "李四", "√", "请假"],
    ]
    file = file_of(rows, name="2026年考勤.xlsx")
    batch = upload(client, home, file)
    columns = panel(client, batch)["columns"]
    assert [column.header for column in columns] == ["3月5日座谈会", "5月6日考察"]

    client.post(reverse("activities:sheet_column", args=[batch.pk]), {"column": columns[1].key})
    batch.refresh_from_db()
    assert batch.options["activity"] == may.pk
    apply(client, batch)
    assert listed(may) == {
        "张三": ("signed_up", "attended", ""),
        "李四": ("signed_up", "leave", ""),
    }

    file.seek(0)
    batch = upload(client, home, file)
    client.post(reverse("activities:sheet_column", args=[batch.pk]), {"column": columns[0].key})
    batch.refresh_from_db()
    assert batch.options["make"]["title"] == "座谈会"
    assert batch.options["make"]["on"] == "2026-03-05"


def test_nothing_is_read_until_the_activity_is_chosen(client, home, secretary, people):
    batch = upload(client, home, sheet_of(row(people, "张三", "√"), title="签到表", lines=[]))
    assert codes(batch, "张三") == ["activity_not_chosen"]

    assert apply(client, batch) == ["请先选择活动。"]
    response = choose(client, batch, target="new", title="", kind="", on="")
    assert response.status_code == 422
    choose(client, batch, target="new", title="座谈会", kind="forum", on="2026-10-21")
    apply(client, batch)

    assert listed(Activity.objects.get(title="座谈会")) == {"张三": ("signed_up", "attended", "")}


def test_of_two_alike_nobody_guesses(client, home, secretary, people):
    activity_on(association=home, title="国情考察活动一组")
    activity_on(association=home, title="国情考察活动二组")

    batch = upload(client, home, sheet_of(row(people, "张三", "√")))

    assert "make" in batch.options or "activity" not in batch.options
    assert "activity" not in batch.options


def test_a_list_with_grid_headings_comes_back_unchanged(client, home, secretary, people):
    activity = activity_on(association=home)
    words = {"张三": "出席", "李四": "迟到", "王五": "请假", "赵六": "代为出席", "钱七": ""}
    for name, word in words.items():
        fields = (
            {"reason": "出差"} if word == "请假" else {"proxy_name": "周八"} if word == "代为出席" else {}
        )
        make_participation(activity, people[name], presence=PRESENCE_OF[word], **fields)
    notes = {"李四": "迟到", "王五": "请假（出差）", "赵六": "由周八代为出席"}
    sheet = sheet_of(*(row(people, name, "√" if name == "张三" else None, notes.get(name)) for name in words))

    assert set(outcomes(upload(client, home, sheet)).values()) == {"unchanged"}


# -- taking back


def test_undoing_takes_new_rows_away_and_changed_ones_back(client, home, secretary, people):
    activity = activity_on(association=home)
    make_participation(activity, people["张三"], presence="leave", reason="生病")
    make_participation(activity, people["李四"])
    batch = upload(
        client,
        home,
        sheet_of(
            row(people, "张三", "√"),
            row(people, "李四", None, "请假（出差）"),
            row(people, "王五", "√"),
            row(people, "赵六", "√"),
            ("周八", make_mobile(81), "√"),
        ),
    )
    answer(client, batch, "张三", pick="keep:按签到表更正")
    answer(client, batch, "周八", pick="who:来宾")
    apply(client, batch)
    assert len(listed(activity)) == 5
    touched = activity.participations.get(member=people["赵六"])

    record_presences(activity, {touched.pk: Entry("late")}, way=Way.LIST)
    plan = client.get(reverse("members:import_undo", args=[batch.pk])).content.decode()
    assert "王五" in plan

    undo(client, batch)

    assert listed(activity) == {
        "张三": ("signed_up", "leave", "生病"),
        "李四": ("signed_up", "", ""),
        "赵六": ("signed_up", "late", ""),
    }
    assert activity.participations.get(member=people["张三"]).way == ""
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_an_activity_made_by_an_import_stays_when_something_came_to_it(client, home, secretary, people):
    batch = upload(client, home, sheet_of(row(people, "张三", "√")))
    apply(client, batch)
    activity = Activity.objects.get()
    make_participation(activity, people["李四"])

    undo(client, batch)

    assert listed(activity) == {"李四": ("signed_up", "", "")}


def test_nothing_is_taken_back_once_the_attendance_is_settled(client, home, secretary, people):
    activity = activity_on(association=home)
    batch = upload(client, home, sheet_of(row(people, "张三", "√")))
    apply(client, batch)
    Activity.objects.filter(pk=activity.pk).update(state="closed", settled_at=timezone.now())

    undo(client, batch)

    assert listed(activity) == {"张三": ("signed_up", "attended", "")}


# -- who may


def test_rights(client, home, secretary, people):
    activity = activity_on(association=home)
    batch = upload(client, home, sheet_of(row(people, "张三", "√")))
    upload_url = reverse("activities:sheet_upload", args=[activity.pk])
    urls = [reverse("activities:sheet", args=[batch.pk]), upload_url]

    sign_in(client, Role.VIEWER, home)
    assert [client.get(url).status_code for url in urls] == [403, 403]
    assert upload_url not in client.get(activity.get_absolute_url()).content.decode()
    client.force_login(make_user())
    assert [client.get(url).status_code for url in urls] == [403, 403]
    sign_in(client, Role.SECRETARY, make_activity(association=None).association)


def test_the_sheet_of_a_hidden_body_is_seen_by_who_sees_the_body(client, home, secretary, people):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="党支部", hides_people=True)
    activity = activity_on(host=branch, title="主题党日")
    manager = sign_in(client, Role.MANAGER, home)
    batch = upload(client, home, sheet_of(row(people, "张三", "√"), title="主题党日签到表"), kind="sign_in")
    assert (batch.body, batch.options["activity"]) == (branch, activity.pk)
    apply(client, batch)
    assert batch.history_note == ""

    client.force_login(secretary)
    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.get(reverse("activities:sheet_upload", args=[activity.pk])).status_code == 404
    assert not ImportBatch.objects.visible_to(secretary).filter(pk=batch.pk).exists()
    # the title leads who may not see it nowhere
    other = upload(client, home, sheet_of(row(people, "张三", "√"), title="主题党日签到表"))
    assert "activity" not in other.options
    client.force_login(manager)
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_who_may_no_longer_edit_writes_nothing(client, home, secretary, people):
    body = make_body(association=home, name="理事会")
    activity = activity_on(host=body)
    batch = upload(client, home, sheet_of(row(people, "张三", "√")))
    assert batch.options["activity"] == activity.pk
    Activity.objects.filter(pk=activity.pk).update(state="cancelled")

    assert apply(client, batch) == ["这次活动已取消。"]
    assert listed(activity) == {}


def test_one_import_is_one_action(client, home, secretary, people):
    activity = activity_on(association=home)
    make_participation(activity, people["张三"])
    batch = upload(client, home, sheet_of(row(people, "张三", "√"), row(people, "李四", "√")))
    before = Action.objects.count()

    apply(client, batch)

    assert Action.objects.count() == before + 1
    action = Action.objects.latest("pk")
    assert (action.kind, action.note, action.actor) == ("import", "签到表.xlsx", secretary)
    assert Change.objects.filter(action=action).count() == 2


def test_any_input_is_answered(client, home, secretary, people):
    batch = upload(client, home, sheet_of(row(people, "张三", "√"), title="签到表", lines=[]))
    url = reverse("activities:sheet", args=[batch.pk])
    for data in (
        {"blank": "x"},
        {"target": "activity-99999999999999999999"},
        {"target": "new", "title": "a\0b", "kind": "x", "on": "9999-99-99", "host": "99999999999999999999"},
        {"target": "new", "title": "座谈", "kind": "forum", "on": "0001-01-01"},
    ):
        assert client.post(url, data).status_code == 422
    for name, data in (("sheet_column", {"column": "\0"}), ("sheet_strangers", {"do": "\0"})):
        assert client.post(reverse(f"activities:{name}", args=[batch.pk]), data).status_code == 302
    upload_url = reverse("activities:sheet_upload", args=[activity_on(association=home).pk])
    assert client.post(upload_url, {"x": "1"}).status_code == 422
