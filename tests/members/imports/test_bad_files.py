"""Files that are no rosters, too large, or named to do harm, sent through the upload page."""

import datetime as dt
import errno
import html
import io
import os
import re
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.uploads import TemporaryUpload
from members.models import ImportBatch, Member
from members.rights import Role
from tests.make import grant, make_association, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.roster import hostile
from tests.members.roster.test_workbook import HOSTILE

pytestmark = pytest.mark.django_db

UPLOAD, LIST = "/members/import/", "/admin/members/importbatch/"
AT_ONCE = 20 * 2**20
ROSTER = "姓名,性别,手机\r\n张三,男,13800000001\r\n".encode()


@pytest.fixture(autouse=True)
def all_at_once(settings):
    """Large files are answered at once, too: what the worker says of them is test_work's."""
    settings.ROSTER_AT_ONCE_BYTES = settings.ROSTER_MAX_BYTES = AT_ONCE


@pytest.fixture
def association():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, association):
    user = make_user()
    grant(user, Role.SECRETARY, association)
    client.force_login(user)
    return user


def upload(client, association, content, name="名册.xlsx"):
    file = SimpleUploadedFile(name, content)
    file.name = name  # as sent: the class would cut folders off already
    return client.post(UPLOAD, {"association": association.pk, "file": file})


def upload_raw(client, association, content, disposition):
    """An upload whose part's header is written by hand: what no browser would send."""
    border = b"border-of-parts"
    head = b'--border-of-parts\r\nContent-Disposition: form-data; name="association"\r\n\r\n%d\r\n'
    body = head % association.pk
    body += b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n--%s--\r\n" % (
        border,
        disposition,
        content,
        border,
    )
    return client.post(UPLOAD, body, content_type="multipart/form-data; boundary=border-of-parts")


def sentences(response):
    """What the page says beside the field of the file."""
    page = response.content.decode()
    lists = re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', page, re.DOTALL)
    return [
        html.unescape(item) for found in lists for item in re.findall(r"<li>(.*?)</li>", found, re.DOTALL)
    ]


def assert_nothing_stays(private_files):
    assert ImportBatch.objects.count() == 0
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("build", [build for _code, build in HOSTILE.values()], ids=HOSTILE)
def test_a_hostile_file_gets_one_chinese_sentence_and_leaves_nothing(
    client, association, secretary, private_files, build
):
    response = upload(client, association, build())

    assert response.status_code == 422
    [sentence] = sentences(response)
    assert re.fullmatch(r".*名册\.xlsx.*[\u4e00-\u9fff]+.*。", sentence)
    assert_nothing_stays(private_files)


def test_a_lone_cell_at_the_far_corner_does_not_keep_the_roster_out(client, association, secretary):
    header = '<row r="1"><c r="A1" t="str"><v>姓名</v></c><c r="B1" t="str"><v>手机</v></c></row>'
    row = '<row r="2"><c r="A2" t="str"><v>张三</v></c><c r="B2" t="str"><v>13800000001</v></c></row>'
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    response = upload(client, association, hostile.xlsx(f"<sheetData>{header}{row}{corner}</sheetData>"))

    batch = ImportBatch.objects.get()
    assert (response.status_code, response.url) == (302, batch.get_absolute_url())
    assert (batch.counts["rows"], batch.counts["new"]) == (1, 1)


@pytest.mark.parametrize("name", ["名册.xls", "名册.pdf", "名册.exe", "名册", "名册.csv.xlsx"])
def test_the_content_decides_not_the_name(client, association, secretary, name):
    response = upload(client, association, ROSTER, name)

    batch = ImportBatch.objects.get()
    assert response.status_code == 302
    assert (batch.format, batch.file_name, batch.counts["new"]) == ("csv", name, 1)


def test_a_text_that_is_no_list_gets_a_preview_that_says_so(client, association, secretary):
    upload(client, association, "通知\r\n请于周五前报名\r\n".encode(), "通知.txt")

    batch = ImportBatch.objects.get()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert batch.counts["rows"] == 0
    assert "没有找到表头" in page


# -- names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/名册.csv", "名册.csv"),
        ("..\\..\\名册.csv", "名册.csv"),
        ("C:\\Users\\张三\\桌面\\名册.csv", "名册.csv"),
        ("名册😀👨‍👩‍👧.csv", "名册😀👨👩👧.csv"),
        ("“名册” 'a' `b`.csv", "“名册” 'a' `b`.csv"),
        ('"><script>alert(1)</script>.csv', "script>.csv"),
        ("<b>名册.csv", "<b>名册.csv"),
        ("{file}{0}%s%(x)s.csv", "{file}{0}%s%(x)s.csv"),
        ("名\u202e册\x1b[31m.csv", "名册[31m.csv"),
        ("-rf.csv", "-rf.csv"),
    ],
)
def test_a_strange_file_name_is_harmless(client, association, secretary, private_files, name, kept):
    response = upload(client, association, ROSTER, name)

    batch = ImportBatch.objects.get()
    assert response.status_code == 302
    assert batch.file_name == kept
    [stored] = [path for path in private_files.rglob("*") if path.is_file()]
    assert re.fullmatch(r"rosters/[\w-]{32}\.bin", str(stored.relative_to(private_files)))
    page = client.get(batch.get_absolute_url()).content.decode()
    assert html.escape(kept) in page
    assert kept == html.escape(kept, quote=False) or kept not in page


@pytest.mark.parametrize("name", ["长" * 300 + ".csv", "a" * 300 + ".csv"])
def test_a_file_name_of_300_characters_is_shortened(client, association, secretary, name):
    response = upload(client, association, ROSTER, name)

    batch = ImportBatch.objects.get()
    assert (response.status_code, len(batch.file_name)) == (302, 255)
    assert batch.file_name.endswith(".csv")
    assert client.get(batch.get_absolute_url()).status_code == 200


def test_a_file_name_in_a_refusal_is_text_and_no_markup(client, association, secretary):
    response = upload(client, association, b"", "<b>{file}&amp;.xlsx")

    [sentence] = sentences(response)
    assert "<b>{file}&.xlsx" in sentence
    assert "<b>" not in response.content.decode()


@pytest.mark.parametrize(
    "disposition",
    [
        b'name="file"; filename=""',
        b'name="file"; filename="."',
        b'name="file"; filename="../"',
        b'name="file"; filename="\xff\xfe\x00\xc3\x28.csv"',
        b'name="file"',
    ],
)
def test_a_file_without_a_name_is_asked_for_again(client, association, secretary, private_files, disposition):
    response = upload_raw(client, association, ROSTER, disposition)

    assert (response.status_code, response.context["form"].errors.keys()) == (422, {"file"})
    assert_nothing_stays(private_files)


# -- limits


def test_a_file_over_the_limit_of_bytes_is_told_the_limit(
    client, association, secretary, private_files, settings
):
    settings.ROSTER_MAX_BYTES = 2 << 20

    response = upload(client, association, bytes((2 << 20) + 1))

    assert response.status_code == 422
    [sentence] = sentences(response)
    assert "名册.xlsx 超过 2 MB" in sentence
    assert_nothing_stays(private_files)


def test_a_file_over_the_limit_of_rows_is_told_the_limit(
    client, association, secretary, private_files, settings
):
    settings.ROSTER_MAX_ROWS = 20
    rows = [person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}") for n in range(30)]

    response = upload(client, association, workbook(*rows).getvalue())

    assert response.status_code == 422
    # there may be a tenth more rows, for titles, headers and subtotals
    [sentence] = sentences(response)
    assert "超过 20 行" in sentence
    assert_nothing_stays(private_files)


def test_a_file_over_the_limit_of_columns_is_told_the_limit_and_the_cell(
    client, association, secretary, private_files, settings
):
    settings.ROSTER_MAX_COLUMNS = 30
    header = ["姓名", *(f"列{n}" for n in range(60))]

    response = upload(client, association, workbook(*[["张三", *"x" * 60]] * 3, header=header).getvalue())

    assert response.status_code == 422
    [sentence] = sentences(response)
    assert "超过 30 列（AE2" in sentence
    assert_nothing_stays(private_files)


# -- the rest of the form


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "999999999999999999999", "1\x00", "1 OR 1=1"])
def test_a_wrong_association_is_refused(client, association, secretary, private_files, value):
    response = client.post(UPLOAD, {"association": value, "file": io.BytesIO(ROSTER)})

    assert (response.status_code, response.context["form"].errors.keys()) == (422, {"association"})
    assert_nothing_stays(private_files)


def test_an_association_of_others_is_refused_where_the_user_can_choose(
    client, association, secretary, private_files
):
    grant(secretary, Role.SECRETARY, make_association())
    foreign = make_association()

    response = upload(client, foreign, ROSTER)

    assert (response.status_code, response.context["form"].errors.keys()) == (422, {"association"})
    assert len(sentences(response)) == 1
    assert_nothing_stays(private_files)


def test_the_sentence_about_a_wrong_association_is_on_the_page_of_who_has_only_one(
    client, association, secretary
):
    response = upload(client, make_association(), ROSTER)

    assert len(sentences(response)) == 1


def test_a_form_without_its_token_gets_our_chinese_page(association, secretary, private_files):
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)

    response = upload(client, association, ROSTER)

    page = response.content.decode()
    assert response.status_code == 403
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["表单已过期"]
    assert_nothing_stays(private_files)


def test_a_body_that_is_no_form_is_refused_politely(client, association, secretary, private_files):
    response = client.post(UPLOAD, b"\x00\xff", content_type="multipart/form-data; boundary=")

    assert response.status_code == 400
    assert "管理" in response.content.decode()
    assert_nothing_stays(private_files)


def test_two_files_of_the_same_name_are_two_batches(client, association, secretary, private_files):
    upload(client, association, ROSTER)
    upload(client, association, ROSTER)

    assert ImportBatch.objects.count() == 2
    assert len([path for path in private_files.rglob("*") if path.is_file()]) == 2
    assert client.get(reverse("members:import_upload")).content.decode().count("名册.xlsx</a>") == 2


# -- no room left


class FullStorage(FileSystemStorage):
    """A disk that is full after the first bytes of every file."""

    def _save(self, name, content):
        super()._save(name, ContentFile(content.read(10)))
        no_room(content)


class FullTemporaryFolder(TemporaryUpload):
    """Where large uploads go first, on a disk that is full."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file.file.write = no_room


def no_room(data):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_gets_a_sentence_and_keeps_the_form(
    client, association, secretary, private_files, settings
):
    full = {"BACKEND": f"{__name__}.FullStorage", "OPTIONS": {"location": private_files}}
    settings.STORAGES = settings.STORAGES | {"default": full}

    response = upload(client, association, ROSTER)

    assert response.status_code == 507
    [sentence] = sentences(response)
    assert "名册.xlsx 未能保存，也没有导入任何内容：服务器磁盘已满" in sentence
    assert response.context["form"]["association"].value() == str(association.pk)
    assert_nothing_stays(private_files)


def test_another_fault_of_the_storage_leaves_nothing_either(
    client, association, secretary, private_files, settings
):
    broken = {"BACKEND": f"{__name__}.BrokenStorage", "OPTIONS": {"location": private_files}}
    settings.STORAGES = settings.STORAGES | {"default": broken}
    client.raise_request_exception = False

    response = upload(client, association, ROSTER)

    assert response.status_code == 500
    assert_nothing_stays(private_files)


class BrokenStorage(FullStorage):
    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError:
            raise OSError(errno.EIO, "Input/output error") from None


def test_a_full_folder_for_temporary_files_gets_the_same_sentence(
    client, association, secretary, private_files, settings
):
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.FullTemporaryFolder"]

    response = upload(client, association, ROSTER)

    assert response.status_code == 507
    [sentence] = sentences(response)
    assert "名册.xlsx 未能保存" in sentence
    assert_nothing_stays(private_files)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told to be full")
def test_a_full_disk_of_the_database_gets_the_same_sentence(client, association, secretary, private_files):
    rows = [person(f"张{chr(0x4E00 + n)}", mobile=f"1380000{n:04}", remarks="备注" * 50) for n in range(500)]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")

        response = upload(client, association, workbook(*rows).getvalue())

        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert response.status_code == 507
    assert len(sentences(response)) == 1
    assert_nothing_stays(private_files)


# -- what happens between preview and apply


@pytest.fixture
def batch(client, association, secretary):
    upload(client, association, ROSTER, "名册.csv")
    return ImportBatch.objects.get()


def roads(batch):
    """{name: status} of every address of the batch, asked in the way it is meant to be asked."""
    pages = {"batch": "get", "error_sheet": "get", "apply": "post", "undo": "post", "discard": "post"}
    return {
        name: (method, reverse(f"members:import_{name}", args=[batch.pk])) for name, method in pages.items()
    }


def statuses(client, batch):
    return {name: getattr(client, method)(url).status_code for name, (method, url) in roads(batch).items()}


def assert_untouched(batch):
    batch.refresh_from_db()
    assert (batch.state, batch.steps_applied, Member.objects.count()) == ("previewed", 0, 0)
    assert batch.rows.count() == 1
    assert batch.file.storage.exists(batch.file.name)


def test_a_role_taken_away_after_the_preview_closes_every_road(client, batch, secretary):
    secretary.role_grants.all().delete()

    assert set(statuses(client, batch).values()) == {403}
    assert client.get(LIST).status_code in (302, 403)
    assert_untouched(batch)


def test_a_role_that_became_that_of_a_viewer_closes_every_road(client, batch, association, secretary):
    secretary.role_grants.all().delete()
    grant(secretary, Role.VIEWER, association)

    assert set(statuses(client, batch).values()) == {403}
    assert client.get(LIST).status_code == 403
    assert_untouched(batch)


def test_a_role_moved_to_another_association_takes_the_batch_out_of_sight(client, batch, secretary):
    secretary.role_grants.all().delete()
    grant(secretary, Role.SECRETARY, make_association())

    assert set(statuses(client, batch).values()) == {404}
    assert "名册.csv" not in client.get(LIST).content.decode()
    assert_untouched(batch)


def test_a_role_that_has_run_out_is_none(client, batch, secretary):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    secretary.role_grants.update(ends_on=yesterday)

    assert set(statuses(client, batch).values()) == {403}
    assert_untouched(batch)


def test_an_account_closed_after_the_preview_has_to_sign_in(client, batch, secretary):
    secretary.is_active = False
    secretary.save()

    responses = {name: getattr(client, method)(url) for name, (method, url) in roads(batch).items()}

    assert {response.url.partition("?")[0] for response in responses.values()} == {reverse("account_login")}
    assert_untouched(batch)


def test_rights_withdrawn_after_applying_leave_the_import_as_it_is(client, batch, secretary):
    client.post(reverse("members:import_apply", args=[batch.pk]))
    secretary.role_grants.all().delete()

    response = client.post(reverse("members:import_undo", args=[batch.pk]))

    batch.refresh_from_db()
    assert (response.status_code, batch.state, Member.objects.count()) == (403, "applied", 1)
    assert re.search("[\u4e00-\u9fff]", response.content.decode())


def test_an_association_deleted_after_the_preview_takes_its_imports_along(
    client, batch, association, secretary, private_files
):
    grant(secretary, Role.SECRETARY, make_association())
    association.delete()

    assert set(statuses(client, batch).values()) == {404}
    # the file goes with the next round of deleting old ones
    [stored] = (private_files / "rosters").iterdir()
    call_command("delete_old_rosters")
    assert stored.exists()
    two_days_ago = time.time() - 2 * 86_400
    os.utime(stored, (two_days_ago, two_days_ago))
    call_command("delete_old_rosters")
    assert not stored.exists()


def test_a_file_lost_after_the_preview_does_not_keep_its_rows_out(client, batch):
    batch.file.storage.delete(batch.file.name)

    client.post(reverse("members:import_apply", args=[batch.pk]))

    assert Member.objects.get().name == "张三"
    client.post(reverse("members:import_undo", args=[batch.pk]))
    assert Member.objects.count() == 0


def test_a_preview_whose_file_is_lost_can_be_discarded(client, batch):
    batch.file.storage.delete(batch.file.name)

    client.post(reverse("members:import_discard", args=[batch.pk]))

    batch.refresh_from_db()
    assert (batch.state, batch.file.name) == ("discarded", "")


def test_deleting_old_files_goes_on_where_one_is_lost(client, batch, association, settings):
    upload(client, association, ROSTER, "第二份.csv")
    settings.ROSTER_KEEP_DAYS = 90
    ImportBatch.objects.update(created_at=timezone.now() - dt.timedelta(days=91))
    batch.file.storage.delete(batch.file.name)

    call_command("delete_old_rosters")

    assert set(ImportBatch.objects.values_list("file", flat=True)) == {""}
