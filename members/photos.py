"""Photos of members: read from an upload, kept in private storage under a name that says nothing."""

import io
import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from members.models import Member

WIDTH, HEIGHT = 480, 640
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
        return _as_jpeg(picture)
    except Exception as error:  # as above: the rest of the file is read here
        raise NotAPhoto(_("The file is damaged: the photo in it cannot be read to its end.")) from error


def _as_jpeg(picture):
    # JPEG alone: decodes no more than will be needed
    picture.draft("RGB", (2 * HEIGHT, 2 * HEIGHT))
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((WIDTH, HEIGHT))
    # on a fresh sheet: colours without transparency, no metadata
    sheet = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        sheet.paste(picture, mask=picture)
    else:
        sheet.paste(picture.convert("RGB"))
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=QUALITY)
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
