"""Amounts of money as whoever reads writes them."""

from decimal import Decimal

from django.utils.formats import number_format


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's language: 1,250.00 EUR in English, 1.250,00 EUR in German."""
    return f"{_written(amount, 2)} {currency}"


def part_of(amount: Decimal, whole: Decimal, currency: str) -> str:
    """How much of a sum of money: 95.00 of 100.00 EUR."""
    return f"{_written(amount, 2)} of {money(whole, currency)}"


def in_short(amount: Decimal, currency: str) -> str:
    """The same for a figure or a sentence: 20,000 EUR, with cents only where there are some. It never breaks before its currency."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{_written(amount, places)}\N{NO-BREAK SPACE}{currency}"


def _written(amount: Decimal, places: int) -> str:
    # Rounded here: Django cuts off what is too long.
    return number_format(round(amount, places), places, force_grouping=True)
