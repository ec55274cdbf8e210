"""One machine, nothing but Python: SQLite in `var/`, a key made on first start, pages for developers on error."""

import secrets

from .base import *
from .base import VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def _kept_secret(name: str) -> str:
    """A random key kept in `var/`, so that links and log-ins survive a restart. Production takes it from the environment."""
    path = VAR_DIR / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret-key")
SEAL_KEY = env.str("SEAL_KEY", default="") or _kept_secret("seal-key")

# To see what production asks of staff; the demo's one password has to open everything.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=False) and not DEMO  # noqa: F405

# Files are served from where they lie; nobody has to collect them first.
STATIC_ROOT = VAR_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
