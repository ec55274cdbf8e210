"""Settings shared by every way of running Lendwell.

Every environment name is read once, here or in `prod.py`, with its type. Numbers that belong to the business
(windows, holds, thresholds) are columns of a campaign or a pool, not settings.
"""

from pathlib import Path

import environ

from .languages import *
from .security import *
from .signing_in import *

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
from .channel import *  # noqa: E402 (reads what `.env` says)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SEAL_KEY = env.str("SEAL_KEY", default="")
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "analytics",
    "rewards",
    "referrals",
    "notices",
    "campaigns",
    "equipment",
    "customers",
    "audit",
    "desk",
    "desk.admin_config.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_q",
    "django_filters",
    "django_tables2",
    "crispy_forms",
    "anymail",
    "csp",
]

MIDDLEWARE = [
    "config.middleware.NoBodyForHeadMiddleware",
    "config.middleware.PageHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "audit.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.languages.LanguageMiddleware",
    "config.middleware.BodySizeMiddleware",
    "config.short_way.ShortWayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.SessionLimitsMiddleware",
    "config.middleware.StaffClockMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "config.branding.brand",
                "config.languages.language",
                "config.signing_in.shell.desk_shell",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------------------
# SQLite: IMMEDIATE and WAL go together (WAL alone makes "database is locked" worse); the busy handler is unfair, hence
# 20 seconds; recursive triggers stop INSERT OR REPLACE from walking round a DELETE trigger.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
        "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000;"
    ),
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'lendwell.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
elif env.bool("DATABASE_PREPARED", default=True):
    # Only cursors of desk.planned make use of it; they keep what they prepare from the first time on.
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- background work ------------------------------------------------------------------------------------------------
# The queue only wakes; the state of the rows is the memory. Rule: retry > timeout * (1 + ceil((queue_limit + 1) / workers)).
Q_CLUSTER = {
    "name": "lendwell",
    "orm": "default",
    "workers": 2,
    "queue_limit": 2,
    "bulk": 1,
    "timeout": 60,
    "retry": 240,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "poll": 0.2,
    "save_limit": -1,
    "recycle": 500,
    "guard_cycle": 0.5,
    "label": "Background work",
}
# The watchdog outside the cluster starts it again when no job was run for the first time, or due work waits longer than the
# second. Longer than a job may take: two long jobs keep both workers from showing that they live.
WATCHDOG_STALL_SECONDS = env.int("WATCHDOG_STALL_SECONDS", default=90)
WATCHDOG_PENDING_SECONDS = env.int("WATCHDOG_PENDING_SECONDS", default=300)

# --- mail -----------------------------------------------------------------------------------------------------------
# What `channel` says, and where the file backend of the demo lays mails and texts down.
EMAIL_FILE_PATH = str(VAR_DIR / "mailbox")

# --- cache ----------------------------------------------------------------------------------------------------------
# Counts tries per address (desk/rate_limits.py). In each process; Django's own 300 entries would forget them too soon.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}

# How long the page of an invitation is kept between two renderings; nought renders it every time.
LANDING_KEPT_SECONDS = 5
# For a peak: visits become lines of files in VAR_DIR/spool, and rows within a minute, by background work on the same machine.
LANDING_SPOOL = env.bool("LANDING_SPOOL", default=False)

# --- time -----------------------------------------------------------------------------------------------------------
TIME_ZONE = "UTC"
# The clock of colleagues who chose none on the page of their account.
STAFF_TIME_ZONE = env.str("STAFF_TIME_ZONE", default="UTC")
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- uploads --------------------------------------------------------------------------------------------------------
# Photos of the condition of units; below no address of any web server (see equipment/photos.py).
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_NUMBER_FILES = 8

TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])

CRISPY_TEMPLATE_PACK = "lendwell"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("lendwell",)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django-q": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
