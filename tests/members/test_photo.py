"""Photos: what is taken, what is kept of it, who sees it, and that nothing is left behind."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from members.photos import NotAPhoto, read_photo, set_photo
from members.rights import Role
from organizations.models import Change
from tests.make import make_association, make_member, make_user
from tests.members.screens import body_of, page_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        }
    }
    return tmp_path / "private"


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def member(home):
    return make_member("张一", association=home)


def picture(kind="JPEG", size=(1200, 1600), mode="RGB", color="red", **options):
    written = io.BytesIO()
    Image.new(mode, size, color).save(written, kind, **options)
    return written.getvalue()


def upload(content, name="照片.jpg"):
    return SimpleUploadedFile(name, content)


def opened(content):
    return Image.open(io.BytesIO(content))


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def png_header(width, height):
    """A PNG that claims to be that large and holds nothing."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


# -- reading


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_become_a_small_jpeg(kind):
    found = opened(read_photo(upload(picture(kind))))

    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (480, 640))


@pytest.mark.parametrize(
    ("mode", "color"), [("RGBA", (255, 0, 0, 0)), ("P", 0), ("L", 9), ("1", 1), ("I;16", 9)]
)
def test_other_colours_become_plain_ones(mode, color):
    found = opened(read_photo(upload(picture("PNG", (60, 80), mode, color))))

    assert (found.mode, found.size) == ("RGB", (60, 80))
    assert mode != "RGBA" or found.getpixel((30, 40)) == (255, 255, 255)


def test_nothing_of_the_cameras_notes_is_kept_and_the_photo_stands_upright():
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side
    notes[0x010E] = "GPS 29.29 106.25"
    content = read_photo(upload(picture(size=(800, 400), exif=notes, comment=b"secret")))

    found = opened(content)
    assert found.height == 640 and found.width == 320
    assert (dict(found.getexif()), found.info.get("comment")) == ({}, None)
    assert b"GPS" not in content and b"secret" not in content


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 40,
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        picture()[:700],
        picture("PNG", (400, 400))[:300],
        png_header(60_000, 60_000),
        png_header(300, 300),
        picture("GIF", (10, 10)),
        picture("BMP", (10, 10)),
    ],
    ids=["svg", "html", "gif head", "jpeg head", "png head", "half a jpeg", "half a png", "bomb", "hollow png", "gif",
         "bmp"],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_in_a_sentence(content):
    with pytest.raises(NotAPhoto) as refused:
        read_photo(upload(content))

    assert str(refused.value).endswith("。")


def test_large_files_are_refused_by_bytes_and_by_pixels(settings):
    settings.PHOTO_MAX_BYTES = 1000
    with pytest.raises(NotAPhoto, match="MB"):
        read_photo(upload(picture()))
    settings.PHOTO_MAX_BYTES, settings.PHOTO_MAX_PIXELS = 10**6, 1_000_000
    with pytest.raises(NotAPhoto, match="像素"):
        read_photo(upload(picture()))


# -- putting in and taking away


def test_photo_goes_in_under_a_name_that_says_nothing(client, home, member, private_files):
    sign_in(client, Role.SECRETARY, home)

    saved = client.post(page_of(member, "photo"), {"photo": upload(picture(), "张一身份证.jpg")})

    member.refresh_from_db()
    [name] = files(private_files)
    assert saved.url == page_of(member)
    assert member.photo == f"photos/{name}"
    assert len(name) == 36 and name.endswith(".jpg")


def test_a_new_photo_takes_the_place_of_the_old(
    client, home, member, private_files, django_capture_on_commit_callbacks
):
    sign_in(client, Role.SECRETARY, home)
    client.post(page_of(member, "photo"), {"photo": upload(picture())})
    [first] = files(private_files)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page_of(member, "photo"), {"photo": upload(picture(color="blue"))})

    [second] = files(private_files)
    assert first != second


@pytest.mark.parametrize("way", ["remove", "delete"])
def test_the_file_goes_with_the_photo(
    client, home, member, private_files, django_capture_on_commit_callbacks, way
):
    sign_in(client, Role.MANAGER, home)
    client.post(page_of(member, "photo"), {"photo": upload(picture())})

    with django_capture_on_commit_callbacks(execute=True):
        if way == "remove":
            client.post(page_of(member, "photo"), {"remove": "yes"})
        else:
            client.post(reverse("admin:members_member_delete", args=[member.pk]), {"post": "yes"})

    assert files(private_files) == []


def test_history_keeps_the_fact_and_not_the_file(client, home, member):
    sign_in(client, Role.SECRETARY, home)

    client.post(page_of(member, "photo"), {"photo": upload(picture())})

    assert Change.objects.get(object_id=member.pk, kind="~").diff == {"photo": None}
    page = body_of(client.get(reverse("admin:members_member_history", args=[member.pk])))
    assert "照片" in page and "photos/" not in page


def test_a_refused_file_changes_nothing(client, home, member, private_files):
    sign_in(client, Role.SECRETARY, home)

    answers = [
        client.post(page_of(member, "photo"), {"photo": upload(b"<svg></svg>", "x.svg")}),
        client.post(page_of(member, "photo"), {}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert files(private_files) == []


def test_who_may_put_in(client, home, member, private_files):
    answers = []
    for role, association in ((Role.MANAGER, make_association()), (Role.VIEWER, home)):
        sign_in(client, role, association)
        answers.append(client.post(page_of(member, "photo"), {"photo": upload(picture())}).status_code)

    assert answers == [404, 403]
    assert files(private_files) == []


# -- seeing


def test_who_sees_the_photo(client, home, member):
    set_photo(member, read_photo(upload(picture())))
    url = reverse("members:photo", args=[member.pk])
    answers = {}

    def look():
        answer = client.get(url)
        list(answer)  # read to its end, which closes the file
        return answer.status_code

    for name, role, association in (
        ("stranger", Role.MANAGER, make_association()),
        ("viewer", Role.VIEWER, home),
        ("secretary", Role.SECRETARY, home),
    ):
        sign_in(client, role, association)
        answers[name] = look()
    member.refresh_from_db()
    member.user = make_user("own@example.org")
    member.save()
    client.force_login(member.user)
    answers["oneself"] = look()
    client.logout()
    answers["nobody"] = look()

    assert answers == {"stranger": 404, "viewer": 403, "secretary": 200, "oneself": 200, "nobody": 302}


def test_viewers_page_does_not_even_name_the_photo(client, home, member):
    set_photo(member, read_photo(upload(picture())))
    sign_in(client, Role.VIEWER, home)

    assert reverse("members:photo", args=[member.pk]) not in body_of(client.get(page_of(member)))


def test_the_photo_is_served_as_a_picture_for_this_reader_only(client, home, member):
    set_photo(member, read_photo(upload(picture())))
    sign_in(client, Role.SECRETARY, home)

    answer = client.get(reverse("members:photo", args=[member.pk]))

    headers = {
        name: answer.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")
    }
    assert headers == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    assert opened(b"".join(answer.streaming_content)).size == (480, 640)


def test_a_file_that_is_gone_is_not_found(client, home, member):
    set_photo(member, read_photo(upload(picture())))
    member.refresh_from_db()
    default_storage.delete(member.photo)
    sign_in(client, Role.SECRETARY, home)

    assert client.get(reverse("members:photo", args=[member.pk])).status_code == 404
