"""What only production has: names and flags of cookies, https, and no demo."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.architecture.test_habits import PRODUCTION

_ASK = """
import json, django
from django.conf import settings
django.setup()
from django.test import Client
secure = {"secure": True, "headers": {"host": "lendwell.example.org"}}
browser = Client()
page = browser.get("/admin/login/", **secure)
plain = browser.get("/admin/login/", headers={"host": "lendwell.example.org"})
from datetime import UTC, datetime
from config.demo import filling
try:
    filling.fill(at=datetime.now(UTC), progress=print)
except filling.DemoRefused as refusal:
    refused = refusal.code
print(json.dumps({
    "filling": refused,
    "cookies": {name: {key: cookie[key] for key in ("secure", "httponly", "samesite", "domain", "path")} for name, cookie in page.cookies.items()},
    "status": page.status_code, "hsts": page.get("Strict-Transport-Security", ""), "plain": [plain.status_code, plain.get("Location")],
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.KNOWN_BROWSER_COOKIE],
    "flags": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY],
    "second factor": settings.STAFF_SECOND_FACTOR, "demo": settings.DEMO, "debug": settings.DEBUG,
    "hashers": settings.PASSWORD_HASHERS[0],
}))
"""


def run(*command: str, tmp_path: Any, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program under the settings of production; no database is there, and none is asked for."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    given = {**inherited, **PRODUCTION, "VAR_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False)


@cache
def answers(folder: str) -> dict[str, Any]:
    # Files are not collected where this runs, so that pages are made with their plain names.
    plain_files = "from config.settings import prod; prod.STORAGES['staticfiles']['BACKEND'] = 'django.contrib.staticfiles.storage.StaticFilesStorage'\n"
    done = run("-c", plain_files + _ASK, tmp_path=folder, DEMO="1", STAFF_SECOND_FACTOR="0")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return answers(str(tmp_path_factory.getbasetemp()))


def test_cookies_belong_to_this_host_alone_and_travel_by_https_only(production: dict[str, Any]) -> None:
    assert all(name.startswith("__Host-") for name in production["names"])
    assert production["flags"] == [True] * 4
    assert production["cookies"] == {
        "__Host-csrf": {"secure": True, "httponly": True, "samesite": "Lax", "domain": "", "path": "/"}
    }  # fmt: skip


def test_plain_http_leads_to_https_and_stays_there(production: dict[str, Any]) -> None:
    assert production["status"] == 200
    assert production["plain"] == [301, "https://lendwell.example.org/admin/login/"]
    assert production["hsts"] == "max-age=31536000; includeSubDomains; preload"


def test_staff_need_a_second_factor_and_there_is_no_demo(production: dict[str, Any]) -> None:
    assert (production["second factor"], production["demo"], production["debug"]) == (True, False, False)
    assert production["hashers"].endswith("PBKDF2PasswordHasher")


def test_the_demo_is_refused_whatever_the_environment_says(production: dict[str, Any]) -> None:
    """It was asked for with DEMO=1; without the demo world the command gives nobody a log-in either."""
    assert production["filling"] == "demo_off"
