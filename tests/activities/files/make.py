"""Files as people upload them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from activities.files.reading import read_file
from activities.files.services import put_in

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def picture(kind="JPEG", size=(2400, 1800), color="red", **options):
    written = io.BytesIO()
    Image.new("RGB", size, color).save(written, kind, **options)
    return written.getvalue()


def packed(*names):
    """A zip archive with parts of those names."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return written.getvalue()


DOCX = packed("[Content_Types].xml", "word/document.xml")


def upload(content=PDF, name="通知.pdf"):
    return SimpleUploadedFile(name, content)


def kept(activity, content=PDF, name="通知.pdf", **options):
    """The ActivityFile of an upload put to `activity`, for staff unless `readers` says otherwise."""
    return put_in(activity, [read_file(upload(content, name))], **{"readers": "staff", **options})[0]
