import io

import pytest
from PIL import Image


@pytest.fixture
def private_storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        }
    }
    return tmp_path / "private"


@pytest.fixture
def photo():
    """A small JPEG, as photos are kept."""
    written = io.BytesIO()
    Image.new("RGB", (480, 640), "navy").save(written, "JPEG")
    return written.getvalue()
