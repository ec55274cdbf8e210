"""A part of a whole in words, with a bar below."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

_BAR = (
    '{}<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="bar-ground" width="100" height="6" rx="3"/><rect class="{}" width="{}" height="6" rx="3"/></svg>'
)


def bar(words: str, part: int | Decimal, whole: int | Decimal, *, is_full_bad: bool = False) -> SafeString:
    """The words over a bar that is filled to the part of the whole; a full one warns when `is_full_bad`."""
    filled = min(100, max(0, int(part * 100 / whole))) if whole else 0
    warns = is_full_bad and filled >= 90
    return format_html(_BAR, words, "bar-full" if warns else "bar-part", filled)
