"""The table of attacks names tests that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TABLE = Path(settings.BASE_DIR) / "docs" / "security" / "tests.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TABLE.read_text(encoding="utf-8"))


def test_the_table_names_tests() -> None:
    assert len(NAMED) >= 20
    assert len(NAMED) == TABLE.read_text(encoding="utf-8").count("::test_")


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_named_test_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (Path(settings.BASE_DIR) / file).read_text(encoding="utf-8")
