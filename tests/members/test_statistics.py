"""Figures: they add up, on any day, for those who may see them, and say nothing about persons."""

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members import codes
from members.filters import Selection
from members.models import Member, StatusChange, User
from members.models.member import IN_FORCE
from members.rights import Role
from members.services import change_status, first_status
from members.statistics import CUTS, Question, cut_table, growth_table, offered_cuts
from members.statistics.dimensions import AGE, BLANK, GROUP, PART, REST, VALUE, Line
from members.statistics.tables import CHANGE, NUMBER, SHARE, TOTAL, merged
from organizations.models import Action
from organizations.partial_dates import age_on
from tests.make import grant, make_association, make_member, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

PAGE = reverse("members:statistics")
SHEET = reverse("members:statistics_sheet")
BANDS = ["35岁及以下", "36–45岁", "46–55岁", "56–60岁", "61岁及以上"]
DEGREES = {
    "法学学士": "学士",
    "工商管理硕士": "硕士",
    "硕士学位": "硕士",
    "博士": "博士",
    "硕士在读": "其他",
    "": "未填",
}
VALUES = {
    "sex": ["男", "女", ""],
    "category": ["", *codes.Category.values],
    "birth": ["1990-05-03", "", "1985", "1970-11", "1961-12-31", "1950", "2001-02"],
    "political_status": ["群众", "民盟盟员", "中共党员", "", "无党派人士", "民建会员", "中共预备党员"],
    "education": ["大学本科", "", "硕士研究生", "大学专科"],
    "degree": list(DEGREES),
    "title_level": ["", "正高级", "中级", "无"],
    "ethnicity": ["汉族", "土家族", "汉族", "", "苗族", "其他"],
    "township": ["几江街道", "", "白沙镇", "'; DROP TABLE"],
    "occupation": ["律师", "", "会计师", "主播"],
    "employer_kind": ["", "民营企业", "民办非企业单位"],
    "status": ["在册", "在册", "停权", "在册", "退会", "在册", "申请"],
}


def people(association, n=84):
    """`n` members in whom every value of VALUES meets a blank in the others."""
    for serial in range(n):
        make_member(
            association=association,
            **{key: values[(serial + serial // 7 * place) % len(values)]
               for place, (key, values) in enumerate(VALUES.items())},
        )  # fmt: skip


def question(*associations, day=None, **fields):
    return Question(associations=associations, day=day or timezone.localdate(), **fields)


def cuts_for(user, asked):
    return {cut.key: cut for cut in offered_cuts(user.rights, asked.ids)}


def secretary(association, role=Role.SECRETARY):
    user = make_user()
    grant(user, role, association)
    return user


def cells(table):
    """{row: {column: number}} of a table on one day, without its shares."""
    return {
        row.label: {
            (column.group, column.label): cell.value
            for column, cell in zip(table.columns, row.cells, strict=True)
            if column.kind != SHARE
        }
        for row in table.rows
    }


def labels_of(member, key, day):
    """The lines in which Python counts a member by a field; more than one where a line sums up others."""
    value = getattr(member, key)
    if key == "birth":
        age = age_on(value, day)
        band = None if age is None else sum(age > last for last in (35, 45, 55, 60))
        return ["未填" if band is None else BANDS[band]]
    if key == "degree":
        return [DEGREES[value]]
    found = [value or "未填"]
    if key == "political_status" and value in codes.CPC_MEMBERS:
        found.append("中共小计")
    if key == "political_status" and value in codes.DEMOCRATIC_PARTIES:
        found.append("民主党派小计")
    if key == "ethnicity" and value in codes.MINORITIES:
        found.append("少数民族小计")
    return found


# -- sums


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.key)
def test_every_number_is_what_python_counts(cut):
    home = make_association(townships="几江街道\n四面山镇")
    people(home)
    today = timezone.localdate()
    members = [member for member in Member.objects.all() if member.status in IN_FORCE]

    table = cut_table(cut, question(home))

    counted = {}
    for member in members:
        for row in [*labels_of(member, cut.rows.key, today), "合计"]:
            numbers = counted.setdefault(row, Counter())
            numbers["", "人数"] += 1
            for dimension in cut.columns:
                for column in labels_of(member, dimension.key, today):
                    numbers[dimension.label, column] += 1
    found = {
        row: {column: number for column, number in numbers.items() if number}
        for row, numbers in cells(table).items()
        if any(numbers.values())
    }
    assert found == {row: dict(numbers) for row, numbers in counted.items()}


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.key)
@pytest.mark.parametrize("members", [0, 84])
def test_every_cut_adds_up_with_what_is_not_filled_in(cut, members):
    home = make_association()
    people(home, members)

    table = cut_table(cut, question(home))

    total = Member.objects.filter(status__in=IN_FORCE).count()
    assert table.rows[-1].kind == TOTAL
    assert table.rows[-1].cells[0].value == total
    assert [row.label for row in table.rows if row.kind == BLANK] == ["未填"]
    for place, column in enumerate(table.columns):
        lines = [row.cells[place].value for row in table.rows[:-1] if row.kind != PART]
        assert column.kind == SHARE or sum(lines) == table.rows[-1].cells[place].value
    for row in table.rows:
        for dimension in cut.columns:
            parts = [
                cell.value
                for column, cell in zip(table.columns, row.cells, strict=True)
                if column.group == dimension.label
            ]
            assert sum(parts) == row.cells[0].value
        blank = [column.label for column in table.columns if column.line == BLANK]
        assert blank == ["未填"] * len(cut.columns)


def test_parts_of_a_group_add_up_to_it():
    home = make_association()
    people(home)

    table = cut_table(CUTS[2], question(home))

    groups = {}
    for row in table.rows:
        if row.kind == GROUP:
            group = groups.setdefault(row.label, [row.cells[0].value, 0])
        elif row.kind == PART:
            group[1] += row.cells[0].value
    assert {label: number for label, (number, _parts) in groups.items()} == {
        label: parts for label, (_number, parts) in groups.items()
    }
    assert set(groups) == {"中共小计", "民主党派小计"}


def test_only_the_primary_category_counts():
    home = make_association()
    member = make_member(association=home, category="自由职业人员")
    member.further_categories.create(category="新媒体从业人员")

    table = cut_table(CUTS[0], question(home))

    assert {row: numbers["", "人数"] for row, numbers in cells(table).items() if numbers["", "人数"]} == {
        "自由职业人员": 1,
        "合计": 1,
    }


def test_townships_of_the_settings_stand_first_and_a_nought_is_shown():
    home = make_association(townships="四面山镇\n几江街道")
    park = make_association(parent=home, townships="双福街道")
    for township in ("白沙镇", "白沙镇", "几江街道"):
        make_member(association=park, township=township)

    table = cut_table(next(cut for cut in CUTS if cut.key == "township"), question(home, park))

    assert [(row.label, row.cells[0].value) for row in table.rows] == [
        ("四面山镇", 0),
        ("几江街道", 1),
        ("双福街道", 0),
        ("白沙镇", 2),
        ("未填", 0),
        ("合计", 3),
    ]


def test_rare_values_beyond_the_last_line_are_counted_together():
    home = make_association()
    for serial in range(205):
        make_member(association=home, occupation=f"职业{serial:03}")
    make_member(association=home, occupation="职业204")

    table = cut_table(next(cut for cut in CUTS if cut.key == "occupation"), question(home))

    assert (table.rows[0].label, table.rows[0].cells[0].value) == ("职业204", 2)
    assert [(row.label, row.cells[0].value) for row in table.rows[200:]] == [
        ("其余5种合计", 5),
        ("未填", 0),
        ("合计", 206),
    ]


def test_members_of_other_associations_do_not_count():
    home, park, elsewhere = make_association(), None, make_association()
    park = make_association(parent=home)
    for association in (home, park, elsewhere):
        make_member(association=association)

    totals = [
        cut_table(CUTS[0], question(*associations)).rows[-1].cells[0].value
        for associations in ([home, park], [park], [elsewhere])
    ]

    assert totals == [2, 1, 1]


# -- days


def test_a_step_counts_from_its_day_on():
    home = make_association()
    member = make_member(association=home)
    change_status(member, to="在册", on="2020-03-15", actor=None)
    change_status(member, to="停权", on="2021-05", actor=None)
    change_status(member, to="退会", on="2022", actor=None)
    days = ["2020-03-14", "2020-03-15", "2021-04-30", "2021-05-01", "2021-12-31", "2022-01-01"]

    totals = [
        cut_table(CUTS[0], question(home, day=dt.date.fromisoformat(day))).rows[-1].cells[0].value
        for day in days
    ]

    assert totals == [0, 1, 1, 1, 1, 0]


def test_two_steps_on_one_day_count_in_the_order_in_which_they_were_entered():
    home = make_association()
    member = make_member(association=home)
    for status in ("退会", "在册"):
        StatusChange.objects.create(member=member, status=status, on="2020-03-15")

    assert list(Member.objects.in_force_on(dt.date(2020, 3, 15))) == [member]


def test_today_the_record_itself_says_who_is_a_member():
    """A step without a date, or none at all, is no reason to leave anybody out of what the list shows."""
    home, today = make_association(), timezone.localdate()
    without_steps = make_member(association=home)
    left = make_member(association=home, joined="2019")
    first_status(left, actor=None)
    change_status(left, to="退会", on="", actor=None)

    found = [list(Member.objects.in_force_on(day)) for day in (today, today - dt.timedelta(days=1))]

    assert found == [[without_steps], [left]]


@pytest.mark.parametrize(
    ("birth", "day", "band"),
    [
        ("1990-06-15", "2026-06-14", "35岁及以下"),
        ("1990-06-15", "2026-06-15", "36–45岁"),
        ("1990-06", "2026-05-31", "35岁及以下"),
        ("1990-06", "2026-06-01", "36–45岁"),
        ("1990", "2025-12-31", "35岁及以下"),
        ("1990", "2026-01-01", "36–45岁"),
        ("1988-02-29", "2024-02-28", "35岁及以下"),
        ("1988-02-29", "2024-02-29", "36–45岁"),
        ("1989-02-28", "2025-02-28", "36–45岁"),
        ("1965-12-31", "2026-11-22", "56–60岁"),
        ("1965-11-22", "2026-11-22", "61岁及以上"),
        ("", "2026-11-22", "未填"),
    ],
)
def test_age_bands_change_on_birthdays_at_the_precision_known(birth, day, band):
    home = make_association()
    first_status(make_member(association=home, birth=birth), actor=None)

    table = cut_table(CUTS[1], question(home, day=dt.date.fromisoformat(day)))

    assert {row.label: row.cells[0].value for row in table.rows if row.cells[0].value} == {band: 1, "合计": 1}


def test_bands_are_as_asked():
    asked = question(make_association(), bands=(17, 18, 70))

    assert [label for _first, _last, label in AGE.bands(asked)] == [
        "17岁及以下",
        "18岁",
        "19–70岁",
        "71岁及以上",
    ]


def test_two_days_stand_beside_each_other_with_the_change():
    home = make_association()
    for sex, on in [("男", "2020"), ("男", "2021"), ("女", "2021")]:
        change_status(
            make_member(association=home, sex=sex, category="自由职业人员"), to="在册", on=on, actor=None
        )
    gone = make_member(association=home, sex="女", category="新媒体从业人员")
    change_status(gone, to="在册", on="2020", actor=None)
    change_status(gone, to="退会", on="2021", actor=None)

    table = cut_table(CUTS[0], question(home, day=dt.date(2021, 6, 1), other_day=dt.date(2020, 6, 1)))

    assert [(column.group, column.label) for column in table.columns] == [
        (group, label)
        for group in ("人数", "男", "女", "未填")
        for label in ("2020-06-01", "2021-06-01", "增减")
    ]
    assert {row.label: [cell.text for cell in row.cells] for row in table.rows} == {
        "民营企业和外商投资企业管理技术人员": ["0"] * 12,
        "中介组织和社会组织从业人员": ["0"] * 12,
        "自由职业人员": ["1", "3", "+2", "1", "2", "+1", "0", "1", "+1", "0", "0", "0"],
        "新媒体从业人员": ["1", "0", "−1", "0", "0", "0", "1", "0", "−1", "0", "0", "0"],
        "未填": ["0"] * 12,
        "合计": ["2", "3", "+1", "1", "2", "+1", "1", "1", "0", "0", "0", "0"],
    }


# -- growth


def test_growth_follows_the_steps_and_ends_with_the_present_members():
    home = make_association()
    old, left, back, undated, mended = (
        make_member(name, association=home) for name in ("张一", "张二", "张三", "张四", "张五")
    )
    make_member("张六", association=home)  # no step at all
    change_status(old, to="申请", on="2019", actor=None)
    change_status(old, to="在册", on="2020-01-05", actor=None)
    change_status(old, to="停权", on="2021", actor=None)
    change_status(left, to="在册", on="2020", actor=None)
    change_status(left, to="除名", on="2022-02", actor=None)
    change_status(back, to="在册", on="2020", actor=None)
    change_status(back, to="退会", on="2021-03", actor=None)
    change_status(back, to="在册", on="2021-09", actor=None)
    first_status(undated, actor=None)
    change_status(mended, to="在册", on="2022", actor=None)
    change_status(mended, to="去世", on="", actor=None)

    past = growth_table(question(home, day=dt.date(2022, 12, 31)))
    today = growth_table(question(home))

    headings = [column.label for column in past.columns]
    assert headings == ["入会", "退会", "除名", "去世", "转出", "小计", "增减", "期末会员数"]
    assert [(row.label, *(cell.value for cell in row.cells)) for row in past.rows] == [
        ("日期不详（计入期初）", 1, 0, 0, 0, 0, 0, 1, 1),
        ("2020", 3, 0, 0, 0, 0, 0, 3, 4),
        ("2021", 1, 1, 0, 0, 0, 1, 0, 4),
        ("2022", 1, 0, 1, 0, 0, 1, 0, 4),
        ("合计", 6, 1, 1, 0, 0, 2, 4, 4),
    ]
    rows = {row.label: [cell.value for cell in row.cells] for row in today.rows}
    assert rows["日期不详（期间变动）"] == [1, 0, 0, 1, 0, 1, 0, 4]
    assert rows["合计"] == [7, 1, 1, 1, 0, 3, 4, 4]
    assert Member.objects.filter(status__in=IN_FORCE).count() == 4


def test_growth_at_each_years_end_is_the_number_of_members_then():
    home = make_association()
    statuses = ["在册", "退会", "停权", "除名", "申请"]
    for serial in range(40):
        member = make_member(association=home)
        for step in range(serial % 4):
            on = f"{2010 + (serial * 3 + step * 5) % 12}" + ("-06" if serial % 2 else "")
            change_status(member, to=statuses[(serial + step) % 5], on=on if serial % 7 else "", actor=None)

    table = growth_table(question(home, day=dt.date(2023, 12, 31)))

    years = {row.label: row.cells[-1].value for row in table.rows if row.kind == VALUE}
    assert years == {year: Member.objects.in_force_on(dt.date(int(year), 12, 31)).count() for year in years}
    assert len(years) >= 12


def test_growth_sums_up_what_lies_long_ago():
    home = make_association()
    for on in ("1951", "1955-06", "2020"):
        change_status(make_member(association=home), to="在册", on=on, actor=None)

    table = growth_table(question(home, day=dt.date(2020, 12, 31)))

    assert [(row.label, row.cells[0].value, row.cells[-1].value) for row in table.rows[:3]] == [
        ("日期不详（计入期初）", 0, 0),
        ("1991年以前", 2, 2),
        ("1991", 0, 2),
    ]
    assert len(table.rows) == 2 + 30 + 1


# -- rights


ALL_CUTS = [*(cut.key for cut in CUTS), "growth"]
PUBLIC_CUTS = ["category", "title", "township", "occupation", "employer", "growth"]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.MANAGER, ALL_CUTS),
        (Role.SECRETARY, ALL_CUTS),
        (Role.VIEWER, PUBLIC_CUTS),
        (Role.DEPARTMENT, ALL_CUTS),
    ],
)
def test_role_is_offered_the_cuts_by_the_classes_it_may_count(client, role, offered):
    home = make_association()
    people(home, 14)
    sign_in(client, role, home)

    pages = {cut: client.get(PAGE, {"cut": cut}).status_code for cut in ALL_CUTS}
    sheets = {cut: client.post(f"{SHEET}?cut={cut}").status_code for cut in ALL_CUTS}
    tabs = [tab["key"] for tab in client.get(PAGE).context["tabs"]]

    assert pages == sheets == {cut: 200 if cut in offered else 403 for cut in ALL_CUTS}
    assert tabs == [*offered, "all"]


def test_members_see_no_figures(client):
    sign_in(client, Role.MEMBER, make_association())

    assert (client.get(PAGE).status_code, client.post(SHEET).status_code) == (403, 403)


def test_viewer_gets_no_column_of_a_field_that_is_masked():
    home = make_association()
    people(home)
    viewer = secretary(home, Role.VIEWER)
    asked = question(home)

    tables = [cut_table(cut, asked) for key, cut in cuts_for(viewer, asked).items() if key != "growth"]

    groups = {column.group for table in tables for column in table.columns}
    assert groups == {"", "性别", "所属类别", "职称级别"}


def test_secretary_of_one_association_does_not_count_personal_fields_in_another(client):
    home, other = make_association(), make_association()
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)

    answers = [
        client.get(PAGE, {"cut": "age", **chosen}).status_code
        for chosen in ({}, {"association": home.pk}, {"association": other.pk})
    ]

    assert answers == [403, 200, 403]


def test_department_sees_each_personal_field_by_itself_without_small_groups(client):
    home = make_association()
    for status, n in [
        ("群众", 5),
        ("民盟盟员", 1),
        ("民建会员", 2),
        ("无党派人士", 1),
        ("中共党员", 4),
        ("", 1),
    ]:
        for _ in range(n):
            make_member(association=home, political_status=status, sex="女")
    sign_in(client, Role.DEPARTMENT, home)

    (table,) = client.get(PAGE, {"cut": "political", "other_day": "2020-01-01"}).context["tables"]

    assert [(row.label, [cell.text for cell in row.cells]) for row in table.rows] == [
        ("中共小计", ["4", "28.6%"]),
        ("中共党员", ["4", "28.6%"]),
        ("中共预备党员", ["0", "0.0%"]),
        ("群众", ["5", "35.7%"]),
        ("人数较少的合并", ["4", "28.6%"]),
        ("未填", ["1", "7.1%"]),
        ("合计", ["14", "100.0%"]),
    ]


def test_department_chooses_no_bands(client):
    home = make_association()
    for birth in ("1990", "1980", "1970"):
        make_member(association=home, birth=birth)
    sign_in(client, Role.DEPARTMENT, home)

    page = client.get(PAGE, {"cut": "age", "bands": "35, 36, 37"})

    assert page.context["question"].bands == (35, 45, 55, 60)
    assert "bands" not in page.context["form"].fields


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        ({"a": 5, "b": 4}, {"a": 5, "b": 4, "未填": 0}),
        ({"a": 5, "b": 0}, {"a": 5, "b": 0, "未填": 0}),
        ({"a": 9, "b": 1, "c": 2, "d": 0}, {"a": 9, "人数较少的合并": 3, "未填": 0}),
        # one alone would be the total less the others
        ({"a": 9, "b": 1, "c": 4}, {"a": 9, "人数较少的合并": 5, "未填": 0}),
        ({"a": 1, "": 1}, {"人数较少的合并": 1, "未填": 1}),
    ],
)
def test_small_groups_are_merged_so_that_no_difference_tells_them(numbers, kept):
    found = Counter(numbers)
    lines = [Line(value, frozenset({value})) for value in numbers if value]

    result = merged([*lines, Line("未填", frozenset({""}), BLANK)], found)

    assert {line.label: sum(found[value] for value in line.values) for line in result} == kept


def test_small_parts_are_merged_within_their_group():
    found = Counter({"a": 4, "b": 1, "c": 2, "x": 7})
    lines = [
        Line("abc", frozenset("abc"), GROUP),
        *(Line(value, frozenset({value}), PART) for value in "abc"),
        Line("x", frozenset("x")),
    ]

    result = [
        (line.label, line.kind, sum(found[value] for value in line.values)) for line in merged(lines, found)
    ]

    assert result == [
        ("abc", GROUP, 7),
        ("a", PART, 4),
        ("人数较少的合并", PART, 3),
        ("x", VALUE, 7),
    ]
    assert REST not in {kind for _label, kind, _number in result}


# -- the department in the staff screens


def test_department_is_led_to_the_statistics_and_sees_nothing_else_in_the_navigation(client):
    home = make_association()
    sign_in(client, Role.DEPARTMENT, home)

    page = client.get(PAGE)

    assert [client.get(path).url for path in ("/", "/admin/")] == [PAGE, PAGE]
    pages = [page["address"] for task in page.context["navigation"] for page in task["pages"]]
    # both are figures alone
    assert pages == [reverse("activities:figures"), PAGE]


def test_department_reaches_no_person(client):
    home = make_association()
    member = make_member("李不见", association=home, employer="不见公司", mobile="13800001234")
    first_status(member, actor=None)
    sign_in(client, Role.DEPARTMENT, home)

    closed = {}
    for pattern in ("changelist", "add", "export"):
        path = reverse(f"admin:members_member_{pattern}")
        closed[path] = client.get(path).status_code
    for name in ("change", "history", "delete"):
        path = reverse(f"admin:members_member_{name}", args=[member.pk])
        closed[path] = client.get(path).status_code
    for path in (
        "/admin/members/",
        "/admin/organizations/",
        "/admin/members/employer/",
        "/admin/members/user/",
        "/admin/members/importbatch/",
        "/admin/organizations/association/",
        "/admin/organizations/change/",
        "/admin/organizations/action/",
        "/admin/autocomplete/?app_label=members&model_name=member&field_name=employer&term=不见",
        "/members/import/",
        "/members/import/template/",
    ):
        closed[path] = client.get(path).status_code
    pages = client.get(PAGE, {"cut": "all"}).content.decode() + client.get("/members/me/").content.decode()

    assert {path: code for path, code in closed.items() if code not in (403, 404)} == {}
    assert [word for word in ("李不见", "不见公司", "1234", "members/member") if word in pages] == []
    assert list(Member.objects.visible_to(User.objects.get())) == []


def test_who_reads_persons_too_keeps_the_workbench(client):
    home = make_association()
    user = sign_in(client, Role.DEPARTMENT, home)
    grant(user, Role.VIEWER, home)

    assert client.get("/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_superuser_of_an_empty_register_reaches_both(client):
    client.force_login(User.objects.create_superuser("root@example.org", "correct horse battery"))

    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE, {"cut": "all"}).status_code == 200


# -- the page


def test_page_counts_the_chosen_association_and_all_below(client):
    city = make_association()
    home = make_association(parent=city)
    park = make_association(parent=home)
    for association in (city, home, park):
        make_member(association=association)
    sign_in(client, Role.SECRETARY, city)

    totals = [
        client.get(PAGE, chosen).context["tables"][0].rows[-1].cells[0].value
        for chosen in ({}, {"association": home.pk}, {"association": park.pk})
    ]

    assert totals == [3, 2, 1]


def test_two_trees_are_counted_together_until_one_is_chosen(client):
    home, other = make_association(), make_association()
    for association in (home, other):
        make_member(association=association)
    sign_in(client, Role.SECRETARY, home, other)

    pages = [client.get(PAGE, chosen) for chosen in ({}, {"association": other.pk})]

    assert [page.context["tables"][0].rows[-1].cells[0].value for page in pages] == [2, 1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"day": "2999-01-01"}, "该日期在今天之后，尚无数字。"),
        ({"other_day": "2999-01-01"}, "该日期在今天之后，尚无数字。"),
        ({"day": "1066-10-14"}, "日期不能早于1900年。"),
        ({"day": "2024-02-30"}, "输入一个有效的日期。"),
        ({"day": "昨天"}, "输入一个有效的日期。"),
        ({"day": "2024-01-01\x00"}, "输入一个有效的日期。"),
        ({"bands": "35, 老"}, "请用数字填写年龄，以逗号隔开。"),
        ({"bands": "٣٥"}, "请用数字填写年龄，以逗号隔开。"),
        ({"bands": "45, 35"}, "请填写1至12个年龄，由小到大，不超过120岁。"),
        ({"bands": "35, 35"}, "请填写1至12个年龄，由小到大，不超过120岁。"),
        ({"bands": "999"}, "请填写1至12个年龄，由小到大，不超过120岁。"),
        ({"bands": ","}, "请填写1至12个年龄，由小到大，不超过120岁。"),
    ],
)
def test_wrong_input_gets_a_sentence_and_the_figures_of_today(client, query, sentence):
    make_member(association=make_association(), birth="1990")
    sign_in(client, Role.SECRETARY, Member.objects.get().association)

    page = client.get(PAGE, query)
    sheet = client.post(f"{SHEET}?{page.wsgi_request.GET.urlencode()}", follow=True)

    for answer in (page, sheet):
        assert [text for texts in answer.context["form"].errors.values() for text in texts] == [sentence]
        assert answer.context["question"].days == [timezone.localdate()]
        assert answer.context["tables"][0].rows[-1].cells[0].value == 1
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()


@pytest.mark.parametrize("query", [{"cut": "persons"}, {"cut": "birth\x00"}, {"association": "x"}])
def test_what_does_not_exist_is_not_found(client, query):
    sign_in(client, Role.SECRETARY, make_association())

    assert client.get(PAGE, query).status_code == 404


def test_association_out_of_sight_is_not_found(client):
    home, elsewhere = make_association(), make_association()
    sign_in(client, Role.SECRETARY, home)

    answers = [
        client.get(PAGE, {"association": elsewhere.pk}).status_code,
        client.post(f"{SHEET}?association={elsewhere.pk}").status_code,
    ]

    assert answers == [404, 404]


def test_values_of_records_are_text_on_the_page(client):
    home = make_association()
    make_member(association=home, occupation="<b>律师</b>")
    sign_in(client, Role.SECRETARY, home)

    page = client.get(PAGE, {"cut": "occupation"}).content.decode()

    assert "&lt;b&gt;律师" in page
    assert "<b>" not in page


def statements(client, **query):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(PAGE, query).status_code == 200
    return len(queries)


def test_number_of_statements_does_not_grow_with_the_register(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    day = timezone.localdate() - dt.timedelta(days=1)
    queries = [{"cut": cut.key} for cut in CUTS]
    queries += [{"cut": "growth"}, {"cut": "all"}, {"cut": "age", "day": day.isoformat()}]

    people(home, 1)
    few = [statements(client, **query) for query in queries]
    people(home, 60)
    make_association(parent=home)
    many = [statements(client, **query) for query in queries]

    assert few == many
    # session, account, grants, associations twice; then one a cut, two for growth
    assert few == [*[6] * len(CUTS), 7, 5 + len(CUTS) + 2, 6]


# -- from a number to its members


def listed_by(address, user):
    """The number of members that the list at `address` shows to `user`."""
    path, _mark, query = address.partition("?")
    assert path == reverse("admin:members_member_changelist")
    selection = Selection.parse(QueryDict(query))
    assert selection.problems(user) == []
    return selection.apply(Member.objects.staff_visible_to(user), user).count()


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.key)
@pytest.mark.parametrize("chosen", [False, True])
def test_each_number_leads_to_a_list_of_as_many_members(client, cut, chosen):
    city = make_association()
    home = make_association(parent=city)
    people(city, 20)
    people(home)
    make_member(association=home, township=" 几江街道", occupation="50%,甲;乙")
    user = sign_in(client, Role.SECRETARY, city)

    query = {"cut": cut.key, "bands": "20, 35, 36"} | ({"association": home.pk} if chosen else {})
    (table,) = client.get(PAGE, query).context["tables"]

    cells = [cell for row in table.rows for cell in row.cells if cell.kind == NUMBER]
    links = [(cell.value, listed_by(cell.address, user)) for cell in cells if cell.address]
    assert [number for number, _listed in links] == [listed for _number, listed in links]
    without = {row.label for row in table.rows for cell in row.cells if cell.kind == NUMBER and cell.value
               and not cell.address}  # fmt: skip
    # the list cuts the blanks around what it looks for
    assert without == ({" 几江街道"} if cut.key == "township" else set())
    # the list itself, once: its last line is the total
    total = table.rows[-1].cells[0]
    assert client.get(total.address).context["cl"].result_count == total.value


def test_numbers_of_another_day_lead_nowhere(client):
    home = make_association()
    first_status(make_member(association=home), actor=None)
    sign_in(client, Role.SECRETARY, home)
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()

    pages = [client.get(PAGE, query) for query in ({"day": yesterday}, {"other_day": yesterday})]

    for page in pages:
        cells = [cell for row in page.context["tables"][0].rows for cell in row.cells]
        assert any(cell.value for cell in cells)
        assert not any(cell.address for cell in cells)


def test_who_reads_figures_only_gets_no_link(client):
    home, other = make_association(), make_association()
    make_member(association=home)
    user = sign_in(client, Role.DEPARTMENT, home)

    alone = client.get(PAGE, {"cut": "all"}).content.decode()
    grant(user, Role.VIEWER, other)
    with_another = client.get(PAGE, {"cut": "category", "association": home.pk}).content.decode()

    assert [page.count('<td class="number"><a') for page in (alone, with_another)] == [0, 0]


# -- the sheet


def read_sheet(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def test_sheet_holds_the_table_with_numbers_as_numbers(client):
    home = make_association("江津区某联合会")
    for sex, category in [("男", "自由职业人员"), ("女", "自由职业人员"), ("", "")]:
        make_member(association=home, sex=sex, category=category)
    user = sign_in(client, Role.SECRETARY, home)
    today = timezone.localdate()

    response = client.post(f"{SHEET}?cut=category")
    book = read_sheet(response)

    (sheet,) = book.worksheets
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert sheet.title == "所属类别与性别"
    assert rows[0][0] == "江津区某联合会 所属类别与性别"
    assert rows[1][0].startswith(f"统计日期：{today.year}年{today.month}月{today.day}日。制表：{user}，")
    assert rows[3:] == [
        ["所属类别", "人数", "占比", "性别", None, None],
        [None, None, None, "男", "女", "未填"],
        ["民营企业和外商投资企业管理技术人员", 0, 0, 0, 0, 0],
        ["中介组织和社会组织从业人员", 0, 0, 0, 0, 0],
        ["自由职业人员", 2, 2 / 3, 1, 1, 0],
        ["新媒体从业人员", 0, 0, 0, 0, 0],
        ["未填", 1, 1 / 3, 0, 0, 1],
        ["合计", 3, 1, 1, 1, 1],
    ]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B6", "$4:$5")
    assert f"-{today:%Y%m%d}.xlsx" in response.headers["Content-Disposition"]


def test_sheet_of_all_has_what_the_pages_show(client):
    home = make_association()
    people(home)
    sign_in(client, Role.SECRETARY, home)

    tables = client.get(PAGE, {"cut": "all"}).context["tables"]
    book = read_sheet(client.post(f"{SHEET}?cut=all"))

    assert [sheet.title for sheet in book.worksheets] == [table.title for table in tables]
    for sheet, table in zip(book.worksheets, tables, strict=True):
        start = 6 if table.groups else 5
        shown = [list(row) for row in sheet.iter_rows(min_row=start, values_only=True)]
        # a workbook keeps 16 digits of a share
        assert [[row[0], *map(pytest.approx, row[1:])] for row in shown] == [
            [row.label, *(cell.value for cell in row.cells)] for row in table.rows
        ]


def test_sheet_writes_what_looks_like_a_formula_as_text(client):
    home = make_association()
    make_member(association=home, occupation="=1+1")
    sign_in(client, Role.SECRETARY, home)

    (sheet,) = read_sheet(client.post(f"{SHEET}?cut=occupation")).worksheets

    assert (sheet["A6"].value, sheet["A6"].data_type) == ("=1+1", "s")


def test_download_is_logged_without_persons(client):
    home = make_association()
    make_member(association=home)
    user = sign_in(client, Role.DEPARTMENT, home)

    client.post(f"{SHEET}?cut=category&day=2024-12-31&other_day=2023-12-31")

    logged = Action.objects.exclude(kind="command").values_list(
        "kind", "actor", "association", "note", "details"
    )
    assert list(logged) == [
        (
            "export",
            user.pk,
            home.pk,
            "统计数字，不含个人信息",
            {"fields": ["所属类别与性别"], "filter": "2023-12-31 / 2024-12-31", "format": "xlsx"},
        )
    ]


def test_sheet_is_taken_by_post_alone(client):
    sign_in(client, Role.SECRETARY, make_association())

    assert client.get(SHEET).status_code == 405
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()


def test_kinds_of_columns_are_those_the_sheet_formats():
    home = make_association()
    make_member(association=home)

    kinds = {column.kind for column in cut_table(CUTS[0], question(home)).columns}

    assert kinds == {NUMBER, SHARE}
    assert {column.kind for column in growth_table(question(home)).columns} == {NUMBER, CHANGE}
