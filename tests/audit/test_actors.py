"""How those who act are called."""

import pytest

from audit import actors


@pytest.mark.parametrize(
    ("name", "spoken"),
    [("staff:ada", "ada"), ("customer:cus_7", "customer cus_7"), ("system", "system"), ("staff:", "staff:"), ("", "")],
)
def test_an_actor_is_named_as_staff_say_it(name: str, spoken: str) -> None:
    assert actors.spoken(name) == spoken
