"""Promo codes: chosen by the customer, kind to friends, and never lost once they are out."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM, Actor, customer
from audit.models import Entry
from campaigns.models import Brand, Campaign
from customers import erasing
from customers.models import Customer
from referrals import codes
from referrals.lookup import find_code
from referrals.models import Code, PromoCode
from referrals.refusals import ReferralRefused
from referrals.sharing import promo_words
from referrals.sharing.promo_codes import MOST, choose_promo_code, withdraw_promo_code
from tests.make import AT, make_customer
from tests.stories import issue_to


def refused(spelling: str, brand: str = "Borrowdale") -> str:
    """The code of the refusal."""
    with pytest.raises(ReferralRefused) as refusal:
        promo_words.check(promo_words.spelt(spelling), brand=brand)
    assert refusal.value.status == 422
    return refusal.value.code


@pytest.mark.parametrize("text", ["asha camera", " Asha_Camera ", "ASHA–CAMERA", "asha.camera", "Ａｓｈａ-camera"])
def test_however_it_is_typed_it_is_spelt_one_way(text: str) -> None:
    assert promo_words.spelt(text) == "ASHA-CAMERA"


@pytest.mark.parametrize("text", ["ASHA-CAMERA", "CLASS-OF-99", "ESSEX", "DICKENS", "GRASS", "4PAWS", "MUSSEL"])
def test_harmless_words_may_be_had(text: str) -> None:
    promo_words.check(promo_words.spelt(text), brand="Borrowdale")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ÄSCHA", "promo_code_letters"),
        ("АSНА-CAMERA", "promo_code_letters"),  # Cyrillic letters that look like Latin ones
        ("<B>ASHA</B>", "promo_code_letters"),
        ("", "promo_code_letters"),
        ("ASH", "promo_code_length"),
        ("A" * 21, "promo_code_length"),
        ("20260101", "promo_code_figures"),
        ("FUCK-YOU", "promo_code_rude"),
        ("F-U-C-K", "promo_code_rude"),
        ("5H1T-HAPPENS", "promo_code_rude"),
        ("BIG-ASS", "promo_code_rude"),
        ("BORROWDALE-TEAM", "promo_code_ours"),
        ("B0RR0WDALE", "promo_code_ours"),
        ("ASHA-SUPPORT", "promo_code_ours"),
    ],
)
def test_what_may_not_be_had_is_refused_in_words(text: str, why: str) -> None:
    assert refused(text) == why


@given(st.text(max_size=60))
def test_anything_typed_is_taken_or_refused_and_what_is_taken_is_found_by_its_spelling(text: str) -> None:
    spelling = promo_words.spelt(text)
    try:
        promo_words.check(spelling, brand="Borrowdale")
    except ReferralRefused as refusal:
        assert refusal.sentence
    else:
        assert promo_words.spelt(spelling) == spelling
        assert not codes.is_well_formed(codes.normalise(spelling))
        assert 4 <= len(spelling) <= 20


@given(st.text(alphabet=codes.ALPHABET, min_size=9, max_size=9))
def test_a_proper_code_is_never_a_promo_code(body: str) -> None:
    code = body + codes.check_character(body)
    with pytest.raises(ReferralRefused):
        promo_words.check(code, brand="Borrowdale")


@pytest.mark.django_db
def test_a_chosen_code_leads_to_the_invitation_however_it_is_typed(code: Code, herself: Actor) -> None:
    assert choose_promo_code(code=code, text="asha camera", at=AT, by=herself) == "ASHA-CAMERA"
    for typed in ("ASHA-CAMERA", "asha camera", "ASHACAMERA"):
        assert find_code(typed) == code
    entry = Entry.objects.get(event="code.promo_chosen")
    assert entry.sentence == "A promo code was chosen; promo codes that lead here now: 1."
    assert "ASHA" not in entry.data


@pytest.mark.django_db
def test_promo_codes_of_before_keep_working_and_may_be_taken_up_again(code: Code, herself: Actor) -> None:
    for text in ("ASHA-CAMERA", "ASHAS-TENT", "ASHA-CAMERA"):
        choose_promo_code(code=code, text=text, at=AT, by=herself)
    code.refresh_from_db()
    assert code.promo_code == "ASHA-CAMERA"
    assert find_code("ashas tent") == find_code("asha camera") == code
    assert PromoCode.objects.count() == 2


@pytest.mark.django_db
def test_the_same_again_changes_nothing(code: Code, herself: Actor) -> None:
    for _ in range(2):
        choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=herself)
    assert Entry.objects.filter(event="code.promo_chosen").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["ASHA-CAMERA", "ASHACAMERA", "ASHA-CAM-ERA"])
def test_one_that_reads_like_anothers_is_taken_even_an_old_one(code: Code, herself: Actor, campaign: Campaign, text: str) -> None:
    choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=herself)
    choose_promo_code(code=code, text="ASHAS-TENT", at=AT, by=herself)
    other = make_customer("Chloe Dubois")
    with pytest.raises(ReferralRefused) as refusal:
        choose_promo_code(code=issue_to(other, campaign), text=text, at=AT, by=customer(other.reference))
    assert refusal.value.code == "promo_code_taken"
    assert find_code("asha camera") == code


@pytest.mark.django_db
def test_a_promo_code_one_slip_away_from_somebodys_code_is_refused(code: Code, herself: Actor) -> None:
    Code.objects.filter(pk=code.pk).update(code="ASHAC" + code.code[5:9] + codes.check_character("ASHAC" + code.code[5:9]))
    code.refresh_from_db()
    slip = code.code[:4] + ("Y" if code.code[4] != "Y" else "Z") + code.code[5:]
    with pytest.raises(ReferralRefused) as refusal:
        choose_promo_code(code=code, text=slip, at=AT, by=herself)
    assert refusal.value.code == "promo_code_like_a_code"


@pytest.mark.django_db
def test_nobody_takes_all_good_words(code: Code, herself: Actor) -> None:
    for number in range(MOST):
        choose_promo_code(code=code, text=f"ASHA-{number}", at=AT, by=herself)
    with pytest.raises(ReferralRefused) as refusal:
        choose_promo_code(code=code, text="ASHA-MORE", at=AT, by=herself)
    assert refusal.value.code == "promo_codes_too_many"


@pytest.mark.django_db
def test_a_word_that_slipped_through_is_taken_away_and_the_link_still_works(code: Code, herself: Actor) -> None:
    for text in ("ASHA-CAMERA", "ASHAS-TENT"):
        choose_promo_code(code=code, text=text, at=AT, by=herself)
    with pytest.raises(PermissionDenied):
        withdraw_promo_code(code=code, text="ASHAS-TENT", reason="No.", at=AT, by=herself)
    withdraw_promo_code(code=code, text="ASHAS-TENT", reason="A complaint.", at=AT, by=SYSTEM)
    code.refresh_from_db()
    assert (code.promo_code, find_code("ashas tent"), find_code("asha camera"), find_code(code.code)) == (None, None, code, code)
    with pytest.raises(ReferralRefused) as refusal:
        withdraw_promo_code(code=code, text="ASHAS-TENT", reason="Again.", at=AT, by=SYSTEM)
    assert refusal.value.code == "promo_code_unknown"


@pytest.mark.django_db
def test_nobody_chooses_for_somebody_else(code: Code) -> None:
    with pytest.raises(PermissionDenied):
        choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=customer(make_customer("Eve Lund").reference))
    choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=SYSTEM)


@pytest.mark.django_db
def test_the_brand_is_asked_for_its_name(code: Code, herself: Actor) -> None:
    Brand.objects.create(pk=1, name="North & Co")
    with pytest.raises(ReferralRefused) as refusal:
        choose_promo_code(code=code, text="north-co-gift", at=AT, by=herself)
    assert refusal.value.code == "promo_code_ours"


@pytest.mark.django_db
def test_the_database_refuses_two_of_one_key_and_one_without(code: Code) -> None:
    PromoCode.objects.create(code=code, text="ASHA", key="ASHA", chosen_at=AT)
    for key in ("ASHA", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            PromoCode.objects.create(code=code, text="ASHA", key=key, chosen_at=AT)


@pytest.mark.django_db
def test_erasing_a_customer_takes_their_words_away_and_leaves_the_code(code: Code, asha: Customer, herself: Actor) -> None:
    choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=herself)
    Code.objects.filter(pk=code.pk).update(invitation_text="Come along, Asha")
    erasing.erase(customer=asha, reason="Asked for it.", at=AT, by=SYSTEM)
    code.refresh_from_db()
    assert (code.promo_code, code.invitation_text) == (None, "")
    assert find_code("asha camera") is None
    assert find_code(code.code) == code
