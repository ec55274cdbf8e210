"""Sites that have the German texts of before get ones that begin and end as the brand says; what staff wrote stays."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from campaigns.models import Brand
from notices.models import Template
from notices.states import TemplateState
from tests.make import AT

pytestmark = pytest.mark.django_db

BEFORE = (
    "Hallo {{ name }},\n\nHallo {{ item }}!\n\nViele Grüße\ndein Team von {{ brand_name }}\n\nAbbestellen: {{ unsubscribe_url }}"
)
AFTER = "{{ greeting }} {{ name }},\n\nHallo {{ item }}!\n\n{{ sign_off }}\n\nAbbestellen: {{ unsubscribe_url }}"


def migrate(name: str, function: str) -> None:
    getattr(import_module(name), function)(apps, SimpleNamespace(connection=connection))


def text(kind: str, body: str = BEFORE, version: int = 1, language: str = "de", state: str = TemplateState.PUBLISHED) -> Template:
    return Template.objects.create(
        kind=kind, language=language, subject=f"Betreff {kind}", body=body, version=version, state=state, published_at=AT
    )


def test_a_text_as_it_was_shipped_gets_a_second_version_and_one_that_staff_wrote_anew_does_not() -> None:
    text("shipped")
    text("rewritten")
    text("rewritten", body="Moin {{ name }}", version=2)
    text("in_another_language", language="fr")
    before = Template.objects.count()
    migrate("notices.migrations.0008_german_texts_begin_as_the_brand_says", "publish_second_versions")
    assert Template.objects.count() == before + 1
    second = Template.objects.get(kind="shipped", version=2)
    assert (second.subject, second.body, second.state) == ("Betreff shipped", AFTER, "published")
    assert second.published_at == AT
    assert Template.objects.get(kind="shipped", version=1).body == BEFORE


def test_done_twice_it_is_done_once() -> None:
    text("shipped")
    for _ in range(2):
        migrate("notices.migrations.0008_german_texts_begin_as_the_brand_says", "publish_second_versions")
    assert Template.objects.filter(kind="shipped").count() == 2


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        (("Hello", "Yours, the Lendwell team"), ("", "")),
        (("Dear", "Yours, the Lendwell team"), ("Dear", "")),
        (("Hello", "Warmly, Cam"), ("", "Warmly, Cam")),
    ],
)
def test_a_voice_that_nobody_wrote_is_left_to_the_words_of_each_language(stored: tuple[str, str], kept: tuple[str, str]) -> None:
    Brand.objects.create(pk=1, greeting=stored[0], sign_off=stored[1])
    migrate("campaigns.migrations.0008_brand_with_logo_and_voices", "leave_to_built_in_words")
    assert (Brand.current().greeting, Brand.current().sign_off) == kept
