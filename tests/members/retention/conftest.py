import pytest

from tests.make import make_association, make_user


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        }
    }
    return tmp_path / "private"


@pytest.fixture
def association():
    return make_association(retention_years=3, grace_days=30)


@pytest.fixture
def manager():
    return make_user()
