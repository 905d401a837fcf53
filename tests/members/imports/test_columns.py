"""Headers nobody knows: said once on a page, read anew, remembered, and brought in later."""

import io

import openpyxl
import pytest
from django.urls import reverse

from members.imports.columns import bring_in_kept, read_anew
from members.imports.looks import look_of
from members.imports.pipeline import apply_batch, preview_file
from members.imports.repair import Answer, NotOpen, see_to
from members.imports.undoing import undo_batch
from members.models import HeaderChoice, ImportBatch, Member
from members.rights import Role
from members.roster.decisions import IGNORE, Decisions, SheetDecision
from tests.make import make_association, make_id_number, make_member, make_user
from tests.members.imports.sheets import workbook
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db

STRANGE = ["姓名", "手机", "绿泡泡", "衣服尺码"]


def preview(home, *rows, header=STRANGE, actor=None):
    return preview_file(workbook(*rows, header=header), file_name="名册.xlsx", association=home, actor=actor)


def columns_url(batch):
    return reverse("members:import_columns", args=[batch.pk])


def form_of(response, **changes):
    """What a browser would send back from the page, with changes by the column's letter."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.html_name] = "on"
        elif value not in (None, False):
            data[bound.html_name] = value
    return data | {f"0-{name}": value for name, value in changes.items()}


def test_a_column_nobody_knows_is_chosen_and_the_file_read_anew(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan", "XL"])
    assert "有 2 列需要确定" in client.get(batch.get_absolute_url()).content.decode()
    response = client.get(columns_url(batch))
    assert "绿泡泡" in body_of(response)
    assert "zhangsan" in body_of(response)

    response = client.post(columns_url(batch), form_of(response, C="wechat", D=IGNORE))

    assert (response.url, messages_of(response)) == (
        batch.get_absolute_url(),
        ["已重新读取文件：会员行 1 行。"],
    )
    batch.refresh_from_db()
    assert batch.rows.get().content()["values"]["wechat"] == "zhangsan"
    assert [message["code"] for message in batch.sheets[0]["messages"]] == []
    assert Member.objects.count() == 0


def test_the_choice_is_remembered_for_the_next_file_of_the_association(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan", "XL"])
    response = client.get(columns_url(batch))
    client.post(columns_url(batch), form_of(response, C="wechat", D=IGNORE))
    assert dict(HeaderChoice.objects.values_list("header", "field")) == {
        "绿泡泡": "wechat",
        "衣服尺码": IGNORE,
    }

    following = preview(home, ["李四", "13800000002", "lisi", "L"])
    elsewhere = preview(make_association(), ["李四", "13800000002", "lisi", "L"])

    assert following.rows.get().content()["values"]["wechat"] == "lisi"
    assert following.sheets[0]["messages"] == []
    assert "wechat" not in elsewhere.rows.get().content()["values"]


def test_a_remembered_choice_is_taken_back(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan", "XL"])
    response = client.get(columns_url(batch))
    client.post(columns_url(batch), form_of(response, C="wechat"))

    response = client.get(columns_url(batch))
    client.post(columns_url(batch), form_of(response, C=""))

    assert HeaderChoice.objects.count() == 0
    batch.refresh_from_db()
    assert batch.rows.get().content()["kept"]["C"] == "zhangsan"


def test_without_remembering_the_choice_is_for_this_file_alone(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan", "XL"])
    data = form_of(client.get(columns_url(batch)), C="wechat")
    del data["remember"]

    client.post(columns_url(batch), data)

    assert HeaderChoice.objects.count() == 0
    batch.refresh_from_db()
    assert batch.rows.get().content()["values"]["wechat"] == "zhangsan"


def test_one_of_two_columns_that_claim_a_field_is_chosen(client, home, secretary):
    header = ["姓名", "手机号", "手机号码"]
    batch = preview(home, ["张三", "13800000001", "13800000002"], header=header)
    assert "mobile" not in batch.rows.get().content()["values"]
    response = client.get(columns_url(batch))

    client.post(columns_url(batch), form_of(response, B="mobile", C="second_mobile"))

    values = ImportBatch.objects.get().rows.get().content()["values"]
    assert (values["mobile"], values["second_mobile"]) == ("13800000001", "13800000002")


def test_a_sheet_without_known_headings_leads_to_the_page(client, home, secretary):
    file = workbook(["张三", "13800000001"], ["李四", "13800000002"], header=["甲", "乙"])

    response = client.post(
        reverse("members:import_upload"), {"association": home.pk, "file": file}, follow=True
    )
    batch = ImportBatch.objects.get()
    assert response.redirect_chain[-1][0] == columns_url(batch)
    assert "张三" in body_of(response)

    response = client.post(columns_url(batch), form_of(response, header="2", A="name", B="mobile"))

    assert response.url == batch.get_absolute_url()
    rows = [row.content()["values"] for row in batch.rows.all()]
    assert rows == [
        {"name": "张三", "mobile": "13800000001"},
        {"name": "李四", "mobile": "13800000002"},
    ]


def test_a_sheet_is_left_out(client, home, secretary):
    batch = preview(home, ["张三", "13800000001"])
    data = form_of(client.get(columns_url(batch)))
    del data["0-read"]

    response = client.post(columns_url(batch), data)

    assert response.url == columns_url(batch)
    batch.refresh_from_db()
    assert (batch.counts["rows"], batch.rows.count()) == (0, 0)


def test_what_was_repaired_stays_repaired(home, secretary):
    batch = preview(home, ["张三", "12345", "zhangsan"], ["李四", "13800000002", "lisi"])
    see_to(batch, [batch.rows.get(row=3).pk], Answer(entered={"mobile": "13800000001"}), actor=secretary)
    see_to(batch, [batch.rows.get(row=4).pk], Answer(left_out=True), actor=secretary)

    batch = read_anew(batch, Decisions({"花名册": SheetDecision(columns={"C": "wechat"})}))

    one, other = batch.rows.all()
    assert one.content()["values"] == {"name": "张三", "mobile": "13800000001", "wechat": "zhangsan"}
    assert (one.seen_by, other.outcome, batch.counts["left_out"]) == (secretary, "left_out", 1)


def test_the_look_at_a_file_hides_identity_numbers(client, home, secretary):
    number = make_id_number(1)
    batch = preview(home, ["张三", "13800000001", number], header=["姓名", "手机", "某号"])

    assert number not in str(look_of(batch))
    assert "500116********" in body_of(client.get(columns_url(batch)))


def test_a_sheet_in_which_nothing_was_found_is_told_until_somebody_leaves_it_out(client, home, secretary):
    book = openpyxl.load_workbook(workbook(["张三", "13800000001"], header=["姓名", "手机"]))
    book.create_sheet("通讯").append(["李四", "13800000002"])
    book.create_sheet("空白")
    book.create_sheet("隐藏").append(["王五", "13800000003"])
    book["隐藏"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    batch = preview_file(file, file_name="名册.xlsx", association=home, actor=secretary)

    page = client.get(batch.get_absolute_url()).content.decode()
    assert "有 1 张工作表没有找到表头，未读取：通讯。" in page

    read_anew(batch, Decisions({"通讯": SheetDecision(is_read=False)}))
    assert "没有找到表头，未读取：" not in client.get(batch.get_absolute_url()).content.decode()


def test_kept_columns_are_brought_in_after_the_import(client, home, secretary):
    batch = preview(
        home, ["张三", "13800000001", "zhangsan"], ["李四", "1985", "lisi"], ["王五", "13800000005"]
    )
    batch.rows.filter(name="李四")
    see_to(batch, [batch.rows.get(name="李四").pk], Answer(entered={"birth": "1985.1"}), actor=secretary)
    batch = apply_batch(ImportBatch.objects.get(), actor=secretary)
    assert batch.counts["question"] == 1
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "列另行保留，其中的内容可以补充导入。" in page
    assert "需要确定" not in page
    Member.objects.filter(name="张三").update(name="张叁")
    response = client.get(columns_url(batch))

    response = client.post(columns_url(batch), form_of(response, C="wechat"))

    further = ImportBatch.objects.latest("pk")
    assert response.url == further.get_absolute_url()
    assert (further.counts["update"], further.counts["rows"]) == (1, 1)
    assert further.rows.get().content()["diff"] == {"wechat": ["", "zhangsan"]}
    page = body_of(client.get(further.get_absolute_url()))
    assert "由此文件导入时保留的列生成" in page
    assert columns_url(further) not in page
    assert batch.rows.get(name="李四").content()["values"]["wechat"] == "lisi"
    apply_batch(further, actor=secretary)
    assert Member.objects.get(name="张叁").wechat == "zhangsan"
    undo_batch(further, actor=secretary)
    assert Member.objects.get(name="张叁").wechat == ""
    assert dict(HeaderChoice.objects.values_list("header", "field")) == {"绿泡泡": "wechat"}


def test_an_import_without_kept_columns_has_nothing_to_bring_in(client, home, secretary):
    batch = apply_batch(preview(home, ["张三", "13800000001"], header=STRANGE[:2]), actor=secretary)

    assert "没有另行保留的列" in body_of(client.get(columns_url(batch)))
    assert bring_in_kept(batch, {}, actor=secretary) is None


def test_a_deleted_file_is_not_read_anew(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan"])
    data = form_of(client.get(columns_url(batch)), C="wechat")
    batch.file.storage.delete(batch.file.name)

    response = client.post(columns_url(batch), data)

    assert messages_of(response) == ["上传的文件已不再保存。如需换一种方式读取，请重新上传。"]
    assert batch.rows.get().name == "张三"


def test_nothing_is_read_anew_once_rows_are_written(home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan"])
    apply_batch(batch, actor=secretary)

    with pytest.raises(NotOpen):
        read_anew(batch, Decisions())

    assert batch.rows.count() == 1


def test_columns_are_decided_by_those_who_may_import(client, home):
    batch = preview(home, ["张三", "13800000001", "zhangsan"], actor=make_user())

    sign_in(client, Role.SECRETARY, make_association())
    assert [client.get(columns_url(batch)).status_code, client.post(columns_url(batch)).status_code] == [
        404,
        404,
    ]
    sign_in(client, Role.VIEWER, home)
    assert [client.get(columns_url(batch)).status_code, client.post(columns_url(batch)).status_code] == [
        403,
        403,
    ]


def test_blank_cells_clear_only_where_somebody_said_so(client, home, secretary):
    header = ["姓名", "手机", "职务", "工作单位", "会员编号"]
    member = make_member(
        "张三", association=home, mobile="13800000001", position="经理", employer="某某公司", number="JJ001"
    )
    batch = preview(home, ["张三", "13800000001", "", "", ""], ["李四", "", "", "", ""], header=header)
    assert batch.counts["unchanged"] == 1
    response = client.get(columns_url(batch))

    client.post(columns_url(batch), form_of(response) | {"0-clears": ["B", "C", "D", "E"]})
    batch = ImportBatch.objects.get()
    changed = batch.rows.get(name="张三")
    assert changed.content()["diff"] == {"position": ["经理", ""], "employer": ["某某公司", ""]}
    see_to(batch, [changed.pk], Answer(entered={"remarks": "改"}), actor=secretary)
    apply_batch(ImportBatch.objects.get(), actor=secretary)

    member.refresh_from_db()
    assert (member.position, member.employer, member.number, member.remarks) == ("", None, "JJ001", "改")
    assert Member.objects.get(name="李四").mobile == ""
    undo_batch(batch, actor=secretary)
    member.refresh_from_db()
    assert (member.position, member.employer.name, member.remarks) == ("经理", "某某公司", "")


def test_a_refused_value_is_no_blank(client, home, secretary):
    make_member("张三", association=home, mobile="13800000001", email="z@example.org")
    rows = [["张三", "13800000001", "不是邮箱"]]
    batch = preview(home, *rows, header=["姓名", "手机", "邮箱"])

    batch = read_anew(batch, Decisions({"花名册": SheetDecision(clears=["C"])}))

    assert batch.rows.get().content()["diff"] == {}


def test_nonsense_is_refused_and_keeps_the_page(client, home, secretary):
    batch = preview(home, ["张三", "13800000001", "zhangsan"])
    data = form_of(client.get(columns_url(batch)), C="password")

    response = client.post(columns_url(batch), data)

    assert response.status_code == 422
    assert batch.rows.get().name == "张三"
