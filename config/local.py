"""A local installation: what ``manage.py`` needs when nothing is configured.

With neither ``DATABASE_URL`` nor ``SECRET_KEY`` (or their ``_FILE`` forms) in the environment, the register lives
in ``var/``: an SQLite database and a settings file with generated keys, readable by its owner only. The
production entry point (``config.wsgi``) never makes keys: there a missing secret stops the start.
"""

import base64
import os
import secrets
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
ENV_FILE = VAR / "local.env"
CONFIGURED_BY = ("DATABASE_URL", "DATABASE_URL_FILE", "SECRET_KEY", "SECRET_KEY_FILE")


def prepare(environ):
    """Write ``var/local.env`` with fresh keys unless it exists or the environment configures the site."""
    if any(environ.get(name) for name in CONFIGURED_BY) or ENV_FILE.exists():
        return
    VAR.mkdir(mode=0o700, exist_ok=True)
    lines = [
        "# Keys of this local installation. Keep this file: without it identity numbers cannot be read.",
        "REGISTRY_LOCAL=1",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"FIELD_KEYS=1:{new_key()}",
        f"DIGEST_KEY={new_key()}",
    ]
    # O_EXCL: two first starts at once must not each write keys of their own
    try:
        handle = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def new_key():
    """32 random bytes, base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()
