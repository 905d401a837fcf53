import pytest


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
