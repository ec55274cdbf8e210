"""A campaign speaks the language of its reader: its texts are translated one by one, and what is not is marked with its language."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns import changing, criteria, recipes
from campaigns.admin.languages import LanguagesForm
from campaigns.models import Campaign
from campaigns.refusals import RecipeInvalid
from campaigns.states import Side
from desk.speaking import joined, phrase, said, shown, unwrapped
from tests.admin.conftest import As, At, clock, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer, make_model
from tests.stories import issue_to

__all__ = ["clock", "manager", "signed_in_as"]
GERMAN = {"de": {"Bring a friend": "Bring jemanden mit"}}


def in_german(text: str) -> str:
    with translation.override("de"):
        return shown(said(text, written_in="en", translations=GERMAN))


def test_a_text_is_said_as_it_was_translated_and_else_as_it_is_marked() -> None:
    assert in_german("Bring a friend") == "Bring jemanden mit"
    assert in_german("Bring  a\nfriend") == "Bring jemanden mit"
    assert in_german("Bring <two>") == '<span lang="en">Bring &lt;two&gt;</span>'
    assert in_german("") == ""
    with translation.override("en"):
        assert shown(said("Bring a friend", written_in="en", translations=GERMAN)) == "Bring a friend"


def test_a_sentence_of_ours_keeps_the_mark_of_the_part_that_is_not() -> None:
    with translation.override("de"):
        told = phrase("Freund: %(criterion)s", criterion=said("An adult.", written_in="en", translations={}))
        row = joined(" & ", [told, "Ende"])
    assert str(told) == "Freund: An adult."
    assert shown(row) == 'Freund: <span lang="en">An adult.</span> &amp; Ende'


@pytest.mark.django_db
class TestOfACampaign:
    """With one text translated and one not."""

    @pytest.fixture
    def campaign(self) -> Campaign:
        translations = {"de": {"Bring a friend, borrow a camera": "Bring jemanden mit, leih dir eine Kamera"}}
        return make_campaign(translations=translations, pitch="It is fun.")

    def test_the_page_says_what_is_translated_and_marks_the_rest(self, campaign: Campaign) -> None:
        code = issue_to(make_customer(), campaign)
        page = Client().get(f"{code.get_absolute_url()}?lang=de").content.decode()
        assert "<h1>Bring jemanden mit, leih dir eine Kamera</h1>" in page
        assert '<span lang="en">It is fun.</span>' in page
        assert '<div class="prose" lang="en">' in page
        assert 'content="Asha R. lädt dich ein: Bring jemanden mit, leih dir eine Kamera"' in page
        english = Client().get(f"{code.get_absolute_url()}?lang=en").content.decode()
        assert "<h1>Bring a friend, borrow a camera</h1>" in english and 'class="prose" lang' not in english

    def test_rules_are_read_in_the_readers_language(self, campaign: Campaign) -> None:
        campaign.rules.create(side=Side.REFEREE, field="age", operator="at_least", value=18, sentence="Aged 18 or over.")
        campaign.translations["de"]["Aged 18 or over."] = "Mindestens 18 Jahre alt."
        with translation.override("de"):
            assert "Dein Freund: Mindestens 18 Jahre alt." in " ".join(criteria.sentences(campaign, Side.REFERRER)).replace(
                "Wen du einlädst", "Dein Freund"
            )

    def test_a_recipe_keeps_languages_and_translations_and_the_trail_says_which_changed(self, campaign: Campaign) -> None:
        text = recipes.dump(campaign)
        assert "[translations.de]" in text
        assert recipes.write(recipes.parse(text)) == text
        recipe = recipes.recipe_of(campaign)
        more = replace(recipe, translations=(*recipe.translations, ("de", "It is fun.", "Es macht Freude.")))
        changing.change(campaign=campaign, to=lambda _: more, seen=None, at=AT, by=SYSTEM)
        campaign.refresh_from_db()
        assert campaign.translations["de"]["It is fun."] == "Es macht Freude."
        assert "translations.de" in Entry.objects.get(event="campaign.changed").data
        changing.change(campaign=campaign, to=lambda _: more, seen=None, at=AT, by=SYSTEM)
        assert Entry.objects.filter(event="campaign.changed").count() == 1

    def test_staff_write_translations_beside_the_originals(self, clock: At, manager: Client, campaign: Campaign) -> None:
        address = f"/admin/campaigns/{campaign.slug}/languages/"
        page = manager.get(address).content.decode()
        assert "2 of 3 texts have no translation yet." in page and "Bring jemanden mit, leih dir eine Kamera" in page
        form = LanguagesForm(recipe=recipes.recipe_of(campaign))
        typed = {name: form[name].initial or "" for name in form.fields}
        (pitch,) = [name for name, field in form.fields.items() if field.label == "It is fun."]
        (headline,) = [name for name, field in form.fields.items() if field.label == campaign.headline]
        sent = manager.post(address, {**typed, pitch: "Es macht Freude.", headline: ""})
        assert sent.status_code == 302
        campaign.refresh_from_db()
        assert campaign.translations == {"de": {"It is fun.": "Es macht Freude."}}

    def test_who_may_not_change_a_campaign_only_reads(self, clock: At, signed_in_as: As, campaign: Campaign) -> None:
        auditor = signed_in_as("Auditor")
        address = f"/admin/campaigns/{campaign.slug}/languages/"
        assert auditor.get(address).status_code == 200
        assert auditor.post(address, {}).status_code == 403


@pytest.mark.parametrize("table", ['[translations]\nde = "x"', '[translations.German]\na = "b"', "[translations.de]\na = 1"])
def test_a_recipe_with_nonsense_for_languages_is_refused_with_the_key(table: str) -> None:
    text = recipes.shipped()["dual_sided_loaner"].read_text(encoding="utf-8").split("[translations.de]", maxsplit=1)[0]
    with pytest.raises(RecipeInvalid, match="de|German"):
        recipes.parse(f"{text}\n{table}\n")


@pytest.mark.parametrize("name", recipes.shipped())
def test_every_shipped_recipe_is_complete_in_german(name: str) -> None:
    recipe = recipes.parse(recipes.shipped()[name].read_text(encoding="utf-8"))
    known = {" ".join(text.split()) for language, text, _ in recipe.translations if language == "de"}
    assert {" ".join(text.split()) for text in recipe.texts()} == known
    for part in (recipe.terms, recipe.loan_terms):
        assert part is not None
        ((language, german),) = part.translations
        assert language == "de"
        assert re.findall(r"^\d\.", german, re.MULTILINE) == re.findall(r"^\d\.", part.body, re.MULTILINE)
        numbers, in_german = (sorted(re.findall(r"\b\d{2,}\b", text)) for text in (part.body, german))
        assert numbers == in_german, "days, euros and rewards are the same in both"


@pytest.mark.django_db
def test_a_recipe_carries_what_its_terms_read_in_other_languages_and_takes_away_what_it_does_not() -> None:
    make_model(sku="aero-7-camera")
    recipe = recipes.parse(recipes.shipped()["dual_sided_loaner"].read_text(encoding="utf-8"))
    terms = recipes.load(recipe=recipe, at=AT, by=SYSTEM).campaign_terms
    assert recipe.terms is not None and terms is not None
    assert terms.current().reads_in("de").startswith("1. Wer mitmachen kann.")
    text = recipes.dump(Campaign.objects.get())
    assert "[terms.translations]" in text and recipes.write(recipes.parse(text)) == text
    translated = Entry.objects.filter(event="agreement.translated")
    assert translated.count() == 2
    recipes.load(recipe=recipes.parse(text), at=AT, by=SYSTEM)
    assert translated.count() == 2
    without = replace(recipe, terms=replace(recipe.terms, translations=()))
    terms = recipes.load(recipe=without, at=AT, by=SYSTEM).campaign_terms
    assert terms is not None and terms.current().reads_in("de") == "" and terms.versions.count() == 1


def test_line_ends_that_only_wrap_are_gone_and_lists_and_paragraphs_stay() -> None:
    wrapped = (
        "Friends must be new to us and live in Germany, France or another place in\nSpain.\n\nShort\nlines\n"
        + "x" * 70
        + "\n- a list"
    )
    assert unwrapped(wrapped) == (
        "Friends must be new to us and live in Germany, France or another place in Spain.\n\nShort\nlines\n"
        + "x" * 70
        + "\n- a list"
    )
