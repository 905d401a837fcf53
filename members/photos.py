"""Photos of members: read from an upload, kept in private storage under a name that says nothing."""

import io
import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from PIL import Image, ImageOps

from members.models import Member

WIDTH, HEIGHT = 480, 640
# of a longer strip than this many photos side by side the ends are left out before anybody chooses a part
MOST_TIMES = 3
# a photo fits as it is if it is wider or higher than 3:4 by no more than this
TOLERATED = 0.02
FORMATS = ["JPEG", "PNG", "WEBP"]
QUALITY = 88
# `read_photo` counts the pixels itself before anything is decoded; Pillow's own limit only warns
Image.MAX_IMAGE_PIXELS = None


class NotAPhoto(ValueError):
    """An upload that is refused; the text is a sentence for people."""


def read_photo(upload):
    """The picture in the file `upload` as JPEG of at most 480 × 640, upright, with nothing of the camera's notes.

    Raises NotAPhoto.
    """
    return _read(upload, lambda picture: picture.thumbnail((WIDTH, HEIGHT)))


def read_whole(upload):
    """As `read_photo`, but large enough that any part of it in the shape of a photo is 480 × 640."""
    return _read(upload, _cover)


def read_picture(upload, longest):
    """The picture in the file `upload` as JPEG, no side of it longer than `longest`, upright, without notes.

    Nothing of it is left out, whatever its shape. Raises NotAPhoto.
    """
    return _read(upload, lambda picture: picture.thumbnail((longest, longest)), longest, whole=True)


def smaller(content, longest):
    """The JPEG `content` with no side longer than `longest`."""
    picture = Image.open(io.BytesIO(content))
    picture.thumbnail((longest, longest))
    return _written(picture)


def fits(content):
    """Whether the JPEG `content` has the shape of a photo (3:4) already."""
    width, height = Image.open(io.BytesIO(content)).size
    return abs(width * HEIGHT / (height * WIDTH) - 1) <= TOLERATED


class Part(models.TextChoices):
    """Which part of a picture that is too high or too wide becomes the photo."""

    START = "start", pgettext_lazy("part of a photo", "top or left")
    MIDDLE = "middle", pgettext_lazy("part of a photo", "middle")
    END = "end", pgettext_lazy("part of a photo", "bottom or right")


def crop(content, part, size=(WIDTH, HEIGHT)):
    """The `part` of the JPEG `content` in the shape of a photo, at most `size`, as JPEG."""
    picture = Image.open(io.BytesIO(content))
    width = min(picture.width, picture.height * WIDTH // HEIGHT or 1)
    height = min(picture.height, picture.width * HEIGHT // WIDTH or 1)
    share = {Part.START: 0, Part.MIDDLE: 0.5, Part.END: 1}[part]
    left, top = int((picture.width - width) * share), int((picture.height - height) * share)
    picture = picture.crop((left, top, left + width, top + height))
    picture.thumbnail(size)
    return _written(picture)


def is_wide(content):
    """Whether the JPEG `content` is too wide for a photo rather than too high."""
    width, height = Image.open(io.BytesIO(content)).size
    return width * HEIGHT > height * WIDTH


def _read(upload, shrink, longest=2 * HEIGHT, *, whole=False):
    if upload.size > settings.PHOTO_MAX_BYTES:
        raise NotAPhoto(
            _("The file is larger than {size} MB. Choose a smaller photo.").format(
                size=settings.PHOTO_MAX_BYTES // (1024 * 1024)
            )
        )
    try:
        picture = Image.open(upload, formats=FORMATS)
    except Exception as error:  # a decoder may stumble over a hostile file in any way
        raise NotAPhoto(
            _("This file is no photo that can be read. Choose a JPEG, PNG or WEBP file.")
        ) from error
    if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
        raise NotAPhoto(
            _("The photo has more than {count} million pixels. Choose a smaller one.").format(
                count=settings.PHOTO_MAX_PIXELS // 1_000_000
            )
        )
    try:
        return _as_jpeg(picture, shrink, longest, whole)
    except Exception as error:  # as above: the rest of the file is read here
        raise NotAPhoto(_("The file is damaged: the photo in it cannot be read to its end.")) from error


def _cover(picture):
    """Make `picture` as small as it can be without a part of it being smaller than a photo."""
    scale = max(WIDTH / picture.width, HEIGHT / picture.height)
    if scale < 1:
        picture.thumbnail((max(WIDTH, picture.width * scale), max(HEIGHT, picture.height * scale)))


def _as_jpeg(picture, shrink, longest, whole):
    # JPEG alone: decodes no more than will be needed
    picture.draft("RGB", (longest, longest))
    picture = ImageOps.exif_transpose(picture)
    if not whole:
        picture = _middle(picture)
    shrink(picture)
    # on a fresh sheet: colours without transparency, no metadata
    sheet = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        sheet.paste(picture, mask=picture)
    else:
        sheet.paste(picture.convert("RGB"))
    return _written(sheet)


def _middle(picture):
    """Of a strip, the middle."""
    width = min(picture.width, MOST_TIMES * picture.height * WIDTH // HEIGHT or 1)
    height = min(picture.height, MOST_TIMES * picture.width * HEIGHT // WIDTH or 1)
    if (width, height) == picture.size:
        return picture
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def _written(picture):
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def set_photo(member, content):
    """Make the JPEG `content` (bytes) the photo of `member`; the one before is deleted when this is certain."""
    name = default_storage.save(f"photos/{secrets.token_hex(16)}.jpg", ContentFile(content))
    try:
        _replace(member, name)
    except Exception:
        default_storage.delete(name)
        raise


def remove_photo(member):
    """Take the photo of `member` away, the file with it. Without one nothing happens."""
    if member.photo:
        _replace(member, "")


@transaction.atomic
def _replace(member, name):
    # lock first: of two photos put in at once the first one's file must go
    current = Member.objects.select_for_update().get(pk=member.pk)
    before, current.photo = current.photo, name
    current.save(update_fields=["photo"])
    if before:
        transaction.on_commit(lambda: default_storage.delete(before))
