"""What tests of customers lean on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit.actors import SYSTEM
from customers.importing import ImportReport, import_customers
from tests.make import AT

Import = Callable[..., ImportReport]


@pytest.fixture
def import_text(tmp_path: Path) -> Import:
    """Import this text as a file of customers."""

    def run(text: str | bytes, **options: Any) -> ImportReport:
        path = tmp_path / "customers.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return import_customers(**{"path": path, "at": AT, "by": SYSTEM, **options})

    return run


@pytest.fixture
def write_map(tmp_path: Path) -> Callable[[str], Path]:
    """Write a map and answer where it is."""

    def write(text: str) -> Path:
        path = tmp_path / "map.toml"
        path.write_text(text)
        return path

    return write
