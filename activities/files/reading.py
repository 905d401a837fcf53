"""What may be put to an activity: looked at by its content, named so that every system can keep it.

Documents of offices without macros, and pictures, which become photos. Nothing that a browser would run (html, svg),
no archives, no old formats in which macros cannot be told.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from activities.models import ActivityFile
from members.photos import NotAPhoto, read_picture, smaller
from members.roster.readers.archive import Archive
from members.roster.readers.output import Refused

LONGEST_SIDE, THUMBNAIL = 1600, 360
LONGEST_NAME = 120
PICTURES = {"jpg", "jpeg", "png", "webp"}
OFFICE = "application/vnd.openxmlformats-officedocument"
# {ending: type}; the ending is that of the content, so that the type never says anything else
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
}
# parts by which the packed formats are known
PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "ofd": "ofd.xml",
}
ACCEPTED = ",".join(
    ["image/jpeg", "image/png", "image/webp", *(f".{ending}" for ending in TYPES if ending != "jpg")]
)
# what text is turned around or hidden by
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class NotTaken(ValueError):
    """A file that is refused; the text is a sentence for people, with its name."""


@dataclass(frozen=True)
class Reading:
    """A file that may be kept. Of a photo `content` and `small` are JPEG; of others `upload` is what is stored."""

    kind: str
    name: str
    ending: str
    upload: object = None
    content: bytes = b""
    small: bytes = b""

    @property
    def size(self):
        return len(self.content) if self.content else self.upload.size


def read_file(upload):
    """The Reading of the uploaded file `upload`. Raises NotTaken."""
    name = clean_name(upload.name)
    if not upload.size:
        raise NotTaken(_("{name}: the file is empty.").format(name=name))
    if ending_of(name) in PICTURES:
        return _photo(upload, name)
    if upload.size > settings.ACTIVITY_FILE_MAX_BYTES:
        raise NotTaken(
            _("{name}: larger than {size} MB. Make it smaller, or part it into several.").format(
                name=name, size=settings.ACTIVITY_FILE_MAX_BYTES // (1024 * 1024)
            )
        )
    ending = _kind_of(upload, name)
    return Reading(ActivityFile.Kind.FILE, with_ending(name, ending), ending, upload=upload)


def clean_name(text):
    """`text` as the name of a file: no path, no characters that cannot be seen, not too long; never empty."""
    text = "".join(" " if unicodedata.category(each) in UNSEEN else each for each in text)
    text = re.split(r"[/\\]", text)[-1]
    text = re.sub(r'[<>:"|?*]', "_", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    path = PurePosixPath(text or "x")
    ending = path.suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", path.suffix) else ""
    stem = text.removesuffix(ending)[: LONGEST_NAME - len(ending)].strip(" .")
    return (stem or _("File")) + ending


def with_ending(name, ending):
    """`name` ending in what its content is, whatever it said before."""
    if ending_of(name) == ending:
        return name
    stem = name[: -len(ending_of(name)) - 1] if ending_of(name) in {*TYPES, *PICTURES} else name
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def ending_of(name):
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _photo(upload, name):
    try:
        content = read_picture(upload, LONGEST_SIDE)
    except NotAPhoto as error:
        raise NotTaken(_("{name}: {why}").format(name=name, why=error)) from error
    return Reading(
        ActivityFile.Kind.PHOTO,
        with_ending(name, "jpg"),
        "jpg",
        content=content,
        small=smaller(content, THUMBNAIL),
    )


def _kind_of(upload, name):
    """The ending that the content of `upload` has; it has to be the one of its name."""
    upload.seek(0)
    head = upload.read(1024)
    ending = ending_of(name)
    if ending == "pdf" and b"%PDF-" in head:
        found = "pdf"
    elif ending in PARTS and head.startswith(b"PK"):
        found = _packed(upload, name, ending)
    else:
        found = ""
    upload.seek(0)
    if not found:
        raise NotTaken(
            _(
                "{name}: only PDF, OFD, Word, Excel and PowerPoint files (docx, xlsx, pptx) and pictures "
                "(JPEG, PNG, WEBP) are taken. Save it as one of these."
            ).format(name=name)
        )
    return found


def _packed(upload, name, ending):
    upload.seek(0)
    try:
        parts = Archive(upload.read(), {"max_unpacked": settings.ROSTER_MAX_UNPACKED}).parts
    except Refused as error:
        raise NotTaken(_("{name}: the file is damaged.").format(name=name)) from error
    if any(part.endswith("vbaproject.bin") for part in parts):
        raise NotTaken(_("{name}: the file holds macros. Save it without them.").format(name=name))
    return ending if PARTS[ending] in parts else ""
