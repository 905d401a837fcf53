import pytest

from members.rights import Role
from tests.make import make_association
from tests.members.screens import sign_in


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Uploads go to a folder of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


@pytest.fixture
def home():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)
