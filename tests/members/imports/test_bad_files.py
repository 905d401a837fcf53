"""Files that are no rosters, too large, or named to do harm, sent through the upload page."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from members.models import ImportBatch
from members.rights import Role
from tests.make import grant, make_association, make_user
from tests.members.imports.sheets import person, workbook
from tests.members.roster import hostile
from tests.members.roster.test_workbook import HOSTILE

pytestmark = pytest.mark.django_db

UPLOAD = "/members/import/"
ROSTER = "姓名,性别,手机\r\n张三,男,13800000001\r\n".encode()


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
    # a tenth more than members, for titles, headers and subtotals
    [sentence] = sentences(response)
    assert "超过 22 行" in sentence
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
