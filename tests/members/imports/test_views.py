import pytest
from django.urls import reverse

from members.imports.repair import Answer, see_to
from members.models import ImportBatch, Member
from members.rights import Role
from tests.make import grant, make_association, make_member, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.screens import messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def association():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, association):
    user = make_user()
    grant(user, Role.SECRETARY, association)
    client.force_login(user)
    return user


def upload(client, association, *rows, **kwargs):
    return client.post(
        reverse("members:import_upload"),
        {"association": association.pk, "file": workbook(*rows, **kwargs)},
    )


def apply_url(batch):
    return reverse("members:import_apply", args=[batch.pk])


def test_the_whole_way_from_upload_to_result(client, association, secretary):
    make_member("李四", association=association, mobile="13800000002", sex="男", position="经理")

    response = upload(
        client,
        association,
        person("张三", mobile="13800000001"),
        person("李四", mobile="13800000002", position="总经理"),
        person("王五", mobile="12345"),
    )
    batch = ImportBatch.objects.get()
    assert (response.status_code, response.url) == (302, batch.get_absolute_url())

    preview = client.get(batch.get_absolute_url()).content.decode()
    assert "张三" in preview
    assert Member.objects.count() == 1

    response = client.post(apply_url(batch), follow=True)
    result = response.content.decode()
    assert Member.objects.count() == 3
    assert Member.objects.get(name="张三").get_absolute_url() in result


def test_a_doubtful_cell_is_shown_with_address_original_and_reason(client, association, secretary):
    upload(client, association, person("王五", mobile="12345"))
    batch = ImportBatch.objects.get()

    page = client.get(batch.get_absolute_url(), {"tab": "doubtful"}).content.decode()

    [message] = batch.rows.get().content()["messages"]
    assert (message["cell"], message["code"]) == ("D3", "phone_invalid")
    assert "D3" in page
    assert "12345" in page


def test_changes_are_shown_as_before_and_after(client, association, secretary):
    make_member("李四", association=association, mobile="13800000002", position="经理")
    upload(client, association, person("李四", mobile="13800000002", position="总经理"))

    page = client.get(ImportBatch.objects.get().get_absolute_url(), {"tab": "update"}).content.decode()

    assert "<del>经理</del> → <ins>总经理</ins>" in page


def test_confirming_twice_imports_once_and_says_so(client, association, secretary):
    upload(client, association, person("张三", mobile="13800000001"))
    batch = ImportBatch.objects.get()

    client.post(apply_url(batch))
    page = client.post(apply_url(batch), follow=True).content.decode()

    assert Member.objects.count() == 1
    assert "没有重复导入" in page


def test_an_unreadable_file_gets_a_sentence_and_leaves_nothing(client, association, secretary):
    file = workbook(person("张三"))
    file.truncate(300)

    response = client.post(reverse("members:import_upload"), {"association": association.pk, "file": file})

    assert response.status_code == 422
    assert "roster.xlsx" in response.content.decode()
    assert ImportBatch.objects.count() == 0


def test_an_upload_without_a_file_asks_for_one(client, association, secretary):
    response = client.post(reverse("members:import_upload"), {"association": association.pk})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"file"}


def test_a_discarded_import_cannot_be_applied(client, association, secretary):
    upload(client, association, person("张三", mobile="13800000001"))
    batch = ImportBatch.objects.get()

    client.post(reverse("members:import_discard", args=[batch.pk]))
    client.post(apply_url(batch))

    assert Member.objects.count() == 0


def test_discarding_is_asked_for_with_the_work_that_would_be_lost(client, association, secretary):
    upload(client, association, person("张三", birth="1985.1"), person("李四", birth="1985.1"))
    batch = ImportBatch.objects.get()
    see_to(batch, [batch.rows.get(row=3).pk], Answer(entered={"birth": "1985.10"}), actor=secretary)
    url = reverse("members:import_discard", args=[batch.pk])

    page = client.get(url).content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("previewed", 2)
    assert "已有 1 行经人工处理" in page

    client.post(url)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("discarded", 0)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert f'class="button" href="{reverse("members:import_upload")}"' in page
    # neither counts of rows that are gone nor a file to look into
    assert "会员行" not in page
    assert "文件和已读取的内容都已删除。" in page
    assert "仍保留" not in page
    for again in (client.get(url), client.post(url)):
        assert again.url == batch.get_absolute_url()
        assert messages_of(again)[-1] == "本次导入已放弃，没有写入任何内容。"


def test_an_import_that_was_confirmed_is_not_offered_for_discarding(client, association, secretary):
    upload(client, association, person("张三", mobile="13800000001"))
    batch = ImportBatch.objects.get()
    client.post(apply_url(batch))

    response = client.get(reverse("members:import_discard", args=[batch.pk]))

    assert response.url == batch.get_absolute_url()
    assert messages_of(response)[-1] == "本次导入已经确认，不能放弃。"


def test_with_open_rows_alone_the_page_does_not_say_there_is_nothing_to_do(client, association, secretary):
    upload(client, association, person("张三", birth="1985.1"))

    page = client.get(ImportBatch.objects.get().get_absolute_url()).content.decode()

    assert "目前没有可以导入的行，请先处理 1 行。" in page
    assert "没有需要写入名册的内容" not in page


def test_a_secretary_cannot_upload_into_another_association(client, secretary):
    other = make_association()

    response = upload(client, other, person("张三", mobile="13800000001"))

    assert response.status_code == 422
    assert ImportBatch.objects.count() == 0


def test_a_batch_of_another_association_is_out_of_sight(client, association, secretary):
    other = make_association()
    colleague = make_user()
    grant(colleague, Role.SECRETARY, other)
    client.force_login(colleague)
    upload(client, other, person("张三", mobile="13800000001"))
    batch = ImportBatch.objects.get()

    client.force_login(secretary)

    assert client.get(batch.get_absolute_url()).status_code == 404
    assert client.post(apply_url(batch)).status_code == 404
    assert client.post(reverse("members:import_discard", args=[batch.pk])).status_code == 404
    assert Member.objects.count() == 0


def test_a_viewer_may_not_import(client, association):
    viewer = make_user()
    grant(viewer, Role.VIEWER, association)
    client.force_login(viewer)

    assert client.get(reverse("members:import_upload")).status_code == 403
    assert upload(client, association, person("张三")).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    url = reverse("members:import_upload")

    response = client.get(url)

    assert response.url == f"{reverse('account_login')}?next={url}"


def test_confirming_needs_a_post(client, association, secretary):
    upload(client, association, person("张三", mobile="13800000001"))

    assert client.get(apply_url(ImportBatch.objects.get())).status_code == 405


def queries_of_preview(client, association, count, django_assert_max_num_queries):
    rows = [person(f"张{chr(0x4E00 + n)}", mobile=f"138{n:08}") for n in range(count)]
    upload(client, association, *rows)
    batch = ImportBatch.objects.latest("pk")
    with django_assert_max_num_queries(30) as captured:
        client.get(batch.get_absolute_url())
    return len(captured)


def test_a_preview_page_takes_the_same_queries_for_one_row_and_three(
    client, association, secretary, django_assert_max_num_queries
):
    one = queries_of_preview(client, association, 1, django_assert_max_num_queries)
    three = queries_of_preview(client, association, 3, django_assert_max_num_queries)

    assert one == three


def test_a_preview_page_of_a_long_file_stays_small(client, association, secretary):
    rows = [person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}", remarks="备注" * 50) for n in range(500)]
    upload(client, association, *rows)

    page = client.get(ImportBatch.objects.get().get_absolute_url())

    assert len(page.content) < 100_000


def test_the_last_page_and_a_page_beyond_it_are_answered(client, association, secretary):
    rows = [person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}") for n in range(50)]
    upload(client, association, *rows)
    url = ImportBatch.objects.get().get_absolute_url()

    last = client.get(url, {"tab": "new", "page": "2"}).content.decode()
    beyond = client.get(url, {"tab": "nonsense", "page": "999x"})

    assert last.count('<li class="row') == 10
    assert beyond.status_code == 200


def test_undoing_says_what_can_then_no_longer_be_finished(client, association, secretary):
    upload(client, association, person("张三", mobile="13800000001"), person("李四", birth="1985.1"))
    batch = ImportBatch.objects.get()
    client.post(apply_url(batch))

    page = client.get(reverse("members:import_undo", args=[batch.pk])).content.decode()

    assert "还有 1 行待处理" in page
