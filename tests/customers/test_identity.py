import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import fields
from customers.countries import COUNTRIES
from customers.identity import email_key, mailbox_key, phone_e164, tidy
from customers.models import Attribute


@pytest.mark.parametrize(
    "spelling", ["Asha@Example.org", "  asha@example.org\t", "ASHA@EXAMPLE.ORG", "ａｓｈａ@example.org", "asha\u200b@example.org"]
)
def test_one_address_has_one_key_however_it_is_spelled(spelling):
    assert email_key(spelling) == "asha@example.org"


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text):
    assert tidy(tidy(text)) == tidy(text)


def test_a_tag_and_gmail_dots_hide_the_same_mailbox():
    assert mailbox_key("asha.rao+camera@gmail.com") == mailbox_key("asharao@googlemail.com") == "asharao@gmail.com"


def test_dots_mean_something_at_other_providers():
    assert mailbox_key("a.rao@example.org") != mailbox_key("arao@example.org")


def test_a_national_number_is_read_with_its_country():
    assert phone_e164("0170 1234567", "DE") == phone_e164("+49 170 1234567", "") == "+491701234567"


@pytest.mark.parametrize("text", ["0170 1234567", "call me", "+49 1", "1" * 60])
def test_a_number_that_cannot_be_dialled_is_refused_in_words(text):
    with pytest.raises(ValueError, match="phone number"):
        phone_e164(text, "")


def test_all_249_countries_are_known():
    assert len(COUNTRIES) == 249
    assert {"DE", "FR", "XK"} - COUNTRIES == {"XK"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("country", "Germany"),
        ("language", "english"),
        ("birth_year", "84"),
        ("birth_year", "١٩٨٤"),
        ("member_since", "19.07.2024"),
        ("member_since", "2024-02-30"),
        ("member_since", "20240719"),
        ("membership", "gold"),
        ("name", "  "),
        ("external_id", "x" * 65),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(field, value):
    with pytest.raises(ValueError):
        fields.CLEANERS[field](value)


@pytest.mark.parametrize(
    ("type", "written", "stored"),
    [
        ("text", " Asha ", "Asha"),
        ("number", "3.0", 3),
        ("number", "12.5", 12.5),
        ("date", "2026-03-02", "2026-03-02"),
        ("yes_no", "Ja", True),
        ("yes_no", "0", False),
        ("choice", "gold", "gold"),
        ("text", "", None),
    ],
)
def test_an_attribute_is_stored_by_its_type(type, written, stored):
    assert fields.attribute(Attribute(name="a", type=type, choices=["gold"]), written) == stored


@pytest.mark.parametrize(
    ("type", "written"), [("number", "NaN"), ("number", "many"), ("date", "soon"), ("yes_no", "maybe"), ("choice", "tin")]
)
def test_an_attribute_refuses_what_its_type_does_not_hold(type, written):
    with pytest.raises(ValueError):
        fields.attribute(Attribute(name="a", type=type, choices=["gold"]), written)
