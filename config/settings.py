"""Settings, the same everywhere, driven by the environment variables listed in README.md.

Every variable can also be given as a file: ``SECRET_KEY_FILE=/run/secrets/key`` is read for ``SECRET_KEY``.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.local import CONFIGURED_BY, ENV_FILE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = environ.FileAwareEnv()
if not any(name in env.ENVIRON for name in CONFIGURED_BY) and ENV_FILE.exists():
    env.read_env(ENV_FILE)


def secret(name):
    """The secret `name` from environment or file; a missing one stops the start."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set {name} or {name}_FILE (see README.md, 'Operating it'), "
            "or run 'python manage.py start' for a local installation."
        )
    return value


# A local installation (made by `manage.py start`): plain http on this machine, static files straight from the code.
LOCAL = env.bool("REGISTRY_LOCAL", default=False)

SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Keys of the encrypted columns, "id:base64" newest first; see members/crypto.py
FIELD_KEYS = secret("FIELD_KEYS")
DIGEST_KEY = secret("DIGEST_KEY")

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# scheme and host under which people reach the site, for letters and QR codes: https://registry.example.org
SITE_URL = env.str("SITE_URL", default="")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.RegistryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config.apps.ConfigConfig",
    "organizations",
    "members",
    "activities",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.signing_in.middleware.IdleMiddleware",
    "config.middleware.SignInMiddleware",
    "members.signing_in.middleware.DutiesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organizations.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# -- database ---------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
# SQLite reopens the file and repeats its PRAGMAs with each request otherwise
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # take the write lock at BEGIN and wait for it, instead of failing half-way through a transaction; an import of
        # 100 000 rows holds it for half a minute
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        # NORMAL with WAL: safe against a killed process; a power cut may lose the last moments, never the file
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in limits and used codes live in the cache: it must be shared by all workers
CACHES = {"default": env.cache("CACHE_URL", default="dbcache://django_cache")}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)

# Long work waits in the database for the worker (`manage.py worker`)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- sign-in ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "members.backends.SignInBackend",
    "members.backends.RoleBackend",  # gives permissions, finds no user: not the first, whom force_login takes
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# of small letters, capitals, digits and others; and days after which a new password is due. 0: not asked
PASSWORD_KINDS = env.int("PASSWORD_KINDS", default=0)
if PASSWORD_KINDS:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "members.signing_in.passwords.KindsValidator"})
PASSWORD_MAX_DAYS = env.int("PASSWORD_MAX_DAYS", default=0)
# who works in the staff screens needs a passkey or an authenticator app; not in a demonstration on one's own machine
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=not LOCAL)
# a session ends after so long without a click (0: never), and in any case after SESSION_SECONDS
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SIGN_IN_KEEP_DAYS = max(env.int("SIGN_IN_KEEP_DAYS", default=365), 180)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "members.forms.LoginForm",
    "request_login_code": "members.forms.RequestCodeForm",
    "change_password": "members.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
# Sign-up is closed. With "phone" in this list allauth turns away accounts without a number, and opens a page to
# change it that needs an SMS service
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# a session ends with the browser, at the latest after SESSION_SECONDS, and after IDLE_MINUTES without a click
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = env.int("CODE_SECONDS", default=5 * 60)
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "members.signing_in.mfa.MFAAdapter"
# plain http is for the own machine alone
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
# clocks of telephones are off by some seconds
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "add_webauthn": "members.forms.AddKeyForm",
    "edit_webauthn": "members.forms.EditKeyForm",
    "activate_totp": "members.forms.ActivateForm",
    "authenticate": "members.forms.CodeForm",
    "reauthenticate": "members.forms.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# How often something may be tried: "5/30m/key,60/30m/ip" is five within half an hour for one login, sixty from one
# address (an office has one for all). Source of five and thirty: domain.md F5
ACCOUNT_RATE_LIMITS = {
    "login": "60/1m/ip",
    "login_failed": env.str("SIGN_IN_FAILURES", default="5/30m/key,60/30m/ip"),
    "reset_password": "20/1h/ip,5/1h/key",
    "reset_password_from_key": "20/1m/ip",
    "request_login_code": "20/1h/ip,5/1h/key",
    "reauthenticate": "10/1m/user",
}
# the same for pages of our own, asked by members.signing_in.limits.within_limit
LIMITS = {
    # opening an account by an invitation: a hall full of members has one address; and links that nobody was sent
    "join": "600/1h/ip,30/1h/key",
    "join_code": "30/1h/ip",
    "apply": "20/1h/ip",
    "apply_link": "60/1h/ip",
    "application_draft": "60/1h/ip",
    "card_check": "120/1h/ip",
    # addresses of calendars that are not there
    "calendar": "60/1h/ip",
    "sign_in_with": "10/1h/user",
    # codes of check-in that never were any; a hall full of members has one address
    "check_in_wrong": "30/10m/key,600/1h/ip",
}

# -- text messages ----------------------------------------------------------------------------------------------

# "http" (a gateway), "console" (the log), or empty: then no code by SMS is offered
SMS_SENDER = env.str("SMS_SENDER", default="console" if LOCAL else "")
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_HEADER = env.str("SMS_HEADER", default="Authorization")
SMS_FORMAT = env.str("SMS_FORMAT", default="json")
SMS_NUMBER_FIELD = env.str("SMS_NUMBER_FIELD", default="phone")
SMS_TEXT_FIELD = env.str("SMS_TEXT_FIELD", default="text")
# further fields that the gateway wants with each message: {"sign": "某某联合会"}
SMS_FIELDS = env.json("SMS_FIELDS", default={})
SMS_SECONDS = env.int("SMS_SECONDS", default=10)
# letters and text messages with codes and links go out beside the request
SEND_ASIDE = True

# -- language and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# -- files ------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR / "static"))
# Uploaded rosters and photos: private, never served by the web server
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(VAR / "private"))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(PRIVATE_ROOT),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = LOCAL
FILE_UPLOAD_PERMISSIONS = 0o600
# two fields a person on the list of an activity, three on that of a meeting: Django's 1 000 are too few for an assembly
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.TemporaryUpload",
]

# -- reading rosters: limits, each named in the refusal it causes ------------------------------------------------

ROSTER_MAX_BYTES = env.int("ROSTER_MAX_BYTES", default=40 * 1024 * 1024)
ROSTER_MAX_UNPACKED = env.int("ROSTER_MAX_UNPACKED", default=600 * 1024 * 1024)
ROSTER_MAX_ROWS = env.int("ROSTER_MAX_ROWS", default=100_000)
ROSTER_MAX_COLUMNS = env.int("ROSTER_MAX_COLUMNS", default=300)
ROSTER_MAX_SECONDS = env.int("ROSTER_MAX_SECONDS", default=60)
ROSTER_KEEP_DAYS = env.int("ROSTER_KEEP_DAYS", default=90)
# who opened whose record: at least 180 days (domain.md F2), kept so long by manage.py delete_old_viewings
VIEWINGS_KEEP_DAYS = env.int("VIEWINGS_KEEP_DAYS", default=365)
# answers to personal questions on signing up, after the activity
ANSWERS_KEEP_DAYS = env.int("ANSWERS_KEEP_DAYS", default=30)
# which codes were read at check-in, and when; who was there stays
SCANS_KEEP_DAYS = env.int("SCANS_KEEP_DAYS", default=180)
# what is read, imported or undone while its request waits; larger work is the worker's
ROSTER_AT_ONCE_BYTES = env.int("ROSTER_AT_ONCE_BYTES", default=1024 * 1024)
ROSTER_AT_ONCE_ROWS = env.int("ROSTER_AT_ONCE_ROWS", default=5_000)

# -- photos and identity numbers ---------------------------------------------------------------------------------

PHOTO_MAX_BYTES = env.int("PHOTO_MAX_BYTES", default=10 * 1024 * 1024)
PHOTO_MAX_PIXELS = env.int("PHOTO_MAX_PIXELS", default=25_000_000)
# each file that is put to an activity
ACTIVITY_FILE_MAX_BYTES = env.int("ACTIVITY_FILE_MAX_BYTES", default=20 * 1024 * 1024)
# how many identity numbers one person may have shown in full within an hour
REVEALS_AN_HOUR = env.int("REVEALS_AN_HOUR", default=20)

# -- papers -----------------------------------------------------------------------------------------------------

PAPER_MAX_BYTES = env.int("PAPER_MAX_BYTES", default=5 * 1024 * 1024)
PAPER_MAX_SECONDS = env.int("PAPER_MAX_SECONDS", default=30)
PAPER_MAX_MEMORY = env.int("PAPER_MAX_MEMORY", default=2 * 1024 * 1024 * 1024)
# a folder with fonts (仿宋, 小标宋 …) that PDF papers may use beside the one that comes with the software
PAPER_FONTS = env.str("PAPER_FONTS", default="")

# Stock import-export is open to every staff user unless these are set
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# -- security ---------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # two-factor set-up shows its QR code as a data: picture
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not LOCAL
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=not LOCAL)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- mail and log -----------------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="consolemail://"))
# a mail server that does not answer must not hold up whoever waits for it
EMAIL_TIMEOUT = env.int("EMAIL_SECONDS", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="registry@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "config.logs.HideTokens"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["tokens"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
