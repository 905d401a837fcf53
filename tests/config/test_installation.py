"""Settings and keys, each in a process of its own as the environment is read once."""

import base64
import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from config import local

PRODUCTION = {
    "DATABASE_URL": "sqlite://:memory:",
    "SECRET_KEY": "kD8fQx2mVw7Lr0PzT5cYb9HnJ3sAe6GuXi1oRq4WvZtMhNdEpU",
    "FIELD_KEYS": "1:" + base64.b64encode(bytes(32)).decode(),
    "DIGEST_KEY": base64.b64encode(bytes(32)).decode(),
    "ALLOWED_HOSTS": "register.example.org",
}


def run(*arguments, **environment):
    """The finished process of `python ARGUMENTS` in the source folder with `environment` alone."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "DIGEST_KEY"])
def test_site_does_not_start_without_its_secrets(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    process = run("-c", "import config.wsgi", **environment)

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == (
        f"django.core.exceptions.ImproperlyConfigured: {missing} is not set. Set {missing} or {missing}_FILE "
        "(see README.md, 'Operating it'), or run 'python manage.py start' for a local installation."
    )


def test_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text(PRODUCTION["SECRET_KEY"])
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}

    process = run(
        "-c",
        "import config.wsgi; from django.conf import settings; print(settings.SECRET_KEY)",
        SECRET_KEY_FILE=str(tmp_path / "key"),
        **environment,
    )

    assert (process.returncode, process.stdout.strip()) == (0, PRODUCTION["SECRET_KEY"])


def test_configured_site_passes_the_deployment_checks():
    process = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (process.returncode, process.stderr) == (0, "")


def test_static_files_are_collected_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    # only ours: compressing the packages' files takes long
    ignored = ["admin/*", "account/*", "mfa/*", "usersessions/*", "django_htmx/*", "import_export/*"]
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ignored)

    hashed = {path.name.split(".")[0] for path in (tmp_path / "css").glob("*.*.css")}
    assert {"tokens", "site", "admin"} <= hashed
    # the pictures a sheet names are hashed along
    assert "img/mark.svg" not in next((tmp_path / "css").glob("site.*.css")).read_text()


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "VAR", tmp_path / "var")
    monkeypatch.setattr(local, "ENV_FILE", tmp_path / "var" / "local.env")
    return tmp_path / "var"


def written(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if not line.startswith("#"))


def test_local_installation_gets_keys_only_its_owner_reads(var):
    local.prepare({})

    keys = written(var / "local.env")
    assert set(keys) == {"REGISTRY_LOCAL", "SECRET_KEY", "FIELD_KEYS", "DIGEST_KEY"}
    assert len(base64.b64decode(keys["FIELD_KEYS"].removeprefix("1:"))) == 32
    assert len(base64.b64decode(keys["DIGEST_KEY"])) == 32
    assert stat.S_IMODE((var / "local.env").stat().st_mode) == 0o600


def test_local_keys_are_made_once(var):
    local.prepare({})
    before = (var / "local.env").read_text()

    local.prepare({})

    assert (var / "local.env").read_text() == before


@pytest.mark.parametrize("name", local.CONFIGURED_BY)
def test_configured_site_gets_no_local_keys(var, name):
    local.prepare({name: "something"})

    assert not var.exists()
