import pytest


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """Files of a test go to a folder of its own."""
    folder = tmp_path / "private"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    }
    return folder
