"""A site that holds nothing but the app of the peer, pinax-referrals, for `bench landing --served` to compare with.

Its settings are its own: the middleware its documentation asks for, and the database that `DATABASE` in the environment names as JSON,
with one code, `CODE`.
Only imported in processes of its own, where the app is installed.
"""

import json
import os

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

if not settings.configured:
    settings.configure(
        SECRET_KEY="of-a-site-that-is-only-measured",
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {**json.loads(os.environ["DATABASE"]), "CONN_MAX_AGE": 60}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ROOT_URLCONF="pinax.referrals.urls",
        SITE_ID=1,
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.messages",
            "pinax.referrals",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "pinax.referrals.middleware.SessionJumpingMiddleware",
        ],
    )

application = get_wsgi_application()


def prepare() -> int:
    """Make its tables and the one code that is asked for. Answers how many queries a new visitor of it costs."""
    call_command("migrate", verbosity=0, interactive=False)
    import_string("pinax.referrals.models.Referral").objects.create(code=os.environ["CODE"], redirect_to="/")
    with CaptureQueriesContext(connection) as captured:
        Client().get(f"/{os.environ['CODE']}")
    return len(captured)


if __name__ == "__main__":
    print(prepare())  # noqa: T201
