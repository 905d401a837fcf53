"""One's own photo: put in from a phone, cut to 3:4, refused with a sentence, nothing left lying."""

import base64
import io

import pytest
from django.urls import reverse
from PIL import Image

from members.models import Member
from members.photos import Part, crop, fits, read_whole
from tests.make import make_member
from tests.members.portal.screens import signed_in, text_of
from tests.members.test_photo import files, opened, picture, png_header, upload

pytestmark = pytest.mark.django_db
PAGE = reverse("portal:photo")


@pytest.fixture
def member(client):
    return signed_in(client, "张一")


def striped(size, kind="JPEG"):
    """A picture of three stripes along its longer side: red, green, blue."""
    sheet = Image.new("RGB", size)
    width, height = size
    for place, colour in enumerate(["red", "green", "blue"]):
        if width > height:
            sheet.paste(colour, (width * place // 3, 0, width * (place + 1) // 3, height))
        else:
            sheet.paste(colour, (0, height * place // 3, width, height * (place + 1) // 3))
    written = io.BytesIO()
    sheet.save(written, kind)
    return written.getvalue()


def stored(folder):
    [name] = files(folder)
    return opened((folder / "photos" / name).read_bytes())


# -- cutting


@pytest.mark.parametrize("size", [(3000, 900), (900, 3000), (800, 600), (40, 400)])
@pytest.mark.parametrize("part", Part)
def test_every_part_has_the_shape_of_a_photo(size, part):
    found = opened(crop(read_whole(upload(striped(size))), part))

    assert abs(found.width / found.height - 0.75) < 0.02
    assert found.width <= 480 and found.height <= 640


@pytest.mark.parametrize(("part", "strongest"), [(Part.START, 0), (Part.MIDDLE, 1), (Part.END, 2)])
@pytest.mark.parametrize("size", [(1800, 800), (600, 2400)])
def test_the_chosen_part_is_kept(size, part, strongest):
    found = opened(crop(read_whole(upload(striped(size))), part))

    colour = found.getpixel((found.width // 2, found.height // 2))
    assert max(range(3), key=lambda channel: colour[channel]) == strongest


def test_a_photo_from_a_phone_fits_as_it_is():
    assert fits(read_whole(upload(picture(size=(3024, 4032)))))
    assert not fits(read_whole(upload(picture(size=(4032, 3024)))))


# -- putting in


def test_a_picture_in_shape_is_saved_at_once(client, member, private_files):
    answer = client.post(PAGE, {"photo": upload(picture())})

    member.refresh_from_db()
    assert answer.url == PAGE
    assert stored(private_files).size == (480, 640)
    assert member.photo and "照片已保存" in text_of(client.get(PAGE))


def test_another_shape_asks_which_part_and_keeps_nothing_meanwhile(client, member, private_files):
    asked = client.post(PAGE, {"photo": upload(striped((1600, 800)))})

    page = text_of(asked)
    assert files(private_files) == []
    assert [label for label in ("左侧", "中间", "右侧") if label not in page] == []

    answer = client.post(PAGE, {"picture": asked.context["picture"], "part": "end"})

    assert answer.url == PAGE
    found = stored(private_files)
    assert found.size == (480, 640)
    assert found.getpixel((470, 320))[2] > 200


def test_nothing_of_the_cameras_notes_is_left_in_either_step(client, member, private_files):
    notes = Image.Exif()
    notes[0x010E] = "GPS 29.29 106.25"
    asked = client.post(PAGE, {"photo": upload(picture(size=(1600, 800), exif=notes))})
    client.post(PAGE, {"picture": asked.context["picture"], "part": "middle"})

    assert b"GPS" not in base64.b64decode(asked.context["picture"])
    assert dict(stored(private_files).getexif()) == {}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "x.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.jpg"),
        (picture()[:700], "half.jpg"),
        (png_header(60_000, 60_000), "bomb.png"),
        (picture("GIF", (10, 10)), "x.gif"),
        (b"", "empty.jpg"),
        (b"%PDF-1.7", "card.pdf"),
    ],
    ids=["svg", "svg as jpg", "half", "bomb", "gif", "empty", "pdf"],
)
def test_hostile_and_broken_files_are_refused_in_a_sentence(client, member, private_files, content, name):
    answer = client.post(PAGE, {"photo": upload(content, name)})

    assert answer.status_code == 422
    [error] = answer.context["form"].errors["photo"]
    assert error.endswith("。")
    assert files(private_files) == []


def test_a_file_of_200_megabytes_is_refused_in_a_sentence(client, member, private_files, settings):
    settings.FILE_UPLOAD_TEMP_DIR = private_files.parent
    answer = client.post(PAGE, {"photo": upload(picture() + bytes(200 * 1024 * 1024))})

    assert answer.status_code == 422
    assert "10 MB" in answer.context["form"].errors["photo"][0]
    assert files(private_files) == []


def test_nothing_chosen_is_said(client, member):
    assert client.post(PAGE, {}).status_code == 422


@pytest.mark.parametrize("sent", ["", "x", "YWJj", "A" * 2_000_001, base64.b64encode(b"<svg/>").decode()])
def test_a_forged_second_step_changes_nothing(client, member, private_files, sent):
    answer = client.post(PAGE, {"picture": sent, "part": "middle"})

    assert (answer.status_code, answer.url) == (302, PAGE)
    assert files(private_files) == []
    assert client.post(PAGE, {"picture": sent, "part": "../../etc"}).status_code == 302


def test_a_new_photo_takes_the_place_of_the_old_and_can_be_removed(
    client, member, private_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(PAGE, {"photo": upload(picture())})
        client.post(PAGE, {"photo": upload(picture(color="blue"))})
    assert len(files(private_files)) == 1

    with django_capture_on_commit_callbacks(execute=True):
        client.post(PAGE, {"remove": "yes"})

    assert files(private_files) == []
    assert Member.objects.get(pk=member.pk).photo == ""


def test_nobody_puts_in_the_photo_of_another(client, member, private_files):
    other = make_member("李四", association=member.association)

    client.post(PAGE, {"photo": upload(picture()), "member": other.pk, "pk": other.pk})

    other.refresh_from_db()
    assert other.photo == ""
