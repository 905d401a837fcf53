"""The export from list to file, and the template; both are read back by the importer."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.formats import Csv, Xlsx
from members.imports.pipeline import import_file, read_file
from members.models import Member
from members.resources import HEADERS, KEYS
from members.rights import Role
from organizations.models import Action
from tests.make import grant, make_association, make_id_number, make_member, make_user

pytestmark = pytest.mark.django_db

EXPORT = reverse("admin:members_member_export")
LIST = reverse("admin:members_member_changelist")
XLSX, CSV = "0", "1"


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Uploads go to a folder of the test's own."""
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    settings.STORAGES = settings.STORAGES | {"default": storage}


def sign_in(client, role, *associations):
    user = make_user()
    for association in associations:
        grant(user, role, association)
    client.force_login(user)
    return user


def export(client, columns="all", *, keys=(), form=XLSX, **query):
    response = client.post(
        EXPORT, {"format": form, "columns": columns, "keys": list(keys)}, query_params=query
    )
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response


def sheet_of(data):
    """The rows of a workbook as lists of values."""
    book = load_workbook(io.BytesIO(data))
    return [[cell.value for cell in row] for row in book.active.rows]


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


def test_every_cell_of_the_workbook_is_text(client):
    home = make_association()
    full_member(home)
    sign_in(client, Role.SECRETARY, home)

    sheet = load_workbook(io.BytesIO(export(client))).active

    assert {(cell.data_type, cell.number_format) for row in sheet.iter_rows(min_row=2) for cell in row} == {
        ("s", "@")
    }
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize) == (
        "C2",
        "landscape",
        9,
    )
    assert sheet["A1"].font.bold


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "＝1",
        "'=1",
        "''=1",
        "'x",
        '<&>"',
        " 前",
        "两\n行",
        "𠮷野",
        "\x0b控制",
    ],
)
def test_workbook_gives_any_text_back(text):
    file = io.BytesIO()

    Xlsx().write(file, ["备注", "空"], [[text, ""]])

    assert sheet_of(file.getvalue())[1][0] == text.replace("\x0b", "")


@pytest.mark.parametrize(
    "text", ["=1+1", "+852 91234567", "-1", "@x", "\t=1", "＝1", "＋1", "'=1", "''=1", " =1", "'+"]
)
def test_csv_holds_no_formula_and_reads_back(text, tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        Csv().write(file, ["姓名", "备注"], [["张一", text]])

    written = csv_rows(path.read_bytes())[1][1]
    read = read_file(path).sheets[0].rows[0].values["remarks"]

    assert written == f"'{text}"
    assert read == text.strip()


@pytest.mark.parametrize("text", ["张一", "1985.06", "'abc", "a=b", "—", "013-1"])
def test_csv_leaves_other_texts_alone(text):
    file = io.BytesIO()

    Csv().write(file, ["备注"], [[text]])

    assert csv_rows(file.getvalue()) == [["备注"], [text]]


def test_number_of_rows_is_told():
    rows = [["张一"], ["张二"], ["张三"]]

    counts = [
        form().write(io.BytesIO(), ["姓名"], iter(rows[:size])) for form in (Xlsx, Csv) for size in (0, 3)
    ]

    assert counts == [0, 3, 0, 3]


# -- round trip


@pytest.mark.parametrize(("form", "name"), [(XLSX, "again.xlsx"), (CSV, "again.csv")])
def test_exporting_and_importing_again_changes_nothing(client, tmp_path, form, name):
    home = make_association()
    full_member(home)
    make_member("张一", association=home)
    make_member("李二", association=home, mobile="", birth="1990", remarks="'=x", number="=JJ")
    make_member("王三", association=home, wechat="_x0041_", honours="甲 & 乙 <丙>", mobile="13800000003")
    secretary = sign_in(client, Role.SECRETARY, home)
    path = tmp_path / name
    path.write_bytes(export(client, form=form))
    before = list(Member.objects.order_by("pk").values())

    batch = import_file(path, association=home, actor=secretary)

    counts = {key: batch.counts[key] for key in ("rows", "unchanged", "new", "update", "error", "question")}
    assert counts == {"rows": 4, "unchanged": 4, "new": 0, "update": 0, "error": 0, "question": 0}
    assert list(Member.objects.order_by("pk").values()) == before


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


# -- who, which rows, which columns


def test_viewer_does_not_export(client):
    home = make_association()
    make_member("张一", association=home)
    viewer = sign_in(client, Role.VIEWER, home)

    answers = [
        client.get(EXPORT).status_code,
        client.post(EXPORT, {"format": XLSX, "columns": "all"}).status_code,
    ]
    offered = client.get(LIST).content.decode()

    assert answers == [403, 403]
    assert EXPORT not in offered
    assert "export_selected" not in offered
    assert not Action.objects.filter(actor=viewer).exists()


def test_only_rows_one_may_export_are_written(client):
    home, read_only, elsewhere = make_association(), make_association(), make_association()
    for name, association in (("张一", home), ("张二", read_only), ("张三", elsewhere)):
        make_member(name, association=association)
    user = sign_in(client, Role.SECRETARY, home)
    grant(user, Role.VIEWER, read_only)

    rows = sheet_of(export(client, "chosen", keys=["name", "id_number"]))

    assert rows == [["姓名", "证件号码"], ["张一", None]]


def test_filter_and_search_of_the_list_choose_the_rows(client):
    home = make_association()
    for name, status in (("张一", "在册"), ("张二", "退会"), ("李三", "退会")):
        make_member(name, association=home, status=status)
    sign_in(client, Role.SECRETARY, home)

    rows = sheet_of(export(client, "chosen", keys=["name"], status__exact="退会", q="张"))

    assert rows == [["姓名"], ["张二"]]


def test_selected_rows_are_written_in_the_order_of_the_list(client):
    home = make_association()
    members = [make_member(name, association=home) for name in ("王五", "李四", "赵六")]
    stranger = make_member("外人", association=make_association())
    sign_in(client, Role.SECRETARY, home)
    ticked = [members[0].pk, members[1].pk, stranger.pk]

    asked = client.post(f"{LIST}?o=1", {"action": "export_selected", "_selected_action": ticked})
    response = client.post(asked.url, {"format": CSV, "columns": "chosen", "keys": ["name"]})
    rows = csv_rows(b"".join(response.streaming_content))

    assert rows == [["姓名"], ["李四"], ["王五"]]


def test_selecting_all_takes_the_whole_list_as_filtered(client):
    home = make_association()
    for name in ("张一", "张二"):
        make_member(name, association=home)
    make_member("李三", association=home)
    sign_in(client, Role.SECRETARY, home)
    data = {"action": "export_selected", "_selected_action": ["1"], "select_across": "1"}

    asked = client.post(f"{LIST}?q=张", data)
    response = client.post(asked.url, {"format": CSV, "columns": "chosen", "keys": ["name"]})

    assert csv_rows(b"".join(response.streaming_content)) == [["姓名"], ["张一"], ["张二"]]


def test_columns_not_offered_are_not_written(client):
    home = make_association()
    make_member("张一", association=home)
    sign_in(client, Role.SECRETARY, home)

    response = export(client, "chosen", keys=["name", "user__password"])

    assert list(response.context["form"].errors) == ["keys"]


def test_no_column_is_no_export(client):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)

    response = export(client, "chosen")

    assert list(response.context["form"].errors) == ["keys"]
    assert not Action.objects.exclude(kind="edit").filter(kind="export").exists()


def test_export_is_logged(client):
    home, park = make_association(code="home"), None
    park = make_association(code="park", parent=home)
    for association in (home, park):
        make_member(association=association, status="在册")
    secretary = sign_in(client, Role.SECRETARY, home)

    export(client, "chosen", keys=["name", "mobile"], form=CSV, status__exact="在册")

    action = Action.objects.get(kind="export")
    assert (action.actor, action.association) == (secretary, home)
    assert action.details == {
        "count": 2,
        "fields": ["姓名", "手机"],
        "filter": "status__exact: 在册",
        "format": "csv",
    }


def test_statements_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    home = make_association()
    sign_in(client, Role.SECRETARY, home)
    export(client)
    counts = []
    for size in (1, 3):
        while Member.objects.count() < size:
            full_member(home, number=f"N{size}", name=f"第{size}") if size == 1 else make_member(
                association=home, employer=f"第{Member.objects.count()}公司"
            )
        with django_assert_max_num_queries(14) as captured:
            export(client)
        counts.append(len(captured))

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
