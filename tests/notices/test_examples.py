"""A text is looked at with examples before it is sent: every fact has one, in the language of the text, in the campaign's own words."""

import pytest
from django.conf import settings
from django.utils import translation

from campaigns.models import Campaign
from notices.examples import facts_of
from notices.kinds import KINDS
from notices.models import Template
from notices.previewing import preview
from notices.wording import in_words
from tests.english import english_in
from tests.make import AT
from tests.occasions import giving_campaign, lending_campaign

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
ALIKE = frozenset({"referrer_name", "friend_name", "place", "code", "sign_in_code", "minutes", "hours"})
"""Names of people and places, codes and numbers: what reads alike in every language."""
HEADLINE, TITLE = "Invite friends, borrow a camera", "A set of lenses"
IN_GERMAN = {HEADLINE: "Freunde einladen, Kamera leihen", TITLE: "Ein Satz Objektive"}


def example(kind: str, name: str, language: str, campaign: Campaign) -> str:
    return in_words(facts_of(KINDS[kind], campaign, at=AT, site_url="http://testserver")[name], language)


def campaign_in_english(**changes: str) -> Campaign:
    """A campaign written in English with all of its texts in German too, as its thing has them."""
    campaign = lending_campaign(language="en", headline=HEADLINE, translations={"de": IN_GERMAN}, **changes)
    campaign.equipment_model.name = "Aero 7 mirrorless camera"
    campaign.equipment_model.setup_guide = "Charge the camera."
    campaign.equipment_model.translations = {
        "de": {
            "Aero 7 mirrorless camera": "Spiegellose Kamera Aero 7",
            "Charge the camera.": "Lade die Kamera.",
            "In die Tasche legen.": "In die Tasche.",
        }
    }
    return campaign


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_every_kind_has_an_example_that_says_something(kind: str, language: str) -> None:
    campaign = campaign_in_english()
    for name in KINDS[kind].variables:
        said = example(kind, name, language, campaign)
        assert said and said.casefold() != "example", name


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_that_came_with_the_program_is_shown_with_the_word_example_in_it(language: str, channel: str) -> None:
    campaign = campaign_in_english()
    texts = Template.objects.filter(language=language, channel=channel, campaign=None, state="published")
    seen = {text.kind: preview(text, campaign, to=None, at=AT) for text in texts}
    assert len(seen) == (len(KINDS) if channel == "email" else sum(kind.is_urgent for kind in KINDS.values()))
    for kind, shown in seen.items():
        assert not shown.refusal, kind
        assert "example" not in f"{shown.subject}\n{shown.text}".replace("/example/", "").split(), kind


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_said_in_the_language_of_the_text(kind: str) -> None:
    campaign = campaign_in_english()
    texts = Template.objects.filter(kind=kind, language="de", campaign=None, state="published")
    shown = [preview(text, campaign, to=None, at=AT) for text in texts]
    for name in set(KINDS[kind].variables) - ALIKE:
        english, german = (example(kind, name, language, campaign) for language in ("en", "de"))
        if english.startswith("http"):
            assert english == german
            continue
        assert english != german, name
        assert all(english not in f"{seen.subject}\n{seen.text}" for seen in shown), name
    assert shown and all(english_in(f"{seen.subject}\n{seen.text}".replace("Alex Example", "")) == [] for seen in shown)


def test_examples_speak_of_the_campaign_in_its_own_words() -> None:
    campaign = campaign_in_english()
    campaign.tiers.all().delete()
    giving = giving_campaign(kind="product", amount="1.00", language="en", headline=HEADLINE, translations={"de": IN_GERMAN})
    giving.tiers.update(title=TITLE)
    assert example("invitation", "offer", "de", campaign) == IN_GERMAN[HEADLINE]
    assert example("invitation", "gift", "de", giving) == IN_GERMAN[TITLE]
    assert example("invitation", "gift", "en", giving) == TITLE
    assert example("invitation", "gift", "de", campaign) == "unser Dank"
    assert example("loan_due_soon", "item", "de", campaign) == "Spiegellose Kamera Aero 7"
    assert example("reward_given", "reward", "de", campaign) == "20,00 EUR Guthaben"
    assert example("reward_given", "reward", "en", campaign) == "20.00 EUR of credit"


def test_what_is_lent_is_given_with_for_how_long() -> None:
    assert example("invitation", "gift", "en", lending_campaign()) == "Aero 7, on loan for 14 days"


def test_a_loan_is_due_when_its_message_says_so() -> None:
    kinds = ("loan_checked_out", "loan_due_soon", "loan_due_today", "loan_overdue")
    assert [example(kind, "due", "en", lending_campaign()) for kind in kinds] == [
        "16 March 2026", "5 March 2026", "2 March 2026", "1 March 2026",
    ]  # fmt: skip


def test_looking_leaves_the_language_of_the_page_as_it_is() -> None:
    with translation.override("en"):
        example("loan_due_soon", "due", "de", lending_campaign())
        assert translation.get_language() == "en"
