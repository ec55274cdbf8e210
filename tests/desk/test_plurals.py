"""The desk says one day, and two days."""

import pytest

from desk import plurals


@pytest.mark.parametrize(("number", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1_200, "1,200 days")])
def test_one_is_one_and_everything_else_is_many(number: int, said: str) -> None:
    assert plurals.days(number) == said
    assert plurals.counted(number, "day") == said
