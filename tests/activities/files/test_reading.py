"""What may be put to an activity, and what is made of it."""

import io
import zipfile

import pytest
from PIL import Image

from activities.files.reading import LONGEST_NAME, NotTaken, clean_name, read_file
from tests.activities.files.make import DOCX, PDF, packed, picture, upload


def refusal(content, name):
    with pytest.raises(NotTaken) as refused:
        read_file(upload(content, name))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("通知.pdf", PDF),
        ("议程.DOCX", DOCX),
        ("名单.xlsx", packed("[Content_Types].xml", "xl/workbook.xml")),
        ("讲稿.pptx", packed("[Content_Types].xml", "ppt/presentation.xml")),
        ("批复.ofd", packed("OFD.xml")),
    ],
)
def test_documents_of_offices_are_taken_as_they_are(name, content):
    reading = read_file(upload(content, name))

    assert (reading.kind, reading.name, reading.size) == ("file", name, len(content))
    assert reading.upload.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("页面.html", b"<script>alert(1)</script>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("压缩包.zip", packed("a.txt")),
        ("程序.exe", b"MZ"),
        ("旧文档.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("宏.docm", DOCX),
        ("没有扩展名", PDF),
        ("不是.pdf", b"<html></html>"),
        ("不是.docx", packed("xl/workbook.xml")),
        ("不是.xlsx", b"a,b\n1,2\n"),
        ("通知.pdf.exe", PDF),
    ],
)
def test_anything_else_is_refused_with_its_name(name, content):
    sentence = refusal(content, name)

    assert sentence.startswith(f"{name}：")
    assert "PDF、OFD" in sentence


def test_macros_are_refused():
    macros = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")

    assert refusal(macros, "议程.docx") == "议程.docx：文件含有宏，请另存为不含宏的格式。"


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"\xff" * 500, b"PK\5\6" + b"\xff" * 18, DOCX[:-30]])
def test_damaged_archives_are_refused(content):
    assert refusal(content, "议程.docx") == "议程.docx：文件已损坏。"


def test_an_archive_that_unpacks_without_end_is_refused(settings):
    settings.ROSTER_MAX_UNPACKED = 10_000
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 100_000)

    assert refusal(written.getvalue(), "议程.docx") == "议程.docx：文件已损坏。"


def test_an_empty_file_is_refused():
    assert refusal(b"", "通知.pdf") == "通知.pdf：文件为空。"


def test_200_megabytes_are_refused_in_words_before_they_are_read():
    huge = upload(PDF, "录像.pdf")
    huge.size = 200 * 1024 * 1024

    with pytest.raises(NotTaken, match="：超过 20 MB"):
        read_file(huge)


# -- photos


def test_photos_become_small_jpegs_without_the_cameras_notes():
    exif = Image.Exif()
    exif[0x010F] = "相机厂"
    exif[0x8825] = {1: "N", 2: (29.0, 17.0, 0.0)}
    exif[0x0112] = 6  # lies on its side
    content = picture(size=(4000, 3000), exif=exif.tobytes())
    assert b"Exif" in content

    reading = read_file(upload(content, "现场.JPG"))
    photo, small = (Image.open(io.BytesIO(each)) for each in (reading.content, reading.small))

    assert (reading.kind, reading.name) == ("photo", "现场.JPG")
    assert (photo.format, photo.size) == ("JPEG", (1200, 1600))
    assert small.size == (270, 360)
    assert b"Exif" not in reading.content + reading.small
    assert not photo.getexif()


@pytest.mark.parametrize("size", [(2600, 1950), (5000, 400), (800, 600), (1601, 100)])
def test_no_side_is_longer_than_1600_and_nothing_is_cut_off(size):
    reading = read_file(upload(picture(size=size), "现场.jpg"))

    width, height = Image.open(io.BytesIO(reading.content)).size

    assert max(width, height) == min(1600, max(size))
    assert abs(width / height - size[0] / size[1]) < size[0] / size[1] * 0.02


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpegs_named_so(kind):
    reading = read_file(upload(picture(kind), f"海报.{kind.lower()}"))

    assert reading.name == "海报.jpg"
    assert Image.open(io.BytesIO(reading.content)).format == "JPEG"


def test_what_only_calls_itself_a_photo_is_refused():
    assert refusal(b"<script>", "照片.jpg").startswith("照片.jpg：")
    assert refusal(picture()[:2000], "照片.jpg").startswith("照片.jpg：")


# -- names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("关于开展考察的通知（终稿）.pdf", "关于开展考察的通知（终稿）.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\名单.xlsx", "名单.xlsx"),
        ("a\x00b\r\nc.pdf", "a b c.pdf"),
        ("发票\u202efdp.exe", "发票 fdp.exe"),
        ("..", "文件"),
        ("", "文件"),
        (".htaccess", "htaccess"),
        ('a"b<c>d|e?f*.pdf', "a_b_c_d_e_f_.pdf"),
        ("  多  空格  .pdf", "多 空格.pdf"),
        ("长" * 300 + ".docx", "长" * (LONGEST_NAME - 5) + ".docx"),
        ("点" + "." * 300, "点"),
        ("x." + "y" * 300, ("x." + "y" * 300)[:LONGEST_NAME]),
    ],
)
def test_names_are_cleaned(given, name):
    assert clean_name(given) == name
