"""Production: refuses to start without its keys, hosts, database and mail."""

from .base import *
from .base import env

SECRET_KEY = env.str("SECRET_KEY")
SEAL_KEY = env.str("SEAL_KEY")
DEMO = False
STAFF_SECOND_FACTOR = True
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES["default"].update(env.db("DATABASE_URL"))  # noqa: F405
if not EMAIL_PROVIDER:  # noqa: F405
    vars().update(env.email_url("EMAIL_URL"))
SITE_URL = env.str("SITE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
COOKIE_PREFIX = "__Host-"
KNOWN_BROWSER_COOKIE = "__Host-known-browser"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
