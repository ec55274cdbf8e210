"""Nobody at the desk reads the trail's own keys of who acted: every page calls people as people do."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db.models import CharField
from django.http import HttpResponse
from django.test import Client

from audit.actors import Actor, customer
from audit.models import Entry
from config.constraints import own_models
from customers import consenting
from customers.models import Customer
from rewards import appealing
from rewards.models import Appeal
from tests.admin import world
from tests.make import AT
from tests.security.walking import addresses

KEY = re.compile(r"\b(?:staff|customer|system):\w[\w.@+-]*")
ALLOWED: dict[str, str] = {}
"""Pages where the key itself is the point, by name, each with the reason. There is none: files have the keys."""
MINA = Actor("staff:mina", trusted=True)


@pytest.fixture
def acted(clock: object) -> None:
    """Mina, and a customer, have done everything that anybody is named for."""
    world.fill()
    User.objects.create(username="mina", first_name="Mina", last_name="Roth")
    asha = Customer.objects.order_by("pk")[0]
    given = {"channel": "email", "purpose": "marketing", "is_given": True, "how": "form", "at": AT}
    consenting.record_consent(customer=asha, **given, by=customer(asha.reference))
    appealing.answer(appeal=Appeal.objects.order_by("pk")[0], overturn=False, note="It stays.", at=AT, by=MINA)
    for model in own_models():
        for field in actor_fields(model):
            model._default_manager.update(**{field: MINA.name})


def actor_fields(model: type) -> list[str]:
    """Fields that keep the key of an actor; the trail's own are written once."""
    fields = [] if model is Entry else model._meta.concrete_fields  # type: ignore[attr-defined]
    return [field.name for field in fields if isinstance(field, CharField) and (field.name == "by" or field.name.endswith("_by"))]


def visible(answer: HttpResponse) -> str:
    """What somebody reads: the words between the marks, without scripts."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", answer.content.decode())
    return unescape(re.sub(r"<[^>]+>", " ", page))


def pages(client: Client) -> dict[str, str]:
    """The words on every page of the desk, by its name."""
    answers = {address.name: client.get(address.url) for address in addresses()}
    return {
        name: visible(answer)  # type: ignore[arg-type]
        for name, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming and "html" in answer["Content-Type"]
    }


def test_no_page_of_the_desk_shows_the_key_of_who_acted(administrator: Client, acted: None) -> None:
    found = pages(administrator)
    shown = {name: set(KEY.findall(text)) for name, text in found.items() if name not in ALLOWED and KEY.search(text)}
    assert shown == {}
    told = {name for name, text in found.items() if "Mina Roth" in text}
    assert {f"{model._meta.label} change" for model in own_models() if actor_fields(model)} <= told
    assert {"rewards.Approval changelist", "referrals.Mailing changelist", "audit.Entry changelist", "screen audit_search"} <= told
