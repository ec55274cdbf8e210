"""How those who act are called."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from audit import actors


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("staff:ada", "ada"),
        ("customer:cus_7", "customer cus_7"),
        ("system", "the system"),
        ("visitor", "a visitor"),
        ("staff:", "staff:"),
        ("", ""),
        ("staff:system", "colleague “system”"),
        ("staff:System", "colleague “System”"),
        ("staff:visitor", "colleague “visitor”"),
    ],
)
def test_an_actor_is_named_as_staff_say_it(name: str, spoken: str) -> None:
    assert actors.spoken(name) == spoken


def test_whoever_acts_without_a_kind_is_known_so_that_no_user_name_reads_like_them() -> None:
    sources = (
        path for path in Path(settings.BASE_DIR).glob("[a-z]*/**/*.py") if path.parts[len(Path(settings.BASE_DIR).parts)] != "tests"
    )
    named = {name for path in sources for name in re.findall(r'Actor\((?:name=)?"(\w+)"', path.read_text(encoding="utf-8"))}
    assert named == set(actors.WITHOUT_KIND)
