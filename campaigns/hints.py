"""Small pieces of messages about recipes and rules: quoting a value, guessing what was meant."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LONG = 60


def did_you_mean(word: str, allowed: Sequence[str]) -> str:
    """A hint: the closest allowed word, or all of them."""
    close = get_close_matches(word, allowed, n=1)
    return f"did you mean “{close[0]}”?" if close else f"allowed: {', '.join(allowed)}"


def shown(value: Any) -> str:
    """A value as a message quotes it, cut when it is long."""
    # Python refuses to write integers of thousands of digits in decimal.
    text = hex(value) if isinstance(value, int) and abs(value) > 10**18 else str(value)
    return f"{text[: _LONG - 1]}…" if len(text) > _LONG else text


def has_control(text: str) -> bool:
    """Whether a text holds characters that are no text: control characters but tab and line feed, lone surrogates."""
    return _CONTROL.search(text) is not None
