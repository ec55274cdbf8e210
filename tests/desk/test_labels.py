"""Names of columns are said as a person says them."""

import pytest

from desk.labels import spoken


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("verified at", "Verified"),
        ("is typed", "Typed"),
        ("at", "When"),
        ("n", "Number"),
        ("sha256", "SHA-256"),
        ("flat", "Flat"),
        ("issued to", "Issued to"),
        ("ID in the CRM", "ID in the CRM"),
    ],
)
def test_a_name_made_for_code_is_said_as_a_person_says_it(name: str, words: str) -> None:
    assert spoken(name) == words
