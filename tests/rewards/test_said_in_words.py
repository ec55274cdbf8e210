"""Records of rewards are called by words and amounts that a person reads."""

from decimal import Decimal

import pytest

from rewards.models import Account, Batch, Posting


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Account(kind="points", unit="points", balance=Decimal("100.00")), "Points: 100\N{NO-BREAK SPACE}points"),
        (Account(kind="credit", unit="EUR", balance=Decimal("12.50")), "Account credit: 12.50\N{NO-BREAK SPACE}EUR"),
        (Posting(account="till", unit="EUR", amount=Decimal("-40.00")), "-40\N{NO-BREAK SPACE}EUR on till"),
        (Batch(total=Decimal("1250.00"), currency="EUR", count=3), "1,250.00 EUR to 3"),
    ],
)
def test_a_record_is_called_by_its_amount_as_people_write_it(row: object, words: str) -> None:
    assert str(row) == words
