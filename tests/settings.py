"""The site's settings with made-up keys, a quick password hasher and mail kept in memory."""

import base64
import os

os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ["SECRET_KEY"] = "for the tests only, nothing is secret here"
os.environ["FIELD_KEYS"] = "1:" + base64.b64encode(bytes(32)).decode()
os.environ["DIGEST_KEY"] = base64.b64encode(bytes(range(32))).decode()
os.environ["REGISTRY_LOCAL"] = "1"

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# nothing is collected for the tests; WhiteNoise warns of a missing folder
STATIC_ROOT = BASE_DIR / "config" / "static"  # noqa: F405
# what is sent has been sent when the request is answered
SEND_ASIDE = False
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # nothing of a test outlives it: no commit waits for the disk
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
