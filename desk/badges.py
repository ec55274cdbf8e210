"""A state in words on a ground of its tone."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = frozenset({"ok", "info", "warn", "bad", "plain"})


def badge(tone: str, label: object) -> SafeString:
    """The label as a badge; colour never says anything that the words do not."""
    return format_html('<span class="badge badge-{}">{}</span>', tone if tone in TONES else "plain", label)


def state_badge(row: object, tones: Mapping[Any, str], field: str = "state") -> SafeString:
    """The badge of a row's state, from the table of tones beside the states."""
    return badge(tones.get(getattr(row, field), "plain"), getattr(row, f"get_{field}_display")())
