"""Test 9: whether an address is a customer's cannot be told: equal answers, equal bytes, equal work."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.models import Tally
from customers.models import Customer
from rewards import jobs

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def asked(email: str) -> tuple[Any, ...]:
    """All that somebody sees who asks for a link and tries a code, and how often the database was asked."""
    cache.clear()
    browser = Client()
    with CaptureQueriesContext(connection) as first:
        answer = browser.post("/my/sign-in/", {"email": email})
    asking = [query["sql"].split(" ")[0] for query in first]
    page = browser.get(answer["Location"])
    with CaptureQueriesContext(connection) as second:
        wrong = browser.post("/my/code/", {"code": "000000"})
    return (
        answer.status_code,
        answer["Location"],
        sorted(answer.headers),
        len(browser.cookies["portal-ask"].value),
        _TOKEN.sub("", page.content.decode()).replace(email, "…"),
        _TOKEN.sub("", wrong.content.decode()).replace(email, "…"),
        wrong.status_code,
        asking,
        [query["sql"].split(" ")[0] for query in second],
    )


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(asha: Customer) -> None:
    unknown = asha.email.replace("asha", "bsha")
    assert asked(asha.email) == asked(unknown)


def test_the_answer_is_the_same_when_the_mail_has_gone(asha: Customer) -> None:
    unknown = asha.email.replace("asha", "bsha")
    browsers = []
    for email in (asha.email, unknown):
        browser = Client()
        browser.post("/my/sign-in/", {"email": email})
        browsers.append((browser, email))
    jobs.send_portal_links()
    seen = []
    for browser, email in browsers:
        with CaptureQueriesContext(connection) as queries:
            answer = browser.post("/my/code/", {"code": "000000"})
        seen.append((answer.status_code, _TOKEN.sub("", answer.content.decode()).replace(email, "…"), len(queries)))
    assert seen[0] == seen[1]


def test_an_unknown_address_is_slowed_down_as_a_known_one(asha: Customer) -> None:
    for email in (asha.email, "nobody@example.org"):
        statuses = [Client().post("/my/sign-in/", {"email": email}).status_code for _ in range(6)]
        cache.clear()
        Tally.objects.all().delete()
        assert statuses == [302] * 5 + [429]


def test_addresses_cannot_be_tried_in_a_row(asha: Customer) -> None:
    statuses = [Client().post("/my/sign-in/", {"email": f"a{number}@example.org"}).status_code for number in range(12)]
    assert statuses == [302] * 10 + [429] * 2
