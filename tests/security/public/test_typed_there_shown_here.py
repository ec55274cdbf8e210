"""Tests 13 and 16: what a stranger types in public is read by others: in files of the desk, on its pages, in the portal."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from audit.actors import SYSTEM
from referrals.models import Code, Referral, Story
from referrals.voices import stories
from tests.admin.test_lists import lists
from tests.make import AT
from tests.portal.walking import inside
from tests.security.public.test_every_page import EVIL, Became
from tests.security.test_csv_export import NASTY, formulas

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_a_formula_typed_at_a_sign_up_is_text_in_the_export_of_every_list(send: Callable[..., Any], administrator: Client) -> None:
    for number, text in enumerate(NASTY):
        assert send(name=f"{text}HYPERLINK(1)", email=f"friend{number}@example.net").status_code == 302, text
    assert Referral.objects.count() == len(NASTY)
    for name, _, url in lists():
        assert formulas(administrator, url) == [], name


def test_a_script_in_a_story_is_words_wherever_the_story_is_shown(code: Code, administrator: Client) -> None:
    teller = code.customer
    assert inside(teller).post("/my/story/", {"offer": code.reference, "text": EVIL * 2, "consents": "on"}).status_code == 302
    story = Story.objects.get()
    desk = (
        f"/admin/referrals/story/{story.pk}/change/",
        "/admin/referrals/story/",
        f"/admin/customers/customer/{teller.pk}/change/",
    )
    shown = [(administrator, path) for path in desk] + [(inside(teller), "/my/story/")]
    stories.publish_story(story=story, at=AT, by=SYSTEM)
    shown += [(Client(), f"/r/{code.code}/"), (inside(teller), "/my/story/")]
    seen = 0
    for client, path in shown:
        text = client.get(path).content.decode()
        assert Became(text).found == [], path
        seen += "alert(1)" in text
    assert seen >= 4
