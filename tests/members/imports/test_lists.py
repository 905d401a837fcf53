"""The list of imports: whose, in what state, where, when; and what a batch says of its file."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.imports.pipeline import apply_batch, discard_batch, preview_file
from members.imports.undoing import undo_batch
from members.models import ImportBatch
from members.rights import Role
from tests.make import grant, make_association, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.screens import body_of, sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/members/importbatch/"


@pytest.fixture
def home():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home, name="王秘书")


def make_batch(association, actor=None, *, name="名册.xlsx", rows=None):
    rows = rows or [person(f"张{chr(0x4E00 + ImportBatch.objects.count())}", mobile="13800000001")]
    return preview_file(workbook(*rows), file_name=name, association=association, actor=actor)


def listed(client, **query):
    return [batch.file_name for batch in client.get(LIST, query).context["cl"].result_list]


def test_mine_and_all_within_ones_rights(client, home, secretary):
    colleague = make_user(name="李秘书")
    make_batch(home, secretary, name="我的.xlsx")
    make_batch(home, colleague, name="同事的.xlsx")
    make_batch(make_association(), secretary, name="别处的.xlsx")

    page = client.get(LIST)

    tabs = {tab["label"]: tab["address"] for tab in page.context["cl"].tabs()}
    assert listed(client) == ["同事的.xlsx", "我的.xlsx"]
    mine = client.get(LIST + tabs["我的导入"]).context["cl"]
    assert [batch.file_name for batch in mine.result_list] == ["我的.xlsx"]
    assert [tab["label"] for tab in mine.tabs() if tab["current"]] == ["我的导入"]
    assert listed(client, person=colleague.pk) == ["同事的.xlsx"]


def test_a_person_whose_imports_are_out_of_sight_is_no_choice(client, home, secretary):
    stranger = make_user(name="陌生人")
    make_batch(make_association(), stranger, name="别处的.xlsx")

    assert "陌生人" not in body_of(client.get(LIST))
    assert listed(client, person=stranger.pk) == []


def test_states_and_what_is_still_open(client, home, secretary):
    doubtful = [person("张三", mobile="13800000001"), person("", mobile="13800000002")]
    make_batch(home, name="待确认.xlsx")
    apply_batch(make_batch(home, name="部分.xlsx", rows=doubtful), actor=secretary)
    apply_batch(make_batch(home, name="全部.xlsx"), actor=secretary)
    undo_batch(
        apply_batch(make_batch(home, name="撤销.xlsx", rows=doubtful), actor=secretary), actor=secretary
    )
    discard_batch(make_batch(home, name="作废.xlsx", rows=doubtful))

    assert listed(client, state="unfinished") == ["部分.xlsx", "待确认.xlsx"]
    assert listed(client, state="left") == ["部分.xlsx"]
    assert listed(client, state="previewed") == ["待确认.xlsx"]
    assert listed(client, state="applied") == ["全部.xlsx", "部分.xlsx"]
    assert listed(client, state="undone") == ["撤销.xlsx"]
    assert listed(client, state="discarded") == ["作废.xlsx"]
    assert listed(client, state="nonsense") == []


def test_association_period_and_part_of_the_file_name(client, home):
    branch = make_association("双福分会", parent=home)
    sign_in(client, Role.SECRETARY, home)
    make_batch(home, name="2023年名册.xlsx")
    old = make_batch(branch, name="旧名册.xlsx")
    ImportBatch.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=40))
    lately = (timezone.localdate() - dt.timedelta(days=30)).isoformat()

    assert listed(client, association=branch.pk) == ["旧名册.xlsx"]
    assert listed(client, association=home.pk) == ["旧名册.xlsx", "2023年名册.xlsx"]
    assert listed(client, since=lately) == ["2023年名册.xlsx"]
    assert listed(client, until=lately) == ["旧名册.xlsx"]
    assert listed(client, q="2023") == ["2023年名册.xlsx"]
    # what the form sends with nothing chosen
    assert len(listed(client, q="", state="", association="", person="", since="", until="")) == 2


def test_the_list_says_how_far_each_import_is(client, home, secretary):
    rows = [person("张三", mobile="13800000001"), person("", mobile="13800000002")]
    apply_batch(make_batch(home, secretary, rows=rows), actor=secretary)

    response = client.get(LIST)

    page, [batch] = body_of(response), response.context["cl"].result_list
    assert (batch.counts["rows"], batch.ready, batch.rows_left) == (2, 0, 1)
    written = timezone.localtime(batch.steps.get().at)
    assert f"{written:%Y-%m-%d %H:%M}" in page
    assert "王秘书" in page


def test_the_association_has_a_column_where_there_are_several(client, home, secretary):
    make_batch(home)
    one = client.get(LIST).context["cl"].list_display
    grant(secretary, Role.SECRETARY, make_association())
    several = client.get(LIST).context["cl"].list_display

    assert set(several) - set(one) == {"association"}


def test_an_import_that_is_being_read_or_failed_is_listed_as_open(client, home, secretary):
    ImportBatch.objects.create(association=home, file_name="失败.xlsx", state="failed", failure="interrupted")

    assert listed(client, state="unfinished") == ["失败.xlsx"]


def test_no_imports_yet_is_said(client, home, secretary):
    assert "这里还没有记录" in body_of(client.get(LIST))


def test_a_stranger_and_a_viewer_see_no_list(client, home):
    make_batch(home, name="名册甲.xlsx")

    sign_in(client, Role.VIEWER, home)
    viewer = client.get(LIST)
    sign_in(client, Role.SECRETARY, make_association())
    stranger = client.get(LIST)

    assert viewer.status_code == 403
    assert "名册甲.xlsx" not in body_of(stranger)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_the_list_and_a_batch_take_the_same_queries_for_one_import_and_three(client, home, secretary):
    content = workbook(person("张三", mobile="13800000001")).getvalue()
    first = preview_file(io.BytesIO(content), file_name="名册.xlsx", association=home, actor=secretary)
    one = queries_of(client, LIST), queries_of(client, first.get_absolute_url())
    for _ in range(3):
        batch = preview_file(
            io.BytesIO(content), file_name="又一次.xlsx", association=home, actor=make_user()
        )
        apply_batch(batch, actor=secretary)
    three = queries_of(client, LIST), queries_of(client, first.get_absolute_url())

    assert three == one


# -- the file


def test_a_batch_says_that_the_same_file_came_before_and_what_became_of_it(client, home, secretary):
    content = workbook(person("张三", mobile="13800000001")).getvalue()
    elsewhere = make_association("别处联合会")

    def again(association, name):
        return preview_file(io.BytesIO(content), file_name=name, association=association, actor=secretary)

    hidden, first = again(elsewhere, "别处.xlsx"), again(home, "第一次.xlsx")
    undo_batch(apply_batch(first, actor=secretary), actor=secretary)
    second = again(home, "第二次.xlsx")

    page = body_of(client.get(second.get_absolute_url()))

    assert "上传过同一文件（已撤销）" in page
    assert f'<a href="{first.get_absolute_url()}">第一次.xlsx</a>' in page
    assert hidden.get_absolute_url() not in page
    assert "上传过同一文件" not in body_of(client.get(first.get_absolute_url()))


def test_a_batch_says_until_when_its_file_is_kept(client, home, secretary, settings):
    settings.ROSTER_KEEP_DAYS = 10
    batch = make_batch(home, secretary)
    day = timezone.localdate() + dt.timedelta(days=10)

    assert f"保留至{day.year}年{day.month}月{day.day}日" in body_of(client.get(batch.get_absolute_url()))


def test_a_batch_says_that_its_file_is_gone_and_can_be_imported_all_the_same(client, home, secretary):
    batch = make_batch(home, secretary)
    batch.file.storage.delete(batch.file.name)

    page = body_of(client.get(batch.get_absolute_url()))
    client.post(reverse("members:import_apply", args=[batch.pk]))

    assert "上传的文件已删除" in page
    assert home.members.count() == 1
