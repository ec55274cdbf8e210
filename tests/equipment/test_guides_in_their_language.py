"""How a thing is set up and brought back is read in the language of its borrower, where staff have written it in that language."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit.models import Entry
from config.demo import shelves
from desk.speaking import in_paragraphs
from equipment.models import EquipmentModel, Loan
from notices.models import Notice
from rewards import jobs
from tests.admin.conftest import administrator, clock, desk, signed_in_as
from tests.make import AT, make_campaign, make_customer, make_model, make_pool
from tests.portal.walking import inside
from tests.security.forms import posted_forms
from tests.stories import give, hand_over, issue_to, sign_up, verify

__all__ = ["administrator", "clock", "desk", "signed_in_as"]
pytestmark = pytest.mark.django_db
GUIDE, BACK = "Charge it first.\n\nThen <press>.", "Put it into its bag."
GERMAN = {"de": {"Charge it first. Then <press>.": "Erst laden.\n\nDann <drücken>.", BACK: "Leg es in die Tasche."}}


def borrowed(language: str, translations: Mapping[str, Any]) -> Loan:
    """Somebody who speaks this language has borrowed what has a guide."""
    model = make_model("Aero 7", setup_guide=GUIDE, return_protocol=BACK, translations=translations)
    campaign = make_campaign(pool=make_pool(units=2, model=model))
    referral = verify(sign_up(issue_to(make_customer("Asha Rao", language=language), campaign)))
    give(referral)
    loan = Loan.objects.get(borrower=referral.referrer)
    return hand_over(loan, loan.pool.units.all()[0])


def page(loan: Loan) -> str:
    return inside(loan.borrower).get(f"/my/loans/{loan.reference}/").content.decode()


def test_a_german_reads_it_in_german_on_the_page_and_in_every_mail() -> None:
    loan = borrowed("de", GERMAN)
    assert "<p>Erst laden.</p>\n\n<p>Dann &lt;drücken&gt;.</p>" in page(loan)
    assert "Leg es in die Tasche." in page(loan) and "bag" not in page(loan)
    unlocked = Notice.objects.get(kind="reward_unlocked", customer=loan.borrower).body_text
    assert "Erst laden." in unlocked and "Leg es in die Tasche." in unlocked and "Charge" not in unlocked
    jobs.queue_loan_notices(AT)
    receipt = Notice.objects.get(kind="loan_checked_out", customer=loan.borrower).body_text
    assert "Leg es in die Tasche." in receipt and BACK not in receipt


def test_a_thing_has_its_name_in_the_language_of_whoever_reads() -> None:
    loan = borrowed("de", {"de": {"Aero 7": "Kamera Aero 7"}})
    assert "Kamera Aero 7" in page(loan)
    assert "Kamera Aero 7" in inside(loan.borrower).get("/my/rewards/").content.decode()
    code = loan.promise.referral.code
    landing = {language: Client().get(f"/r/{code.code}/?lang={language}").content.decode() for language in ("de", "en")}
    assert "Kamera Aero 7" in landing["de"]
    assert "Aero 7" in landing["en"] and "Kamera" not in landing["en"]
    jobs.queue_loan_notices(AT)
    told = Notice.objects.filter(customer=loan.borrower, kind__in=("reward_unlocked", "loan_checked_out"))
    assert {"Kamera Aero 7" in one.body_text for one in told} == {True}
    friend = Notice.objects.get(kind="code_issued", customer=loan.promise.referral.referee)
    assert "Aero 7" in friend.body_text and "Kamera" not in friend.body_text, "the friend reads English"


def test_everybody_else_reads_the_original() -> None:
    loan = borrowed("en", GERMAN)
    assert "<p>Charge it first.</p>\n\n<p>Then &lt;press&gt;.</p>" in page(loan) and BACK in page(loan)
    assert "Charge it first." in Notice.objects.get(kind="reward_unlocked", customer=loan.borrower).body_text


def test_what_has_no_translation_is_said_as_it_is_and_marked_as_english_on_the_page() -> None:
    loan = borrowed("de", {"de": {BACK: "Leg es in die Tasche."}})
    assert '<div lang="en"><p>Charge it first.</p>\n\n<p>Then &lt;press&gt;.</p></div>' in page(loan)
    assert "Leg es in die Tasche." in page(loan)
    assert "Charge it first." in Notice.objects.get(kind="reward_unlocked", customer=loan.borrower).body_text


def test_the_paper_says_it_in_the_language_of_whoever_prints_it() -> None:
    model = borrowed("de", GERMAN).pool.model
    with translation.override("de"):
        assert in_paragraphs(model.way_back()) == "<p>Leg es in die Tasche.</p>"
    with translation.override("en"):
        assert in_paragraphs(model.way_back()) == "<p>Put it into its bag.</p>"


def saved(client: Client, model: EquipmentModel, **changes: str) -> Any:
    """The page of a model is filled in anew and sent."""
    url = reverse("admin:equipment_equipmentmodel_change", args=[model.pk])
    form = next(one for one in posted_forms(client.get(url).content.decode()) if "setup_guide" in one.filled())
    return client.post(url, {**form.filled(), **changes})


def test_staff_write_it_beside_the_original_and_the_trail_says_so(administrator: Client) -> None:
    model = make_model("Aero 7", setup_guide=GUIDE, return_protocol=BACK)
    assert (
        saved(administrator, model, setup_guide_de=" Erst laden.\r\n\r\nDann <drücken>. ", return_protocol_de="").status_code == 302
    )
    model.refresh_from_db()
    assert model.translations == {"de": {"Charge it first. Then <press>.": "Erst laden.\n\nDann <drücken>."}}
    assert Entry.objects.get(event="row.edited").sentence == "Edited: setup_guide_de."
    assert saved(administrator, model).status_code == 302
    model.refresh_from_db()
    assert model.translations == {"de": {"Charge it first. Then <press>.": "Erst laden.\n\nDann <drücken>."}}
    assert Entry.objects.filter(event="row.edited").count() == 1


def test_a_translation_is_not_shown_with_another_original_and_is_back_when_the_original_is(administrator: Client) -> None:
    model = make_model("Aero 7", setup_guide=GUIDE, translations=GERMAN)
    saved(administrator, model, setup_guide="Charge it.")
    model.refresh_from_db()
    with translation.override("de"):
        assert (model.guide(), model.guide().language) == ("Charge it.", "en")
        saved(administrator, model, setup_guide=GUIDE)
        model.refresh_from_db()
        assert model.guide() == "Erst laden.\n\nDann <drücken>."


def test_original_and_translation_are_changed_together_and_emptied(administrator: Client) -> None:
    model = make_model("Aero 7", summary="Small.", translations={"de": {"Small.": "Klein."}})
    saved(administrator, model, summary="Tiny.", summary_de="Winzig.")
    model.refresh_from_db()
    assert model.translations == {"de": {"Small.": "Klein.", "Tiny.": "Winzig."}}
    saved(administrator, model, summary_de="")
    model.refresh_from_db()
    assert model.translations == {"de": {"Small.": "Klein."}}


def test_too_long_a_translation_is_said_beside_it_and_stays_typed(administrator: Client) -> None:
    model = make_model("Aero 7", summary="Small.")
    answer = saved(administrator, model, summary_de="x" * 201)
    assert answer.status_code in (200, 422)
    assert "at most 200 characters" in answer.content.decode() and "x" * 201 in answer.content.decode()
    model.refresh_from_db()
    assert model.translations == {}


def test_whoever_may_only_read_a_model_reads_its_originals(desk: Client) -> None:
    model = make_model("Aero 7", setup_guide=GUIDE, translations=GERMAN)
    answer = desk.get(reverse("admin:equipment_equipmentmodel_change", args=[model.pk]))
    assert answer.status_code == 200
    assert "Charge it first." in answer.content.decode() and "setup_guide_de" not in answer.content.decode()


def test_all_that_the_demo_company_lends_is_explained_in_german() -> None:
    shelves.fill(at=AT)
    for model in EquipmentModel.objects.all():
        with translation.override("de"):
            assert {model.guide().language, model.way_back().language, model.description().language} == {""}, model
            assert model.guide() != model.setup_guide
