"""The export from list to file, and the template; both are read back by the importer."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.export import ColumnsForm, in_order, moved
from members.formats import FORMATS, Xlsx
from members.imports.pipeline import import_file, read_file
from members.models import Member
from members.resources import HEADERS, KEYS
from members.rights import FieldClass, Role
from organizations.models import Action
from tests.make import grant, make_association, make_id_number, make_member, make_user
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

EXPORT = reverse("admin:members_member_export")
LIST = reverse("admin:members_member_changelist")
LOG = reverse("members:disclosures")


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Uploads go to a folder of the test's own."""
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    settings.STORAGES = settings.STORAGES | {"default": storage}


def send(client, *, keys=KEYS, form="xlsx", step="export", query="", **data):
    """Press a button of the export page; reason and confirmation are given unless `data` says otherwise."""
    data = {
        "keys": list(keys),
        "format": form,
        "step": step,
        "reason": "报区委统战部",
        "identity": "on",
    } | data
    return client.post(EXPORT + query, data)


def finished(response):
    """`response`, read to its end as a browser does, so that the file behind it is closed."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def body(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def export(client, **how):
    """The bytes of the file."""
    return body(send(client, **how))


def sheet_of(data):
    """The rows of a workbook below its two lines above the table, as lists of values."""
    book = load_workbook(io.BytesIO(data))
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]


def csv_rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


FULL = {
    "number": "000123",
    "name": "阿依古丽·买买提",
    "former_name": "张旧名",
    "sex": "女",
    "birth": "1985-06",
    "ethnicity": "维吾尔族",
    "native_place": "新疆和田",
    "political_status": "中共党员",
    "second_party": "民盟盟员",
    "party_joined": "2008",
    "education": "硕士研究生",
    "degree": "法学硕士",
    "school": "西南政法大学",
    "major": "法学",
    "full_time_education": "大学本科",
    "full_time_degree": "法学学士",
    "full_time_school": "重庆大学法学院法学",
    "in_service_education": "硕士研究生",
    "in_service_degree": "法学硕士",
    "in_service_school": "西南政法大学法学",
    "title": "二级律师",
    "title_level": "副高级",
    "qualification": "律师执业资格",
    "position": "合伙人、主任",
    "employer_kind": "律师事务所",
    "employer_uscc": "31500000MD0000000P",
    "category": "中介组织和社会组织从业人员",
    "occupation": "律师",
    "mobile": "13800000001",
    "second_mobile": "+852 91234567",
    "office_phone": "023-47000001",
    "email": "someone@example.org",
    "wechat": "wx_0001",
    "id_kind": "居民身份证",
    "address": "几江街道 1 号",
    "township": "几江街道",
    "work_started": "2008-07-01",
    "social_posts": "区政协委员；区律师协会理事",
    "honours": "优秀会员（2021）；=先进=",
    "association_posts": "副会长、理事",
    "joined": "2019-12-24",
    "status": "停权",
    "remarks": "=1+1",
}


def full_member(association, **fields):
    values = FULL | fields
    return make_member(
        values.pop("name"), association=association, employer="重庆某某律师事务所",
        id_number=make_id_number(2), **values,
    )  # fmt: skip


def contract_form(**fields):
    """The values of `full_member` as the contract writes them."""
    dates = {key: FULL[key].replace("-", ".") for key in ("birth", "party_joined", "work_started", "joined")}
    return FULL | dates | {"employer": "重庆某某律师事务所", "id_number": make_id_number(2)} | fields


def test_every_field_is_written_in_the_contracts_order_and_form(client):
    home = make_association()
    full_member(home)
    sign_in(client, Role.SECRETARY, home)

    header, row = sheet_of(export(client))

    assert header == [HEADERS[key] for key in KEYS]
    assert dict(zip(KEYS, row, strict=True)) == contract_form()


def test_columns_are_written_in_the_order_chosen(client):
    home = make_association()
    full_member(home)
    sign_in(client, Role.SECRETARY, home)

    header, row = csv_rows(export(client, keys=["name", "mobile", "number"], form="csv", order="mobile,name"))

    assert header == ["手机", "姓名", "会员编号"]
    assert row == ["13800000001", "阿依古丽·买买提", "000123"]


def test_the_sheet_says_whose_list_it_is_when_how_many_by_whom_and_which(client):
    home = make_association("重庆市某某区新的社会阶层专业人士联合会")
    make_member("张一", association=home, status="退会")
    make_member("张二", association=home)
    secretary = sign_in(client, Role.SECRETARY, home)
    secretary.name = "李秘书"
    secretary.save()

    book = load_workbook(
        io.BytesIO(export(client, keys=["name", "sex", "employer"], query="?q=张&g=status:is:退会"))
    )

    assert [book.active["A1"].value, book.active["A2"].value] == [
        "重庆市某某区新的社会阶层专业人士联合会会员名册",
        f"日期：{timezone.localdate():%Y-%m-%d}　共 1 人　制表：李秘书　范围：会员状态为退会；搜索“张”",
    ]
    assert (book.properties.creator, book.sheetnames) == ("李秘书", ["会员名册"])


# -- round trip

NUMBERED = ["number", "name"]
ODD = {
    "remarks": '他说：“可以”，"quoted"',
    "honours": "=1+1；@甲；'乙",
    "social_posts": "区政协委员；区律师协会理事；某某商会副会长",
    "address": "几江街道\n1 号  2 楼 <3&4>",
    "wechat": "_x0041_-",
    "school": "长" * 200,
    "qualification": "+1、-1",
    "native_place": "重庆\u3000江津",
    "birth": "1985-06-12",
    "joined": "2019",
    "work_started": "2008-07",
    "second_mobile": "+852 91234567",
}


def odd_members(home):
    """Eight members with values at the edge of what a cell takes, two of one name."""
    full_member(home)
    make_member("张一", association=home, number="N1")
    make_member("张一", association=home, number="N2")
    make_member("李二", association=home, mobile="", birth="1990", remarks="'=x", number="=JJ")
    make_member("王三", association=home, number="03", honours="甲 & 乙 <丙>")
    make_member("𠮷野𬱖", association=home, number="-4", **ODD)
    make_member("Anna-Maria O'Neil", association=home, number="@5", position="经理")
    make_member("买买提·艾力·吐尔逊", association=home, number="6", employer="重庆某某科技有限公司")


def import_counts(path, home, actor):
    batch = import_file(path, association=home, actor=actor)
    return {key: batch.counts[key] for key in ("rows", "unchanged", "new", "update", "error", "question")}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "keys",
    [
        KEYS,
        NUMBERED,
        ["mobile", "name", "number", "remarks"],
        ["sex", "birth", "employer", "number", "name"],
        [*NUMBERED, "social_posts", "honours", "address", "wechat", "school", "joined"],
        ["id_number", "id_kind", *NUMBERED],
    ],
    ids=len,
)
def test_exporting_and_importing_again_changes_nothing(client, tmp_path, form, keys):
    home = make_association("重庆市某某区新的社会阶层专业人士联合会")
    odd_members(home)
    secretary = sign_in(client, Role.SECRETARY, home)
    path = tmp_path / f"again.{form}"
    path.write_bytes(export(client, keys=keys, form=form, order=",".join(keys)))
    before = list(Member.objects.order_by("pk").values())

    counts = import_counts(path, home, secretary)

    assert counts == {"rows": 8, "unchanged": 8, "new": 0, "update": 0, "error": 0, "question": 0}
    assert list(Member.objects.order_by("pk").values()) == before


def test_every_single_column_comes_back_unchanged(client, tmp_path):
    home = make_association()
    odd_members(home)
    secretary = sign_in(client, Role.SECRETARY, home)
    counts = {}

    for key in set(KEYS) - set(NUMBERED):
        path = tmp_path / f"{key}.csv"
        path.write_bytes(export(client, keys=[*NUMBERED, key], form="csv"))
        counts[key] = import_counts(path, home, secretary)["unchanged"]

    assert counts == dict.fromkeys(counts, 8)


@pytest.mark.parametrize("name", ["姓名", "会员：姓名", "张三", "", "小计"])
@pytest.mark.parametrize("keys", [["name"], ["name", "sex"], NUMBERED])
def test_no_line_above_the_table_is_taken_for_a_person(client, tmp_path, name, keys):
    home = make_association(name or "某联合会")
    for serial in ("一", "二", "三"):
        make_member(f"张{serial}", association=home, number=f"N{serial}")
    secretary = sign_in(client, Role.SECRETARY, home)
    path = tmp_path / "again.xlsx"
    path.write_bytes(export(client, keys=keys, query=f"?q={'张' if name else ''}"))

    counts = import_counts(path, home, secretary)

    assert (counts["rows"], counts["unchanged"]) == (3, 3)


def test_what_the_form_takes_survives_the_round_trip(client, tmp_path):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home)
    add = reverse("admin:members_member_add")
    page = client.get(add)
    data = {
        name: field.initial or ""
        for name, field in page.context["adminform"].form.fields.items()
        if name not in ("remove_id",)
    }
    for inline in page.context["inline_admin_formsets"]:
        data |= {form.html_name: form.value() for form in inline.formset.management_form}
    written = {
        "name": "张 三",
        "association": home.pk,
        "status": "在册",
        "number": " JJ 7 ",
        "mobile": "（+86）138 0000 0007",
        "second_mobile": "00852-91234567",
        "office_phone": "（023）47000001",
        "email": "Some@Example.org",
        "honours": "优秀会员\n先进个人",
        "association_posts": "副会长 理事",
        "degree": "法学学士学位",
        "title": "高级 工程师",
        "remarks": "两\n行",
        "joined": "2019年12月",
    }

    client.post(add, data | written)
    path = tmp_path / "again.xlsx"
    path.write_bytes(export(client))
    batch = import_file(path, association=home, actor=secretary)

    assert Member.objects.get().name == "张三"
    assert (batch.counts["rows"], batch.counts["unchanged"]) == (1, 1), batch.rows.get().content()


# -- who, which rows


def test_who_may_export(client):
    home, elsewhere = make_association(), make_association()
    make_member("张一", association=home)
    answers = {}

    for who, role, association in (
        ("manager", Role.MANAGER, home),
        ("secretary", Role.SECRETARY, home),
        ("viewer", Role.VIEWER, home),
        ("member", Role.MEMBER, home),
        ("stranger", Role.MANAGER, elsewhere),
    ):
        sign_in(client, role, association)
        answers[who] = (client.get(EXPORT).status_code, finished(send(client, keys=["name"])).streaming)

    # who is no staff is sent away; a stranger has nobody to export
    assert answers == {
        "manager": (200, True),
        "secretary": (200, True),
        "viewer": (403, False),
        "member": (302, False),
        "stranger": (200, False),
    }
    assert Action.objects.filter(kind="export").count() == 2


def test_viewer_is_not_offered_the_export(client):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.VIEWER, home)

    offered = client.get(LIST).content.decode()

    assert EXPORT not in offered
    assert "export_selected" not in offered
    assert LOG not in offered


def test_only_rows_one_may_export_are_written(client):
    home, read_only, elsewhere = make_association(), make_association(), make_association()
    for name, association in (("张一", home), ("张二", read_only), ("张三", elsewhere)):
        make_member(name, association=association)
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, read_only)

    rows = sheet_of(export(client, keys=["name", "id_number"]))

    assert rows == [["姓名", "证件号码"], ["张一", None]]


def test_filter_and_search_of_the_list_choose_the_rows(client):
    home = make_association()
    for name, status in (("张一", "在册"), ("张二", "退会"), ("李三", "退会")):
        make_member(name, association=home, status=status)
    sign_in(client, Role.SECRETARY, home)

    rows = sheet_of(export(client, keys=["name"], query="?g=status:is:退会&q=张"))

    assert rows == [["姓名"], ["张二"]]


def test_selected_rows_are_written_in_the_order_of_the_list(client):
    home = make_association()
    members = [make_member(name, association=home) for name in ("王五", "李四", "赵六")]
    stranger = make_member("外人", association=make_association())
    sign_in(client, Role.SECRETARY, home)
    ticked = [members[0].pk, members[1].pk, stranger.pk]

    asked = client.post(f"{LIST}?order=name", {"action": "export_selected", "_selected_action": ticked})
    response = client.post(asked.url, {"format": "csv", "keys": ["name"], "step": "export"})

    assert csv_rows(body(response)) == [["姓名"], ["李四"], ["王五"]]
    assert Action.objects.get(kind="export").details["filter"] == "勾选的 3 行"


def test_selecting_all_takes_the_whole_list_as_filtered(client):
    home = make_association()
    for name in ("张一", "张二"):
        make_member(name, association=home)
    make_member("李三", association=home)
    sign_in(client, Role.SECRETARY, home)
    data = {"action": "export_selected", "_selected_action": ["1"], "select_across": "1"}

    asked = client.post(f"{LIST}?q=张", data)
    response = client.post(asked.url, {"format": "csv", "keys": ["name"], "step": "export"})

    assert csv_rows(body(response)) == [["姓名"], ["张一"], ["张二"]]


@pytest.mark.parametrize(
    "query",
    [
        "?user__password__startswith=a",
        "?nonsense=1",
        "?q=%00",
        "?status__exact=在册",
        "?id_digest=1",
        "?g=sex:is:x",
        "?g=nonsense",
    ],
)
def test_an_address_not_understood_exports_nobody(client, query):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    answers = [client.get(EXPORT + query), send(client, keys=["name"], query=query)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, LIST)] * 2
    assert "地址中的筛选条件无法识别" in client.get(LIST).content.decode()
    assert not Action.objects.filter(kind="export").exists()


@pytest.mark.parametrize(
    "query",
    ["?q=%25%27%F0%9F%98%80", "?q=" + "长" * 500, "?ids=", f"?ids=x,{'9' * 40},-1", "?g=sex:is:女"],
)
def test_without_rows_there_is_a_sentence_and_no_file(client, query):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    answers = [client.get(EXPORT + query), send(client, keys=["name"], query=query)]

    assert ["没有符合条件的会员" in answer.content.decode() for answer in answers] == [True, True]
    assert not Action.objects.filter(kind="export").exists()


# -- which columns, why


def test_columns_not_there_are_refused_by_name(client):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = send(client, keys=["name", "user__password", "x" * 500, "\0"])

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "keys": [f"以下列不能导出：user__password、{'x' * 40}、\0。"],
    }
    assert not Action.objects.filter(kind="export").exists()


def test_columns_one_may_not_read_are_refused_by_name():
    data = {"keys": ["name", "id_number", "birth"], "format": "csv"}

    form = ColumnsForm(data, formats=FORMATS, allowed=["name", "sex"])

    assert form.errors == {"keys": ["以下列不能导出：证件号码、出生年月。"]}
    assert form.groups == [(FieldClass.PUBLIC, [("name", "姓名", True), ("sex", "性别", False)])]


@pytest.mark.parametrize("data", [{"keys": []}, {"form": "exe"}, {"form": ""}])
def test_no_columns_or_format_is_no_export(client, data):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = send(client, **data)

    assert response.status_code == 422
    assert not Action.objects.filter(kind="export").exists()


@pytest.mark.parametrize(
    ("keys", "given", "missing"),
    [
        (["name", "employer"], {}, []),
        (["name", "mobile"], {}, []),
        (["name", "birth"], {}, ["reason"]),
        (["name", "birth"], {"reason": " \u3000 "}, ["reason"]),
        (["name", "birth"], {"reason": "长" * 201}, ["reason"]),
        (["name", "birth"], {"reason": "存档"}, []),
        (["name", "id_number"], {"reason": "存档"}, ["identity"]),
        (["name", "id_kind"], {"identity": "on"}, ["reason"]),
        (["name", "id_number"], {"reason": "存档", "identity": "on"}, []),
    ],
)
def test_personal_columns_need_a_reason_and_identity_columns_a_tick(client, keys, given, missing):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)
    data = {"keys": keys, "format": "csv", "step": "export"}

    response = finished(client.post(EXPORT, data | given))

    assert response.status_code == (422 if missing else 200)
    assert missing == [] or list(response.context["form"].errors) == missing
    assert Action.objects.filter(kind="export").count() == (0 if missing else 1)


def test_what_will_be_written_is_shown_before(client):
    home = make_association()
    make_member("张一", association=home)
    make_member("张二", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = send(client, keys=["name", "birth", "id_number", "sex"], step="review", query="?q=张")

    page = response.context
    assert (page["count"], page["chosen"].words) == (2, "搜索“张”")
    assert [(found.value, headers) for found, headers in page["classes"]] == [
        ("public", ["姓名", "性别"]),
        ("personal", ["出生年月"]),
        ("identity", ["证件号码"]),
    ]
    assert list(page["form"].fields) == ["reason", "recipient", "identity"]
    assert not Action.objects.filter(kind="export").exists()


def test_the_log_is_one_step_from_the_export(client):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    pages = [client.get(EXPORT), send(client, step="review")]

    # once in the navigation, once on the page
    assert [page.content.decode().count(f'href="{LOG}"') for page in pages] == [2, 2]


def test_columns_are_moved_by_buttons_and_what_was_typed_stays(client):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = send(client, keys=["number", "name", "birth"], step="", move="birth:up", reason="存档")

    assert response.context["order"] == "number,birth,name"
    assert response.context["form"]["reason"].value() == "存档"


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (("b", "up"), "bac"),
        (("a", "up"), "abc"),
        (("b", "down"), "acb"),
        (("c", "down"), "abc"),
        (("c", "first"), "cab"),
        (("x", "first"), "abc"),
    ],
)
def test_moving_a_column(move, expected):
    assert "".join(moved("abc", *move)) == expected


def test_columns_come_in_the_order_given_and_then_in_the_contracts():
    assert in_order(["mobile", "name", "sex", "number"], "sex,nonsense,birth,mobile") == [
        "sex",
        "mobile",
        "number",
        "name",
    ]


def test_the_last_choice_is_ticked_the_next_time(client):
    home = make_association()
    make_member("张一", association=home)
    user = sign_in(client, Role.SECRETARY, home)
    first = client.get(EXPORT).context["order"].split(",")
    export(client, keys=["name", "mobile"], order="mobile,name")
    client.force_login(user)

    again = client.get(EXPORT).context["order"]

    assert first[:3] == ["number", "name", "sex"]
    assert again == "mobile,name"


@pytest.mark.parametrize(
    ("preset", "first"), [("contacts", "name,sex,employer"), ("no such", "number,name,sex")]
)
def test_presets_tick_the_columns_of_a_usual_list(client, preset, first):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = client.post(EXPORT, {"preset": preset})

    assert response.context["order"].startswith(first)
    assert 'value="name" checked' in response.content.decode()


def test_more_rows_than_a_sheet_holds_are_refused():
    class Small(Xlsx):
        most_rows = 2

    form = ColumnsForm({"keys": ["name"], "format": "xlsx"}, formats=[Small], allowed=KEYS)
    assert form.is_valid()

    form.check_count(2)
    before = form.is_valid()
    form.check_count(3)

    assert before
    assert form.errors == {"format": ["共 3 人，超过一张工作表的上限（2 行）。请改用 CSV，或先筛选名单。"]}


@pytest.mark.parametrize(
    ("token", "cookie"), [("17637", "17637"), ("", None), ("a;Path=/", None), ("1" * 99, None)]
)
def test_the_answer_tells_the_page_that_the_download_begins(client, token, cookie):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = finished(send(client, keys=["name"], token=token))

    found = response.cookies.get("export_ready")
    assert (found and found.value) == cookie


# -- the log


def test_export_is_logged(client):
    home = make_association(code="home")
    park = make_association(code="park", parent=home)
    for association in (home, park):
        make_member(association=association, status="在册")
    secretary = sign_in(client, Role.SECRETARY, home)

    export(client, keys=["name", "mobile"], form="csv", query="?g=status:is:在册", reason=" 通知开会 ")

    action = Action.objects.get(kind="export")
    assert (action.actor, action.association) == (secretary, home)
    assert action.details == {
        "count": 2,
        "fields": ["姓名", "手机"],
        "filter": "会员状态为在册",
        "format": "csv",
        "reason": "通知开会",
        "identity": False,
    }


def test_each_branch_has_its_own_entry(client):
    city = make_association(code="city")
    east, west = make_association(code="east", parent=city), make_association(code="west", parent=city)
    for association, count in ((city, 1), (east, 2), (west, 3)):
        for _ in range(count):
            make_member(association=association)
    user = sign_in(client, Role.SECRETARY, east, west)

    export(client, keys=["name"])

    actions = Action.objects.filter(kind="export", actor=user).order_by("association")
    assert [(action.association, action.details["count"]) for action in actions] == [(east, 2), (west, 3)]


def test_an_export_that_fails_leaves_no_entry(client):
    home = make_association()
    member = make_member("张一", association=home, id_number=make_id_number(1))
    Member.objects.filter(pk=member.pk).update(id_sealed=b"damaged")
    sign_in(client, Role.SECRETARY, home)
    client.raise_request_exception = False

    response = send(client)

    assert response.status_code == 500
    assert not Action.objects.filter(kind="export").exists()


def log_of(client, **query):
    """What the log shows, as (person, count) lines."""
    return [
        (str(action.actor), action.details["count"])
        for action, _classes in client.get(LOG, query).context["exports"]
    ]


def test_managers_see_the_exports_of_theirs_and_everybody_the_own(client):
    home, elsewhere = make_association(), make_association()
    for association in (home, elsewhere):
        make_member(association=association)
    first = sign_in(client, Role.SECRETARY, home)
    export(client, keys=["name"])
    second = sign_in(client, Role.SECRETARY, home)
    export(client, keys=["name"])
    third = sign_in(client, Role.SECRETARY, elsewhere)
    export(client, keys=["name"])
    manager = make_user()
    grant(manager, Role.MANAGER, home)
    viewer = make_user()
    grant(viewer, Role.VIEWER, home)

    seen = {}
    for user in (first, third, manager, viewer):
        client.force_login(user)
        seen[user] = [person for person, _count in log_of(client)]

    assert seen == {
        first: [first.email],
        third: [third.email],
        manager: [second.email, first.email],
        viewer: [],
    }


def test_the_log_is_filtered_by_person_days_and_identity_columns(client):
    home = make_association()
    make_member(association=home)
    other = sign_in(client, Role.SECRETARY, home)
    export(client, keys=["name"])
    manager = sign_in(client, Role.MANAGER, home)
    export(client, keys=["name", "id_number"])
    Action.objects.filter(actor=other).update(at=timezone.now() - timedelta(days=40))
    today, lately = timezone.localdate(), timezone.localdate() - timedelta(days=30)

    found = {
        "all": log_of(client),
        "person": log_of(client, person=other.pk),
        "since": log_of(client, since=lately),
        "until": log_of(client, until=lately),
        "today": log_of(client, since=today, until=today),
        "with": log_of(client, identity="yes"),
        "without": log_of(client, identity="no"),
    }

    mine, others = (manager.email, 1), (other.email, 1)
    assert found == {
        "all": [mine, others],
        "person": [others],
        "since": [mine],
        "until": [others],
        "today": [mine],
        "with": [mine],
        "without": [others],
    }


@pytest.mark.parametrize(
    "query",
    [
        {"person": "999"},
        {"person": "x"},
        {"since": "2026-02-30"},
        {"until": "'"},
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"identity": "maybe"},
    ],
)
def test_a_filter_of_the_log_that_means_nothing_gets_a_sentence(client, query):
    home = make_association()
    make_member(association=home)
    sign_in(client, Role.MANAGER, home)
    export(client, keys=["name"])

    response = client.get(LOG, query)

    assert (response.status_code, response.context["exports"]) == (422, [])
    assert "errorlist" in response.content.decode()


def test_the_log_reads_as_chinese_sentences(client):
    home = make_association("某联合会")
    make_member("张一", association=home)
    sign_in(client, Role.MANAGER, home)
    export(client, keys=["name", "mobile", "birth"], query="?q=张", reason="报<统战部>")

    page = client.get(LOG).content.decode()

    for text in (
        "搜索“张”",
        "<dd>手机</dd>",
        "<dd>出生年月</dd>",
        "报&lt;统战部&gt;",
        "某联合会",
    ):
        assert text in page


def test_the_log_goes_from_page_to_page(client):
    home = make_association()
    manager = sign_in(client, Role.MANAGER, home)
    Action.objects.bulk_create(
        Action(kind="export", actor=manager, association=home, details={"count": number, "identity": True})
        for number in range(51)
    )

    first = client.get(LOG, {"identity": "yes"})
    second = log_of(client, identity="yes", before=first.context["older"])

    assert [line[1] for line in log_of(client)] == list(range(50, 0, -1))
    assert second == [(manager.email, 0)]
    assert log_of(client, before="x")[0] == (manager.email, 50)


def test_statements_do_not_grow_with_rows_or_entries(client, django_assert_max_num_queries):
    home = make_association()
    sign_in(client, Role.MANAGER, home)
    make_member(association=home, employer="甲公司", id_number=make_id_number(1))
    counts = []
    for size in (1, 3):
        while Member.objects.count() < size:
            make_member(association=home, employer=f"第{Member.objects.count()}公司")
        pages = []
        for step in ("review", "export"):
            with django_assert_max_num_queries(14) as captured:
                finished(send(client, step=step))
            pages.append(len(captured))
        with django_assert_max_num_queries(14) as captured:
            client.get(LOG)
        counts.append([*pages, len(captured)])

    assert counts[0] == counts[1]


def test_the_packages_own_import_is_closed(client):
    home = make_association()
    sign_in(client, Role.MANAGER, home)

    pages = [
        client.get(reverse("admin:members_member_import")),
        client.post(reverse("admin:members_member_process_import"), {"import_file_name": "x", "format": "0"}),
    ]

    assert [(page.status_code, page.url) for page in pages] == [(302, reverse("members:import_upload"))] * 2


# -- template


def test_template_reads_back_without_persons(client, tmp_path):
    home = make_association(townships="几江街道\n双福街道")
    sign_in(client, Role.SECRETARY, home)
    path = tmp_path / "template.xlsx"

    path.write_bytes(b"".join(client.get(reverse("members:import_template")).streaming_content))
    roster = read_file(path)

    assert [(sheet.name, len(sheet.rows)) for sheet in roster.sheets] == [
        ("花名册", 0),
        ("填写说明", 0),
        ("选项", 0),
    ]
    assert [column.field for column in roster.sheets[0].columns if column.field] == KEYS
    assert [(skipped.row, skipped.kind) for skipped in roster.sheets[0].skipped] == [(2, "note")]
    assert [message for sheet in roster.sheets for message in sheet.messages] == []


def test_template_filled_in_is_imported(client, tmp_path):
    home = make_association()
    secretary = sign_in(client, Role.SECRETARY, home)
    response = client.get(reverse("members:import_template"))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet = book["花名册"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for header, text in {"姓名": "张一", "手机": "13800000001", "所属类别": "自由职业人员"}.items():
        sheet.cell(3, places[header], text)
    path = tmp_path / "filled.xlsx"
    book.save(path)

    import_file(path, association=home, actor=secretary)

    assert list(Member.objects.values_list("name", "mobile", "category")) == [
        ("张一", "13800000001", "自由职业人员")
    ]


def test_template_offers_lists_and_townships(client):
    home = make_association(townships="几江街道\n双福街道")
    sign_in(client, Role.SECRETARY, home)
    response = client.get(reverse("members:import_template"))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))

    sheet = book["花名册"]
    ranges = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in sheet.data_validations.dataValidation
    }
    headers = {cell.value: cell.column_letter for cell in sheet[1]}
    first, last = ranges[headers["所属镇街"]].formula1.split("!")[1].replace("$", "").split(":")
    offered = [cell.value for row in book["选项"][f"{first}:{last}"] for cell in row]
    assert offered == ["几江街道", "双福街道"]
    assert len(ranges) == 12
    assert sheet.freeze_panes == "D2"


def test_template_is_for_those_who_import(client):
    home = make_association()
    sign_in(client, Role.VIEWER, home)

    assert client.get(reverse("members:import_template")).status_code == 403
