"""The rows of an import on the screen: who may see to them, what comes back with and without htmx."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from members.codes import PoliticalStatus
from members.imports.pipeline import apply_batch, preview_file
from members.models import ImportBatch, Member
from members.models.imports import NEW
from members.rights import Role
from tests.make import make_association, make_id_number, make_member
from tests.members.imports.sheets import HEADER, person, workbook
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
HTMX = {"HTTP_HX_REQUEST": "true"}


def preview(home, *rows, **kwargs):
    return preview_file(workbook(*rows, **kwargs), file_name="名册.xlsx", association=home, actor=None)


def row_url(row):
    return reverse("members:import_row", args=[row.batch_id, row.pk])


def send(client, row, *, htmx=False, seen="", **data):
    """Send a row's form back as a browser would."""
    prefixed = {f"row-{row.pk}-{key}": value for key, value in {"seen": seen, **data}.items()}
    return client.post(row_url(row), prefixed, **(HTMX if htmx else {}))


def test_a_doubtful_cell_is_typed_anew_on_the_page(client, home, secretary):
    batch = preview(home, person("张三", mobile="12345"))
    row = batch.rows.get()
    page = client.get(batch.get_absolute_url(), {"tab": "doubtful"}).content.decode()
    assert f'name="row-{row.pk}-mobile" value="12345"' in page

    response = send(client, row, mobile="13800000001", do="save", back="tab=doubtful&page=1&evil=1")

    assert response.url == f"{batch.get_absolute_url()}?tab=doubtful&page=1#row-{row.pk}"
    assert messages_of(response) == ["已核对：该行可以导入。"]
    row.refresh_from_db()
    assert (row.content()["values"]["mobile"], row.seen_by) == ("13800000001", secretary)
    assert row.content()["entered"] == {"mobile": "13800000001"}


def test_with_htmx_the_row_and_the_counts_come_back(client, home, secretary):
    batch = preview(home, person("张三", birth="1985.1"), person("李四", mobile="13800000002"))
    row = batch.rows.get(row=3)

    page = send(client, row, htmx=True, pick="birth:1985.10", back="tab=question").content.decode()

    assert page.count('<li class="row') == 1
    assert "已核对：该行可以导入。" in page
    assert 'id="batch-head" hx-swap-oob="true"' in page
    assert "<strong>2</strong> 行可以导入" in page
    assert "<html" not in page


def test_what_became_of_a_row_gets_the_focus_of_the_button_pressed(client, home, secretary):
    batch = preview(home, person("张三", birth="1985.1"))
    row = batch.rows.get()

    saved = send(client, row, htmx=True, pick="birth:1985.10").content.decode()
    opened = client.get(row_url(row), **HTMX).content.decode()

    assert saved.count("autofocus") == opened.count("autofocus") == 1
    assert '<p class="said" role="status" tabindex="-1" autofocus>已核对' in saved
    assert '<h3 tabindex="-1" autofocus>' in opened
    assert "autofocus" not in client.get(row_url(row)).content.decode()


def test_a_field_points_at_what_is_said_about_it(client, home, secretary):
    batch = preview(home, person("张三", mobile="12345", birth="1988.13", id_number="500116198506150000"))
    row = batch.rows.get()

    for url in (f"{batch.get_absolute_url()}?tab=doubtful", row_url(row)):
        page = client.get(url).content.decode()
        for key in ("mobile", "birth", "id_number"):
            [field] = re.findall(rf'<input[^>]* name="row-{row.pk}-{key}"[^>]*>', page)
            [described] = re.findall(r'aria-describedby="([^"]*)"', field)
            said = [re.search(rf'<p[^>]* id="{one}">(.*?)</p>', page)[1] for one in described.split()]
            [message] = [each for each in row.content()["messages"] if each["field"] == key]
            assert [f" {message['cell']}：" in each for each in said] == [True]
            assert 'aria-invalid="true"' in field


def test_a_field_with_a_list_is_chosen_from_it(client, home, secretary):
    header = ["姓名", "手机", "政治面貌", "民族"]
    rows = ["张三", "13800000001", "海盗<党>", "汉"], ["李四", "13800000002", "群众", "汉"]
    batch = preview(home, *rows, header=header)
    strange, known = batch.rows.all()

    page = client.get(row_url(strange)).content.decode()
    [options] = re.findall(
        rf'<select[^>]* name="row-{strange.pk}-political_status"[^>]*>(.*?)</select>', page
    )
    assert re.findall(r">([^<]*)</option>", options) == ["—", "海盗&lt;党&gt;", *PoliticalStatus.values]
    assert '<option value="">' in options
    assert options.count(" selected") == 1

    page = client.get(row_url(known)).content.decode()
    [options] = re.findall(rf'<select[^>]* name="row-{known.pk}-political_status"[^>]*>(.*?)</select>', page)
    assert "<option selected>群众</option>" in options

    send(client, strange, political_status="群众", do="save")
    strange.refresh_from_db()
    assert strange.content()["values"]["political_status"] == "群众"


def test_a_registration_form_is_repaired_and_asks_for_no_columns(client, home, secretary):
    book = openpyxl.load_workbook(ROSTERS / "person-forms.xlsx")
    book.worksheets[0]["B8"] = "137 0000 70"
    file = io.BytesIO()
    book.save(file)
    batch = preview_file(file, file_name="登记表.xlsx", association=home, actor=None)
    row = batch.rows.get(sheet=0)

    page = client.get(batch.get_absolute_url(), {"tab": "doubtful"}).content.decode()
    assert " B8：" in page
    assert f'name="row-{row.pk}-mobile" value="137 0000 70"' in page
    assert "去确定" not in page
    assert "没有找到表头" not in page
    columns = client.get(reverse("members:import_columns", args=[batch.pk])).content.decode()
    assert "自动识别：登记表" in columns

    send(client, row, mobile="13700007099", do="save")
    row.refresh_from_db()
    assert (row.outcome, row.content()["values"]["mobile"]) == ("new", "13700007099")


def test_a_row_that_changes_others_loads_the_page_anew(client, home, secretary):
    batch = preview(
        home,
        person("张三", mobile="13800000001", position="经理"),
        person("张三", mobile="13800000001", position="总经理"),
    )

    response = send(client, batch.rows.get(row=3), htmx=True, do="leave")

    assert response["HX-Refresh"] == "true"
    assert [row.outcome for row in batch.rows.all()] == ["left_out", "new"]


def test_candidates_stand_side_by_side_and_one_is_chosen(client, home, secretary):
    make_member("张三", association=home, employer="某某公司", number="JJ001")
    other = make_member("张三", association=home, employer="某某公司", number="JJ002")
    batch = preview(home, person("张三", employer="某某公司", position="经理"))
    row = batch.rows.get()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "JJ001" in page
    assert f'name="row-{row.pk}-choice" value="{other.pk}"' in page

    send(client, row, choice=str(other.pk))

    row.refresh_from_db()
    assert (row.outcome, row.member) == ("update", other)


def test_only_members_in_sight_can_be_chosen(client, home, secretary):
    make_member("张三", association=home, employer="某某公司")
    elsewhere = make_member("张三", association=make_association())
    batch = preview(home, person("张三", employer="某某公司", position="经理"))
    row = batch.rows.get()

    for choice in (str(elsewhere.pk), "999999", "x1", "²"):
        send(client, row, choice=choice)
        row.refresh_from_db()
        assert (row.outcome, "choice" in row.content()) == ("question", False)


def test_a_row_of_a_member_with_another_name_offers_that_member_alone(client, home, secretary):
    number = make_id_number(1)
    make_member("张三", association=home, id_number=number)
    batch = preview(home, person("张珊", id_number=number))

    page = client.get(batch.get_absolute_url()).content.decode()

    assert "就是这位张三" in page
    assert f'value="{NEW}"' not in page
    assert number not in page


def test_all_fields_of_a_row_can_be_corrected_before_it_is_imported(client, home, secretary):
    batch = preview(home, person("张三", mobile="13800000001", position="经理", id_number=make_id_number(1)))
    row = batch.rows.get()
    page = client.get(row_url(row)).content.decode()
    assert f'name="row-{row.pk}-position" value="经理"' in page
    assert make_id_number(1) not in page
    assert "500116********" in page

    send(
        client, row, position="总经理", name="张三", id_number="", mobile="13800000001", remarks="", birth=""
    )

    row.refresh_from_db()
    content = row.content()
    assert content["entered"] == {"position": "总经理", "birth": ""}
    assert content["values"]["id_number"] == make_id_number(1)
    apply_batch(batch, actor=secretary)
    assert Member.objects.get().position == "总经理"


def test_who_saw_to_a_row_is_told(client, home, secretary):
    batch = preview(home, person("张三", mobile="12345"))
    send(client, batch.rows.get(), mobile="13800000001")

    page = client.get(batch.get_absolute_url(), {"tab": "new"}).content.decode()

    assert f"{secretary} 处理于" in page


def test_sqlite_warns_before_many_rows_are_written(client, home, secretary, settings):
    batch = preview(home, person("张三"), person("李四"))
    warning = "其他人保存时需要等待"
    assert warning not in client.get(batch.get_absolute_url()).content.decode()

    settings.ROSTER_AT_ONCE_ROWS = 1

    page = client.get(batch.get_absolute_url()).content.decode()
    assert (warning in page) == (connection.vendor == "sqlite")


def test_equal_doubts_are_answered_at_once(client, home, secretary):
    header = [*HEADER[:4], "政治面貌"]
    rows = [[*person(f"张{name}", mobile=f"1380000000{n}")[:4], "无"] for n, name in enumerate("一二三")]
    batch = preview(home, *rows, header=header)
    row = batch.rows.get(row=3)

    response = send(client, row, political_status="群众", alike="political_status", do="save")

    assert messages_of(response) == ["已处理 3 行。"]
    assert {row.outcome for row in batch.rows.all()} == {"new"}


def test_who_looked_at_an_older_state_of_the_row_is_told(client, home, secretary):
    batch = preview(home, person("张三", mobile="12345"))
    row = batch.rows.get()
    send(client, row, mobile="13800000001")

    response = send(client, row, mobile="13800000009")

    assert messages_of(response)[-1] == "其他人刚刚处理过该行。请查看现在的内容后再决定。"
    row.refresh_from_db()
    assert row.content()["values"]["mobile"] == "13800000001"


def test_all_rows_of_a_tab_are_left_out_and_taken_in_again(client, home, secretary):
    batch = preview(home, person("张三", birth="1985.1"), person("李四", birth="1985.1"), person("王五"))
    url = reverse("members:import_rows", args=[batch.pk])

    response = client.post(url, {"tab": "question", "do": "leave"})
    assert messages_of(response) == ["已略去 2 行。"]
    page = client.get(batch.get_absolute_url(), {"tab": "left_out"}).content.decode()
    assert "重新纳入全部 2 行" in page
    client.post(url, {"tab": "left_out", "do": "take"})

    batch.refresh_from_db()
    assert (batch.counts["question"], batch.counts["left_out"], batch.counts["new"]) == (2, 0, 1)


def test_nonsense_sent_for_a_tab_changes_nothing(client, home, secretary):
    batch = preview(home, person("张三"))
    url = reverse("members:import_rows", args=[batch.pk])

    for data in ({}, {"tab": "new", "do": "leave"}, {"tab": "question", "do": "delete"}):
        assert client.post(url, data).url == batch.get_absolute_url()

    assert batch.rows.get().outcome == "new"


def test_a_row_is_found_by_name(client, home, secretary):
    batch = preview(
        home, *[person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}") for n in range(12)], person("李四")
    )

    page = client.get(batch.get_absolute_url(), {"tab": "new", "q": "李"}).content.decode()

    assert page.count('<li class="row') == 1
    assert "没有" in client.get(batch.get_absolute_url(), {"tab": "new", "q": "赵"}).content.decode()


def test_rows_are_out_of_sight_for_others_and_closed_to_readers(client, home):
    batch = preview(home, person("张三", mobile="12345"))
    row = batch.rows.get()
    rows_url = reverse("members:import_rows", args=[batch.pk])

    sign_in(client, Role.SECRETARY, make_association())
    answers = [client.get(row_url(row)), send(client, row, do="leave"), client.post(rows_url)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]

    sign_in(client, Role.VIEWER, home)
    answers = [client.get(row_url(row)), send(client, row, do="leave"), client.post(rows_url)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert batch.rows.get().outcome == "new"


def test_a_row_of_another_batch_is_not_found(client, home, secretary):
    batch, other = preview(home, person("张三")), preview(home, person("李四"))

    url = reverse("members:import_row", args=[batch.pk, other.rows.get().pk])

    assert client.get(url).status_code == 404


def test_an_imported_row_can_no_longer_be_repaired_here(client, home, secretary):
    batch = preview(home, person("张三", mobile="13800000001"))
    row = batch.rows.get()
    apply_batch(batch, actor=secretary)

    page = body_of(client.get(batch.get_absolute_url()))
    response = send(client, row, name="李四")

    assert 'class="repair"' not in page
    assert messages_of(response) == ["该行已经导入，请直接修改会员资料。"]
    assert Member.objects.get().name == "张三"


def questions(client, home, count, django_assert_max_num_queries):
    for n in range(count):
        name = f"赵{chr(0x4E00 + n)}"
        make_member(name, association=home, employer="某某公司")
    rows = [person(f"赵{chr(0x4E00 + n)}", employer="某某公司", position="经理") for n in range(count)]
    preview(home, *rows)
    batch = ImportBatch.objects.latest("pk")
    assert batch.counts["question"] == count
    with django_assert_max_num_queries(30) as captured:
        client.get(batch.get_absolute_url())
    return len(captured)


def test_rows_with_candidates_take_the_same_queries_for_one_and_three(
    client, home, secretary, django_assert_max_num_queries
):
    one = questions(client, home, 1, django_assert_max_num_queries)
    three = questions(client, home, 3, django_assert_max_num_queries)

    assert one == three


def test_a_page_of_rows_with_nothing_but_doubts_stays_small(client, home, secretary):
    header = [
        "姓名",
        "性别",
        "出生年月",
        "手机",
        "民族",
        "政治面貌",
        "学历",
        "所属类别",
        "会员状态",
        "职称级别",
    ]
    wrong = ["无此", "1985.1", "12345", "火星族", "海盗党", "博导", "无此类别", "无此状态", "无此级"]
    rows = [[f"张{chr(0x4E00 + n)}", *wrong] for n in range(60)]
    batch = preview(home, *rows, header=header)

    page = client.get(batch.get_absolute_url(), {"tab": "question"}).content

    assert len(page) < 100_000
    # those without a form lead to one
    last = batch.rows.get(position=14)
    assert row_url(last).encode() in page
    assert f'name="row-{last.pk}-mobile"' in client.get(row_url(last)).content.decode()


def test_a_page_of_doubts_stays_small(client, home, secretary):
    rows = [person(f"张{chr(0x4E00 + n)}", mobile="12345", birth="1985.1", id_number="1") for n in range(60)]
    batch = preview(home, *rows)

    page = client.get(batch.get_absolute_url(), {"tab": "question"})

    assert len(page.content) < 100_000
