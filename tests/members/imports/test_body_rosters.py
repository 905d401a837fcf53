"""Rosters of bodies: a kind of sheet whose rows give posts to members."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.body_rosters.fields import POSTS, VOCABULARY
from members.body_rosters.titles import Desk, read_posts
from members.imports.pipeline import import_file
from members.models import ImportBatch, Member
from members.rights import Role
from members.roster.cells import Settings
from members.roster.values import column_reader
from organizations.models import Action, Appointment, Body, Change, Post
from organizations.posts import usual_posts
from organizations.services import end_appointment
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_term,
    make_user,
)
from tests.members.imports.sheets import workbook
from tests.members.imports.test_work import run_worker
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
HEADER = ["姓名", "会内职务", "任职时间"]
TITLE = "江津联合会第一届理事会名册"
D = dt.date
START = D(2019, 12, 24)


@pytest.fixture
def term(home):
    """The first term of the council."""
    return make_term(make_body(association=home, name="理事会"), starts_on=START)


def people(home, *names, **fields):
    return [make_member(name, association=home, **fields) for name in names]


def upload(client, home, *rows, header=HEADER, title=TITLE, name="理事会.xlsx", file=None, **data):
    file = file or workbook(*rows, header=header, title=title, name=name)
    client.post(
        reverse("members:import_upload"), {"association": home.pk, "kind": "bodies", "file": file} | data
    )
    return ImportBatch.objects.latest("pk")


def apply(client, batch):
    response = client.post(reverse("members:import_apply", args=[batch.pk]))
    batch.refresh_from_db()
    return messages_of(response)


def choose(client, batch, **changes):
    """Send the form about body and term back with `changes`; None takes a field out."""
    url = reverse("members:body_roster", args=[batch.pk])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields} | changes
    data = {
        name: "on" if value is True else value for name, value in values.items() if value not in (None, False)
    }
    response = client.post(url, data)
    batch.refresh_from_db()
    return response


def answer(client, batch, name, **data):
    row = batch.rows.get(name=name)
    client.post(
        reverse("members:import_row", args=[batch.pk, row.pk]),
        {f"row-{row.pk}-{key}": value for key, value in data.items()},
    )
    batch.refresh_from_db()
    row.refresh_from_db()
    return row


def held(day=None, body=None):
    """["张三会长", …] of the appointments in force, all valid ones without a `day`."""
    rows = Appointment.objects.in_force_on(day) if day else Appointment.objects.valid()
    rows = rows.filter(body=body) if body else rows
    return sorted(f"{row.member}{row.post}" for row in rows.select_related("member", "post"))


def outcomes(batch):
    return dict(batch.rows.order_by("position").values_list("name", "outcome"))


def codes(batch, name):
    return [message["code"] for message in batch.rows.get(name=name).content()["messages"]]


# -- cells


def desks():
    """A council and, of one each, the standing council and the supervisors; nothing of it saved."""
    association = make_association()
    names = {
        Body.Kind.COUNCIL: "理事会",
        Body.Kind.STANDING_COUNCIL: "常务理事会",
        Body.Kind.SUPERVISORS: "监事会",
    }
    for kind, name in names.items():
        body = Body(association=association, kind=kind, name=name)
        yield Desk(body, None, {post.title: post for post in usual_posts(association, kind)})


@pytest.mark.parametrize(
    ("cell", "posts", "unknown"),
    [
        ("理事", ["理事"], []),
        ("副会长、理事", ["副会长", "理事"], []),
        ("副会长，理事", ["副会长", "理事"], []),
        ("副会长/理事", ["副会长", "理事"], []),
        ("副会长 理事", ["副会长", "理事"], []),
        ("副会长\n理事", ["副会长", "理事"], []),
        ("副会长；秘书长", ["副会长", "秘书长"], []),
        ("副会长兼秘书长", ["副会长", "秘书长"], []),
        ("常务副会长兼任秘书长、理事", ["常务副会长", "秘书长", "理事"], []),
        ("兼职副会长", ["副会长"], []),
        ("副会长及理事", ["副会长", "理事"], []),
        ("会长（法定代表人）", ["会长"], []),
        ("会长(法定代表人、驻会)、理事", ["会长", "理事"], []),
        ("副会长（驻会）", ["副会长"], []),
        ("副会长（常务）", ["常务副会长"], []),
        ("理事（兼副秘书长）", ["理事", "副秘书长"], []),
        ("理事（副秘书长）", ["理事", "副秘书长"], []),
        ("理事、副秘书长", ["理事", "副秘书长"], []),
        ("理事长", ["会长"], []),
        ("副理事长、理事", ["副会长", "理事"], []),
        ("荣誉会长", ["名誉会长"], []),
        ("代理会长", ["代会长"], []),
        ("会长（代）", ["代会长"], []),
        ("常务理事、理事", ["常务理事", "理事"], []),
        ("监事", ["监事"], []),
        ("监事会主席", ["监事长"], []),
        ("理事会秘书长", ["秘书长"], []),
        ("本会副会长", ["副会长"], []),
        ("理事、理事", ["理事"], []),
        ("干事", [], ["干事"]),
        ("干事、理事", ["理事"], ["干事"]),
        ("会长助理", [], ["会长助理"]),
        ("", [], []),
    ],
)
def test_posts_of_a_cell(cell, posts, unknown):
    named, words = read_posts(cell, list(desks()))

    assert [("代" if each.is_acting else "") + each.title for each in named] == posts
    assert words == unknown


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("2019.12", {"started": "2019.12"}),
        ("2019年12月24日", {"started": "2019.12.24"}),
        ("2019.12—2024.12", {"started": "2019.12", "ended": "2024.12"}),
        ("2019.12-2024.12", {"started": "2019.12", "ended": "2024.12"}),
        ("2019-2029", {"started": "2019", "ended": "2029"}),
        ("2019-12-24", {"started": "2019.12.24"}),
        ("2019-12-24至2029-12-23", {"started": "2019.12.24", "ended": "2029.12.23"}),
        ("2019年12月至今", {"started": "2019.12"}),
        ("自2019年12月起", {"started": "2019.12"}),
        ("2019.12~现在", {"started": "2019.12"}),
        (2019.12, {"started": "2019.12"}),
    ],
)
def test_periods_of_a_cell(cell, values):
    found = column_reader(("started",), Settings(D(2026, 11, 22), vocabulary=VOCABULARY))(cell)

    assert (found.values | found.extras if not isinstance(found, str) else {"started": found}) == values


def test_a_period_that_is_none_is_told():
    found = column_reader(("started",), Settings(D(2026, 11, 22), vocabulary=VOCABULARY))("上一届")

    assert [code for _level, code, _params in found.notes] == ["date_invalid"]


# -- the whole way


def test_the_first_council_goes_in_with_one_confirmation(client, home, secretary):
    import_file(SAMPLES / "jiangjin-139.xlsx", association=home, actor=secretary)

    with open(SAMPLES / "council-term-1.xlsx", "rb") as file:
        batch = upload(client, home, file=file)
    page = body_of(client.get(batch.get_absolute_url()))
    apply(client, batch)

    assert batch.counts["new"] == batch.counts["applied"] == 35
    assert "将设立（理事会）" in page
    assert "第1届，2019-12-01 开始，计划至 2024-11-30" in page
    council = Body.objects.get(association=home)
    assert (council.name, council.terms.get().number, council.terms.get().starts_on) == (
        "理事会",
        1,
        D(2019, 12, 1),
    )
    on = {day: Appointment.objects.in_force_on(day).values("member").distinct().count() for day in
          (D(2019, 11, 30), D(2020, 1, 1), D(2023, 1, 1))}  # fmt: skip
    assert on == {D(2019, 11, 30): 0, D(2020, 1, 1): 15, D(2023, 1, 1): 35}
    president = Appointment.objects.get(post__role=Post.Role.PRESIDENT)
    assert (str(president.member), president.how, president.basis) == (
        "朱琳莎",
        "elected",
        "名册《council-term-1》",
    )
    added = Appointment.objects.filter(starts_on=D(2022, 12, 1))
    assert set(added.values_list("how", flat=True)) == {"by_election"}
    assert Member.objects.count() == 139
    action = Action.objects.filter(kind=Action.Kind.IMPORT).latest("pk")
    assert Change.objects.filter(action=action, content_type__model="appointment").count() == 45


def test_the_same_file_twice_changes_nothing(client, home, secretary, term):
    people(home, "张三", "李四")
    rows = ["张三", "会长、理事", "2019.12"], ["李四", "理事", "2022.12"]
    apply(client, upload(client, home, *rows))

    again = upload(client, home, *rows)

    assert outcomes(again) == {"张三": "unchanged", "李四": "unchanged"}
    assert Appointment.objects.count() == 3


def test_a_month_is_the_start_of_the_term_in_it_and_the_day_is_shown(client, home, secretary, term):
    people(home, "张三", "李四")

    batch = upload(client, home, ["张三", "理事", "2019.12"], ["李四", "理事", "2022年12月"])

    page = body_of(client.get(batch.get_absolute_url()))
    assert "2019.12.24" in page
    assert "2022.12.01" in page
    assert "自本届开始之日起任职，否则自该月第一天起" in page


def test_posts_of_another_body_go_to_its_running_term(client, home, secretary, term):
    standing = make_body(Body.Kind.STANDING_COUNCIL, association=home, name="常务理事会")
    make_term(standing, starts_on=START)
    people(home, "张三", "李四")

    batch = upload(
        client, home, ["张三", "副会长、常务理事、理事", "2019.12"], ["李四", "监事、理事", "2019.12"]
    )

    assert outcomes(batch) == {"张三": "new", "李四": "question"}
    assert codes(batch, "李四") == ["post_unknown"]
    apply(client, batch)
    assert held(body=standing) == ["张三常务理事"]
    assert held(body=term.body) == ["张三副会长", "张三理事"]


def test_an_unknown_title_is_repaired_in_place_with_the_posts_of_the_body(client, home, secretary, term):
    people(home, "张三", "李四")
    batch = upload(client, home, ["张三", "干事、理事", "2019.12"], ["李四", "干事、理事", "2019.12"])
    page = body_of(client.get(batch.get_absolute_url(), {"tab": "question"}))
    assert "“干事、理事”中的“干事”不是“理事会”的职务" in page
    assert "<option>副秘书长、理事</option>" in page
    assert "<option>理事</option>" in page

    row = answer(client, batch, "张三", association_posts="副秘书长、理事", alike=POSTS)

    assert row.outcome == "new"
    assert outcomes(batch) == {"张三": "new", "李四": "new"}
    apply(client, batch)
    assert held() == ["张三副秘书长", "张三理事", "李四副秘书长", "李四理事"]


def test_without_a_post_the_row_waits(client, home, secretary, term):
    people(home, "张三")

    batch = upload(client, home, ["张三", "", "2019.12"])

    assert codes(batch, "张三") == ["post_missing"]
    assert answer(client, batch, "张三", association_posts="理事").outcome == "new"


def test_who_is_not_in_the_register_is_asked_about_or_registered(client, home, secretary, term):
    people(home, "张三", birth="1970-01")
    header = ["姓名", "出生年月", "手机", "单位", "职务", "会内职务", "任职时间"]
    rows = (
        ["张三", "1985.06", "13800000009", "甲公司", "经理", "理事", "2019.12"],
        ["王五", "1985.06", "13800000008", "乙公司", "主任", "理事", "2019.12"],
    )
    batch = upload(client, home, *rows, header=header)
    assert [codes(batch, name) for name in ("张三", "王五")] == [["not_registered"], ["not_registered"]]
    page = body_of(client.get(batch.get_absolute_url()))
    assert "会员名册中没有王五" in page

    choose(client, batch, registers=True)
    apply(client, batch)

    new = Member.objects.get(name="王五")
    assert (new.birth, str(new.employer), new.position, new.association_posts) == (
        "1985-06",
        "乙公司",
        "主任",
        "",
    )
    assert Member.objects.filter(name="张三").count() == 2
    assert held() == ["张三理事", "王五理事"]
    assert outcomes(upload(client, home, *rows, header=header)) == {"张三": "unchanged", "王五": "unchanged"}


def test_a_row_is_given_to_the_member_chosen(client, home, secretary, term):
    one, _other = people(home, "张三", "张三")
    batch = upload(client, home, ["张三", "会长", "2019.12"])
    assert codes(batch, "张三") == ["ambiguous_match"]

    answer(client, batch, "张三", choice=one.pk)
    apply(client, batch)

    assert Appointment.objects.get().member == one


def test_the_records_of_members_stay_as_they_are(client, home, secretary, term):
    [one] = people(home, "张三", birth="1985-06", political_status="群众")

    batch = upload(
        client,
        home,
        ["张三", "1985.06", "中共党员", "理事", "2019.12"],
        header=["姓名", "出生年月", "政治面貌", "会内职务", "任职时间"],
    )
    apply(client, batch)

    one.refresh_from_db()
    assert (one.political_status, one.version, held()) == ("群众", 1, ["张三理事"])


# -- what is in the way


@pytest.mark.parametrize(
    ("rows", "code", "sentence"),
    [
        (
            [["李四", "会长", "2019.12"], ["张三", "会长", "2020.1.5"]],
            "post_twice",
            "只有一个名额，文件中已有李四（B3）",
        ),
        ([["张三", "理事", "2019.11"]], "post_refused", "才开始"),
        ([["张三", "理事", "2019.12.01"]], "post_refused", "才开始"),
        ([["张三", "理事", "2019.12-2021.6"]], "end_reason_missing", "没有写明原因"),
        ([["张三", "秘书长", "2019.12"]], "post_taken", "王五自2019-12-24起任“秘书长”"),
        ([["李四", "理事", "2019.12"], ["张三", "理事", "上一届"]], "date_invalid", "不是日期"),
    ],
)
def test_what_a_rule_forbids_is_a_question_at_the_row(client, home, secretary, term, rows, code, sentence):
    people(home, "张三", "李四")
    make_appointment(make_member("王五", association=home), "秘书长", term=term)

    batch = upload(client, home, *rows)

    assert code in codes(batch, "张三")
    page = body_of(client.get(batch.get_absolute_url(), {"tab": "doubtful"}))
    assert sentence in page


def test_nobody_is_appointed_before_birth(client, home, secretary, term):
    people(home, "张三", birth="2021")

    batch = upload(client, home, ["张三", "理事", "2019.12"])

    assert codes(batch, "张三") == ["post_refused"]


def test_another_term_than_that_of_the_file_is_a_question(client, home, secretary, term):
    people(home, "张三")

    batch = upload(client, home, ["张三", "理事", "第二届"], header=["姓名", "会内职务", "届次"])

    assert codes(batch, "张三") == ["other_term"]


def test_one_who_took_the_post_since_the_preview_is_not_pushed_out(client, home, secretary, term):
    _one, other = people(home, "张三", "李四")
    batch = upload(client, home, ["张三", "会长", "2019.12"])
    make_appointment(other, "会长", term=term)

    apply(client, batch)

    assert (held(), outcomes(batch)) == (["李四会长"], {"张三": "question"})


def test_an_end_needs_its_reason_and_one_with_the_term_is_none(client, home, secretary, term):
    people(home, "张三", "李四")
    batch = upload(client, home, ["张三", "理事", "2019.12-2021.6"], ["李四", "理事", "2019.12-2024.12"])

    answer(client, batch, "张三", end_reason="辞职")
    apply(client, batch)

    found = {str(row.member): (row.ends_on, row.end_reason) for row in Appointment.objects.all()}
    assert found == {"张三": (D(2021, 6, 30), "resigned"), "李四": (None, "")}


# -- changes, ends, undoing


def test_dates_and_basis_of_a_post_held_already_are_changed(client, home, secretary, term):
    [one] = people(home, "张三")
    make_appointment(one, term=term, basis="旧依据")
    header = ["姓名", "会内职务", "任职时间", "任职依据", "产生方式"]

    batch = upload(client, home, ["张三", "理事", "2022.12.20", "第三次会议", "增补"], header=header)

    assert outcomes(batch) == {"张三": "update"}
    assert batch.rows.get().content()["diff"] == {
        "started": ["2019-12-24", "2022-12-20"],
        "how": ["选举", "增补"],
        "basis": ["旧依据", "第三次会议"],
    }
    apply(client, batch)
    row = Appointment.objects.get()
    assert (row.starts_on, row.basis, row.how) == (D(2022, 12, 20), "第三次会议", "by_election")


def test_posts_that_the_file_does_not_name_end_only_if_asked_for(client, home, secretary, term):
    one, two, three, four = people(home, "张三", "李四", "王五", "赵六")
    for member in (one, two, four):
        make_appointment(member, term=term)
    make_appointment(two, "会长", term=term)
    rows = ["张三", "理事", ""], ["王五", "会长", "2023.1.1"], ["赵六", "干事", ""]
    batch = upload(client, home, *rows)
    assert outcomes(batch) == {"张三": "unchanged", "王五": "question", "赵六": "question"}

    choose(client, batch, leaves=True, leave_on="2022-12-31", leave_reason="resigned")
    page = body_of(client.get(batch.get_absolute_url()))
    assert "文件没有列出以下 2 项现有任职，将于 2022-12-31 结束" in page
    assert outcomes(batch) == {"张三": "unchanged", "王五": "new", "赵六": "question"}
    apply(client, batch)

    assert held(D(2022, 12, 31)) == ["张三理事", "李四会长", "李四理事", "赵六理事"]
    assert held(D(2023, 1, 1)) == ["张三理事", "王五会长", "赵六理事"]

    client.post(reverse("members:import_undo", args=[batch.pk]))
    assert held(D(2023, 1, 1)) == ["张三理事", "李四会长", "李四理事", "赵六理事"]
    assert Appointment.objects.get(member=three).is_void


def test_posts_end_though_no_row_brings_anything(client, home, secretary, term):
    one, two = people(home, "张三", "李四")
    make_appointment(one, term=term)
    make_appointment(two, term=term)
    batch = upload(client, home, ["张三", "理事", ""])
    choose(client, batch, leaves=True, leave_on="2022-12-31", leave_reason="removed")
    assert "结束这些任职" in body_of(client.get(batch.get_absolute_url()))

    apply(client, batch)

    assert Appointment.objects.get(member=two).end_reason == "removed"
    assert Appointment.objects.get(member=one).ends_on is None


def test_undoing_voids_and_restores_and_leaves_what_others_touched(client, home, secretary, term):
    one, _two, three = people(home, "张三", "李四", "王五")
    make_appointment(one, term=term)
    batch = upload(
        client,
        home,
        ["张三", "会长、理事", "2020.1.5"],
        ["李四", "理事", "2019.12"],
        ["王五", "理事", "2019.12"],
    )
    apply(client, batch)
    touched = Appointment.objects.get(member=three)
    end_appointment(touched, on=D(2021, 1, 1), reason="resigned")

    page = body_of(client.get(reverse("members:import_undo", args=[batch.pk])))
    assert "本次导入新增的任职：保留并标为作废" in page
    response = client.post(reverse("members:import_undo", args=[batch.pk]))

    assert messages_of(response)[-1] == "导入已撤销：删除 2 条，恢复 1 条，保持不变 1 条。"
    assert held() == ["张三理事", "王五理事"]
    assert Appointment.objects.get(member=one, voided_on=None).starts_on == START
    assert Appointment.objects.count() == 4
    assert Appointment.objects.exclude(voided_on=None).values("void_reason").distinct().get() == {
        "void_reason": "撤销导入：理事会.xlsx"
    }


def test_what_was_undone_goes_in_again(client, home, secretary):
    people(home, "张三")
    row = ["张三", "会长、理事", "2019.12"]
    batch = upload(client, home, row)
    apply(client, batch)
    client.post(reverse("members:import_undo", args=[batch.pk]))
    assert (held(), Body.objects.count(), Body.objects.get().terms.count()) == ([], 1, 0)

    apply(client, upload(client, home, row))

    assert held() == ["张三会长", "张三理事"]


def test_a_new_term_ends_the_running_one_and_undoing_opens_it_again(client, home, secretary, term):
    one, _two = people(home, "张三", "李四")
    make_appointment(one, "会长", term=term)
    title = "江津联合会第二届理事会名册（2024年12月26日换届）"

    batch = upload(client, home, ["李四", "会长", "2024.12"], title=title)
    page = body_of(client.get(batch.get_absolute_url()))
    assert "第2届，2024-12-26 开始，计划至 2029-12-25" in page
    assert "第1届将于前一天结束" in page
    apply(client, batch)

    assert (held(D(2024, 12, 25)), held(D(2024, 12, 26))) == (["张三会长"], ["李四会长"])
    client.post(reverse("members:import_undo", args=[batch.pk]))
    assert held(D(2026, 1, 1)) == ["张三会长"]
    term.refresh_from_db()
    assert (term.ended_on, term.body.terms.count()) == (None, 1)


def test_a_column_kept_aside_is_brought_in_for_the_same_posts(client, home, secretary, term):
    people(home, "张三")
    batch = upload(client, home, ["张三", "理事", "2019.12", "第一次会议"], header=[*HEADER, "何会通过"])
    apply(client, batch)

    client.post(reverse("members:import_columns", args=[batch.pk]), {"0-D": "basis"})
    further = ImportBatch.objects.latest("pk")

    assert (further.body, outcomes(further)) == (term.body, {"张三": "update"})
    apply(client, further)
    assert Appointment.objects.get().basis == "第一次会议"


def test_what_cannot_be_established_any_more_is_told_and_nothing_written(client, home, secretary):
    people(home, "张三")
    batch = upload(client, home, ["张三", "理事", "2019.12"])
    make_body(association=home, name="本届理事会")

    assert apply(client, batch) == ["本协会已有此类机构。"]
    assert (batch.state, held(), Body.objects.count()) == ("previewed", [], 1)


def test_a_long_file_is_read_written_and_taken_back_by_the_worker(client, home, secretary, settings):
    settings.ROSTER_AT_ONCE_BYTES, settings.ROSTER_AT_ONCE_ROWS = 100, 1
    people(home, "张三", "李四")
    batch = upload(client, home, ["张三", "会长、理事", "2019.12"], ["李四", "干事", "2019.12"])
    run_worker()
    choose(client, batch, name="本会理事会")
    run_worker()
    batch.refresh_from_db()
    assert (batch.options["establish"]["name"], batch.ready) == ("本会理事会", 1)
    answer(client, batch, "李四", association_posts="副会长")

    apply(client, batch)
    other = make_body(association=home, name="又一个理事会")
    run_worker()
    batch.refresh_from_db()
    assert (batch.state, batch.failure_text) == ("previewed", "本协会已有此类机构。没有导入任何内容。")

    other.delete()
    apply(client, batch)
    run_worker()
    assert held() == ["张三会长", "张三理事", "李四副会长"]
    client.post(reverse("members:import_undo", args=[batch.pk]))
    run_worker()
    assert held() == []


# -- which body


def test_a_file_that_does_not_say_of_which_body_it_is_asks(client, home, secretary):
    people(home, "张三")
    batch = upload(client, home, ["张三", "组长", "2020.3"], title="名册", name="a.xlsx")
    assert codes(batch, "张三") == ["body_not_chosen"]
    page = body_of(client.get(batch.get_absolute_url()))
    assert "文件没有写明是哪个机构的名册" in page

    wrong = choose(client, batch, kind="group", name="")
    assert wrong.status_code == 422
    choose(client, batch, kind="group", name="双福联络组")
    apply(client, batch)

    body = Body.objects.get()
    assert (body.name, held()) == ("双福联络组", ["张三组长"])
    assert Appointment.objects.get().how == "appointed"


def test_bodies_are_found_by_name_then_by_kind(client, home, secretary, term):
    standing = make_body(Body.Kind.STANDING_COUNCIL, association=home, name="常务理事会")
    make_term(standing)
    people(home, "张三")

    def body(title):
        return upload(client, home, ["张三", "理事", "2019.12"], title=title).body

    assert body("第一届常务理事会名单") == standing
    assert body("第一届理事会名单") == term.body
    assert body("监事会名册") is None
    assert ImportBatch.objects.latest("pk").options["establish"]["kind"] == "supervisors"


def test_the_form_refuses_what_cannot_be(client, home, secretary, term):
    people(home, "张三")
    batch = upload(client, home, ["张三", "理事", "2019.12"])
    other = make_term(make_body(Body.Kind.SUPERVISORS, association=home, name="监事会"))

    def errors(**changes):
        return choose(client, batch, **changes).context["form"].errors

    assert "另一机构" in errors(term=str(other.pk))["term"][0]
    assert (
        "已于"
        in errors(term="new", number=2, starts_on="2019-01-01", planned_end_on="2023-12-31")["starts_on"][0]
    )
    assert "届数" in errors(term="new", number="", starts_on="2025-01-01", planned_end_on="")["number"][0]
    assert errors(leaves=True)["leave_on"]
    assert "已有" in errors(body="", kind="council", name="理事会")["__all__"][0]


def test_the_page_of_the_body_leads_to_its_import(client, home, secretary):
    group = make_body(Body.Kind.GROUP, association=home, name="双福联络组")
    people(home, "张三")
    page = body_of(client.get(reverse("members:import_upload"), {"kind": "bodies", "body": group.pk}))
    assert "双福联络组" in page

    batch = upload(client, home, ["张三", "组长", "2020.3"], title="人员名单", name="a.xlsx", body=group.pk)

    assert (batch.body, outcomes(batch)) == (group, {"张三": "new"})
    elsewhere = make_body(Body.Kind.GROUP, association=make_association(), name="别处的组")
    before = ImportBatch.objects.count()
    upload(client, home, ["张三", "组长", "2020.3"], body=elsewhere.pk)
    assert ImportBatch.objects.count() == before


# -- who sees it


def test_the_import_of_a_hidden_body_is_seen_by_who_sees_the_body(client, home):
    manager = sign_in(client, Role.MANAGER, home)
    secretary, viewer, stranger = make_user(), make_user(), make_user()
    grant(secretary, Role.SECRETARY, home)
    grant(viewer, Role.VIEWER, home)
    grant(stranger, Role.MANAGER, make_association())
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="党支部", hides_people=True)
    make_term(branch)
    people(home, "张三")
    batch = upload(client, home, ["张三", "干事", "2020.3"], title="党支部名册", name="党支部.xlsx")
    assert (batch.body, codes(batch, "张三")) == (branch, ["post_unknown"])
    answer(client, batch, "张三", association_posts="书记")
    apply(client, batch)
    assert Action.objects.filter(kind=Action.Kind.IMPORT).latest("pk").note == ""
    row = batch.rows.get()

    addresses = [
        batch.get_absolute_url(),
        reverse("members:import_row", args=[batch.pk, row.pk]),
        reverse("members:import_error_sheet", args=[batch.pk]),
        reverse("members:import_columns", args=[batch.pk]),
        reverse("members:import_undo", args=[batch.pk]),
        reverse("members:body_roster", args=[batch.pk]),
        reverse("members:body_export", args=[branch.pk]),
        reverse("members:body_roster_template", args=[branch.pk]),
    ]
    expected = {secretary: {404}, viewer: {403, 404}, stranger: {404}, manager: {200, 302}}
    for user, statuses in expected.items():
        client.force_login(user)
        found = set()
        for address in addresses:
            response = client.get(address)
            found.add(response.status_code)
            if response.streaming:
                assert content(response)
        assert found <= statuses, user
        listed = body_of(client.get("/admin/members/importbatch/")) if user != viewer else ""
        assert ("党支部.xlsx" in listed) == (user == manager)


def test_before_its_body_is_known_a_file_is_seen_by_who_uploaded_it_and_by_managers(client, home):
    one = sign_in(client, Role.SECRETARY, home)
    batch = upload(client, home, ["张三", "书记", "2020.3"], title="党支部名册")
    assert batch.options["establish"] == {"kind": "party_branch", "name": "党支部", "hides_people": True}

    def seen(role):
        return sign_in(client, role, home) and client.get(batch.get_absolute_url()).status_code

    assert [seen(Role.SECRETARY), seen(Role.MANAGER), seen(Role.VIEWER)] == [404, 200, 403]
    client.force_login(one)
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_a_batch_of_another_kind_has_no_body(client, home, secretary):
    file = workbook(["张三", "男"], header=["姓名", "性别"])
    batch = upload(client, home, file=file, kind="members")

    assert client.get(reverse("members:body_roster", args=[batch.pk])).url == batch.get_absolute_url()


# -- out again


def export(client, body, **changes):
    url = reverse("members:body_export", args=[body.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"reason": "换届备案"} | changes
    return client.post(url, {name: value for name, value in data.items() if value not in (None, False)})


def content(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_imports_as_unchanged(client, home, secretary, term, form):
    one, two, three, gone = people(
        home, "张三", "李四", "王五", "赵六", birth="1985-06", employer="甲公司", position="经理"
    )
    make_appointment(one, "会长", term=term)
    make_appointment(one, term=term)
    make_appointment(two, term=term, basis="第一次会议")
    make_appointment(two, "副会长", term=term, starts_on=D(2022, 5, 6), how="by_election")
    make_appointment(three, "会长", term=term, starts_on=D(2023, 1, 1), is_acting=True)
    make_appointment(gone, term=term, ends_on=D(2020, 1, 1), end_reason="resigned")
    keys = [
        "name",
        "birth",
        "employer",
        "position",
        POSTS,
        "started",
        "ended",
        "end_reason",
        "how",
        "basis",
        "term",
    ]

    response = export(client, term.body, keys=keys, format=form, on="2024-01-01")
    file = io.BytesIO(content(response))
    file.name = f"理事会名册.{form}"
    batch = upload(client, home, file=file)

    assert (batch.body, batch.counts["rows"]) == (term.body, 4)
    assert set(batch.rows.values_list("outcome", flat=True)) == {"unchanged"}
    last = Action.objects.filter(kind=Action.Kind.EXPORT).latest("pk")
    assert (last.details["count"], last.details["reason"], last.association) == (3, "换届备案", home)


def test_the_sheet_is_written_as_officials_do(client, home, secretary, term):
    one, two = people(home, "张三", "李四")
    make_appointment(two, term=term)
    make_appointment(one, "会长", term=term)
    make_appointment(one, term=term)

    response = export(client, term.body, keys=["name", POSTS, "started"], on="2024-01-01")
    sheet = openpyxl.load_workbook(io.BytesIO(content(response))).active

    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert (sheet.title, rows[0]) == ("理事会名册", ["江津联合会第一届理事会名册"])
    assert rows[1][0].startswith("截至2024年1月1日　共 2 人")
    assert rows[2:] == [
        ["姓名", "会内职务", "任职开始日期"],
        ["张三", "会长、理事", "2019.12.24"],
        ["李四", "理事", "2019.12.24"],
    ]


def test_personal_columns_need_a_reason_and_the_names_are_needed(client, home, secretary, term):
    refused = export(client, term.body, reason="")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert list(export(client, term.body, keys=[POSTS]).context["form"].errors) == ["keys"]
    assert list(export(client, term.body, keys=["name", "id_number"]).context["form"].errors) == ["identity"]
    assert content(export(client, term.body, keys=["name", POSTS], reason=""))
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exclude(details__has_key="body").exists()


def test_a_reader_does_not_export_and_a_stranger_sees_nothing(client, home, term):
    url = reverse("members:body_export", args=[term.body.pk])
    found = []
    for user, role, place in (
        (make_user(), Role.VIEWER, home),
        (make_user(), Role.MANAGER, make_association()),
    ):
        grant(user, role, place)
        client.force_login(user)
        found.append(client.post(url, {}).status_code)
    client.logout()

    assert found == [403, 404]
    assert client.get(url).status_code == 302


def test_the_template_is_read_as_a_roster_of_the_body(client, home, secretary, term):
    people(home, "张三")
    response = client.get(reverse("members:body_roster_template", args=[term.body.pk]))
    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    sheet = book.worksheets[0]
    place = {cell.value: cell.column for cell in sheet[2]}
    for header, text in (("姓名", "张三"), ("会内职务", "理事"), ("任职开始日期", "2019.12.24")):
        sheet.cell(4, place[header], text)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "a.xlsx"

    batch = upload(client, home, file=file)

    assert (batch.body, outcomes(batch)) == (term.body, {"张三": "new"})
    assert not [message for each in batch.sheets for message in each["messages"]]


# -- many


def count_queries(client, address):
    client.get(address)  # content types and the like are asked for once
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


def test_pages_take_as_many_queries_at_one_row_as_at_three(client, home, secretary, term):
    names = ("张三", "李四", "王五")
    people(home, *names)
    one = upload(client, home, ["张三", "干事", "2019.12"])
    three = upload(client, home, *[[name, "干事", "2019.12"] for name in names])

    found = [count_queries(client, f"{batch.get_absolute_url()}?tab=question") for batch in (one, three)]

    assert found[0] == found[1]


def test_five_hundred_people_go_in_with_few_queries(client, home, secretary, term):
    names = [f"张{chr(0x4E00 + number)}" for number in range(500)]
    Member.objects.bulk_create(Member(association=home, name=name) for name in names)

    def queries(*rows):
        with CaptureQueriesContext(connection) as reading:
            batch = upload(client, home, *rows)
        with CaptureQueriesContext(connection) as writing:
            apply(client, batch)
        return len(reading), len(writing)

    few = queries(["张一", "理事", "2019.12"], *[[name, "副秘书长", "2019.12"] for name in names[:3]])
    many = queries(*[[name, "副会长、理事", "2019.12"] for name in names])

    assert Appointment.objects.count() == 1003
    # a thousand appointments and their history: inserted in parts, never one by one
    assert many[0] <= few[0] + 5
    assert many[1] <= few[1] + 40
