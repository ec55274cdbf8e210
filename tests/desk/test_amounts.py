"""Amounts of money, as whoever reads writes them."""

from decimal import Decimal

import pytest
from django.utils import translation

from desk.amounts import in_short, money


@pytest.mark.parametrize(
    ("language", "whole", "short", "cents"),
    [("en", "20,000.00 EUR", "20,000\xa0EUR", "1,290.50\xa0EUR"), ("de", "20.000,00 EUR", "20.000\xa0EUR", "1.290,50\xa0EUR")],
)
def test_an_amount_is_written_as_its_reader_writes_it(language: str, whole: str, short: str, cents: str) -> None:
    with translation.override(language):
        assert money(Decimal(20_000), "EUR") == whole
        assert in_short(Decimal("20000.00"), "EUR") == short
        assert in_short(Decimal("1290.5"), "EUR") == cents


def test_what_is_smaller_than_a_cent_is_rounded_and_not_cut_off() -> None:
    assert money(Decimal("19.999"), "EUR") == "20.00 EUR"
    assert in_short(Decimal("19.999"), "EUR") == "20.00\xa0EUR"
