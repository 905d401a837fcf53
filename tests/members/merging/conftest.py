import pytest

from tests.make import make_association


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
    return make_association("重庆市江津区新的社会阶层专业人士联合会")
