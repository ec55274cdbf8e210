"""For the test suite: SQLite in a temporary file by default, PostgreSQL when DATABASE_URL names one.

Never touches the `var/` of whoever runs it. Each process of a parallel run has a folder of its own below one temporary folder.
"""

import atexit
import os
import shutil
import tempfile

if "LENDWELL_TEST_DIR" not in os.environ:
    os.environ["LENDWELL_TEST_DIR"] = tempfile.mkdtemp(prefix="lendwell-test-")
    atexit.register(shutil.rmtree, os.environ["LENDWELL_TEST_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.path.join(os.environ["LENDWELL_TEST_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))  # noqa: PTH118

from .base import *
from .base import VAR_DIR

SECRET_KEY = "for-tests-only-" + "x" * 40
SEAL_KEY = "for-tests-only-seal-" + "y" * 40
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SITE_URL = "http://testserver"
# Many tests move the clock by days with somebody logged in; those of the log-in take the real limit.
SESSION_ABSOLUTE_AGE = 365 * 86_400
# A test that changes a row sees it on the page at once; those of the kept page keep it.
LANDING_KEPT_SECONDS = 0
STATIC_ROOT = VAR_DIR / "staticfiles"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # Threads need a file; a test that is killed loses nothing worth keeping, so no fsync.
    DATABASES["default"]["NAME"] = str(VAR_DIR / "live.sqlite3")  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(  # noqa: F405
        "synchronous=FULL", "synchronous=OFF"
    )
else:
    # Nor need a test wait for the disk of PostgreSQL: what is committed is there for everybody, though not yet written.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
