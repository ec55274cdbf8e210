"""How hard it is to guess what opens something: reckoned from the real alphabets and lengths, and stated in the docs as it is."""

import math
import random
import re
import string
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core import signing

from desk import references
from referrals import codes
from referrals.models import Code, Touch
from referrals.views import door
from rewards.portal import keys, signing_in

DOCS = (Path(settings.BASE_DIR) / "docs" / "security" / "public-pages.md").read_text(encoding="utf-8")
CODE_BITS = codes.RANDOM_LENGTH * math.log2(len(codes.ALPHABET))


def bits_of_uuid() -> int:
    """Version 4 leaves all but version and variant to chance (RFC 9562)."""
    assert Touch._meta.get_field("token").default is uuid.uuid4
    return 122


def bits_of_signature() -> int:
    """Django signs with HMAC under our key: as many bits as the signature has characters of base 64, at most its digest."""
    signature = signing.Signer(salt="x").sign("word").rsplit(":", 1)[1]
    return len(signature) * 6 // 8 * 8


BITS = {
    "code of an invitation": CODE_BITS,
    "key of the link to the portal": keys.KEY_BYTES * 8,
    "code of the mail to the portal": math.log2(10**keys.CODE_DIGITS),
    "name of a row in an address": references.LENGTH * math.log2(len(references.ALPHABET)),
    "word for a visit": bits_of_uuid(),
    "signature of a word": bits_of_signature(),
}


@pytest.mark.parametrize("what", BITS)
def test_the_docs_state_the_bits_that_there_are(what: str) -> None:
    assert f"| {what} | {BITS[what]:.0f} |" in DOCS


def test_every_character_of_the_alphabet_is_used_and_at_every_place() -> None:
    made = [codes.new_code() for _ in range(4000)]
    assert set(codes.ALPHABET) == set(string.digits + string.ascii_uppercase) - set("ILOU")
    for place in range(codes.RANDOM_LENGTH):
        assert {code[place] for code in made} == set(codes.ALPHABET)
    assert len({references.new_reference("ref") for _ in range(1000)}) == 1000
    assert len({keys.new_key() for _ in range(1000)}) == 1000
    assert {len(keys.new_key()) for _ in range(100)} == {keys.KEY_LENGTH}
    assert len({digit for _ in range(500) for digit in keys.new_code()}) == 10


def test_what_chance_is_taken_from_is_the_operating_systems() -> None:
    """With the process's own generator set to one seed, nothing comes twice."""
    made = set()
    for _ in range(50):
        random.seed(1)
        made |= {codes.new_code(), references.new_reference("ref"), keys.new_key()}
    assert len(made) == 150


def test_it_takes_more_than_two_hundred_years_to_guess_one_of_ten_thousand_codes() -> None:
    a_hit_in = 2**CODE_BITS / 10_000
    years = a_hit_in / (door.GUESS.times * 60 / door.GUESS.seconds) / 60 / 24 / 365
    assert years > 200
    assert "more than two hundred years" in DOCS
    assert 3.4e9 < a_hit_in < 3.6e9 and "3.5 thousand million" in DOCS


def test_the_six_digits_are_tried_five_times_and_for_ten_minutes_at_most() -> None:
    assert (signing_in.MOST_TRIES, signing_in.GOOD_FOR.total_seconds()) == (5, 600)
    assert signing_in.MOST_TRIES / 10**keys.CODE_DIGITS <= 1 / 200_000
    assert "once in 200,000" in DOCS


def test_a_stored_code_is_as_long_as_it_is_said_to_be(db: None, code: Code) -> None:
    assert re.fullmatch(rf"[{codes.ALPHABET}]{{{codes.RANDOM_LENGTH + 1}}}", code.code)
