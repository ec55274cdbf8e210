"""Amounts of money as whoever reads writes them."""

from decimal import Decimal

from django.utils.formats import number_format


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's language: 1,250.00 EUR in English, 1.250,00 EUR in German."""
    return f"{number_format(amount, 2, force_grouping=True)} {currency}"
