"""Reading a recipe's text: TOML in, plain data out, with every problem named by its key at once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.hints import did_you_mean, has_control, shown
from campaigns.refusals import RecipeInvalid

MOST_CHARACTERS = 1_000_000
_CENT = Decimal("0.01")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,50}\Z")
_PLACE = re.compile(r"(?P<what>.*?) \(at line (?P<line>\d+), column (?P<column>\d+)\)\Z", re.DOTALL)


def document(text: str) -> dict[str, Any]:
    """The text as nested tables. Refuses malformed TOML with the line and the column in words."""
    if len(text) > MOST_CHARACTERS:
        raise RecipeInvalid([f"The file is longer than {MOST_CHARACTERS} characters; a recipe is a few pages."])
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except RecursionError as error:
        raise RecipeInvalid(["The file is nested too deeply to be a recipe."]) from error
    except (ValueError, ArithmeticError) as error:
        raise RecipeInvalid([_malformed(str(error))]) from error


def _malformed(message: str) -> str:
    place = _PLACE.match(message)
    if place is None:
        return f"The file is not valid TOML: {message.rstrip('.')}."
    where = f"line {place['line']}, column {place['column']}"
    return f"The file is not valid TOML: {place['what'].rstrip('.').lower()}, in {where}."


class Table:
    """One table of a recipe while it is read: each question takes a key, notes what is wrong, and answers a usable value."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self.data, self.where, self.problems = data, where, problems
        self._asked: list[str] = []

    def problem(self, key: str, what: str) -> None:
        """Note that something is wrong with a key."""
        self.problems.append(f"{self.where}.{key}: {what}" if self.where else f"{key}: {what}")

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self.data

    def text(self, key: str, *, limit: int = 0, is_required: bool = False) -> str:
        """A text without control characters, its line ends and outer spaces tidied. `limit` 0: as long as it likes."""
        value = self._get(key, is_required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(key, f"“{shown(value)}” is not a text; put it in quotation marks")
            return ""
        tidy = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if has_control(tidy):
            self.problem(key, "holds a control character; write plain text")
        elif limit and len(tidy) > limit:
            self.problem(key, f"is {len(tidy)} characters long; at most {limit} fit")
        elif is_required and not tidy:
            self.problem(key, "is empty")
        elif limit and "\n" in tidy:
            self.problem(key, "must be on one line")
        return tidy

    def slug(self, key: str, *, is_required: bool = False) -> str:
        """A short name of letters, digits, hyphens and underscores."""
        value = self.text(key, is_required=is_required)
        if value and not _SLUG.match(value):
            self.problem(key, f"“{shown(value)}” must be 1 to 50 letters, digits, hyphens or underscores, without spaces")
        return value

    def choice(self, key: str, allowed: Sequence[str], *, default: str = "") -> str:
        """One of the allowed words; required when there is no default."""
        value = self.text(key, is_required=not default)
        if not value:
            return default
        if value not in allowed:
            self.problem(key, f"“{shown(value)}” is not known; allowed: {', '.join(allowed)}")
            return default or allowed[0]
        return value

    def whole(self, key: str, *, least: int = 1, most: int = 32_767, default: int | None = None, is_required: bool = False) -> Any:
        """A whole number within bounds, or the default."""
        value = self._get(key, is_required)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problem(key, f"“{shown(value)}” must be a whole number from {least} to {most}")
            return default
        return value

    def flag(self, key: str) -> bool:
        """Yes or no; no where nothing stands."""
        value = self._get(key, False)
        if value is not None and not isinstance(value, bool):
            self.problem(key, f"“{shown(value)}” must be true or false")
        return value is True

    def money(self, key: str, *, is_zero_allowed: bool = False) -> Decimal | None:
        """An amount with at most two decimals, at most 99,999,999.99."""
        value = self._get(key, is_required=False)
        if value is None:
            return None
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite()
        if not is_number or not 0 <= value < 10**8 or (value == 0 and not is_zero_allowed):
            self.problem(key, f"“{shown(value)}” must be a number {'from 0' if is_zero_allowed else 'above 0'} and below 100000000")
            return None
        amount = Decimal(value).quantize(_CENT)
        if amount != value:
            self.problem(key, f"{shown(value)} has more than two decimals")
        return amount

    def number(self, key: str) -> int | float:
        """Any number with at most 6 decimals, between −10⁹ and 10⁹."""
        value = plain(self._get(key, is_required=True))
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10**9:
            self.problem(key, f"“{shown(value)}” must be a number with at most 6 decimals, at most 1000000000")
            return 0
        return value

    def instant(self, key: str, zone: str, *, is_required: bool = False) -> datetime | None:
        """An instant. A day means its first moment, and a time without an offset is local, in the campaign's time zone."""
        value = self._get(key, is_required)
        if value is None:
            return None
        if not isinstance(value, date):
            self.problem(
                key, f"“{shown(value)}” is not a date; write it without quotation marks, such as 2026-05-01 or 2026-05-01T09:00:00"
            )
            return None
        instant = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        if not 2000 <= instant.year <= 2200:
            self.problem(key, f"the year {instant.year} is not between 2000 and 2200")
            return None
        return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

    def zone(self, key: str, *, default: str) -> str:
        """The name of a time zone."""
        value = self.text(key) or default
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            self.problem(key, f"“{shown(value)}” is not a time zone; write a name such as Europe/Berlin")
            return default
        return value

    def raw(self, key: str) -> Any:
        """A required value of any type, numbers and days made plain."""
        return plain(self._get(key, is_required=True))

    def part(self, key: str, *, is_required: bool = False) -> "Table | None":
        """The table below a key."""
        value = self._get(key, is_required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(key, f"must be a table; write it as [{key}]")
            return None
        return Table(value, key, self.problems)

    def parts(self, key: str) -> list["Table"]:
        """The list of tables below a key, named from 1."""
        value = self._get(key, is_required=False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.problem(key, f"must be a list of tables; write each as [[{key}]]")
            return []
        return [Table(one, f"{key}[{number}]", self.problems) for number, one in enumerate(value, 1)]

    def close(self) -> None:
        """Note every key nobody asked for."""
        for key in self.data:
            if key not in self._asked:
                self.problem(key, f"there is no such key; {did_you_mean(key, self._asked)}")

    def _get(self, key: str, is_required: bool) -> Any:
        self._asked.append(key)
        if key not in self.data and is_required:
            self.problem(key, "is missing")
        return self.data.get(key)


def plain(value: Any) -> Any:
    """A TOML value as it can be stored: numbers as int or float, days as text, lists as tuples.

    A number that would not survive storing (too large, or with more than 6 decimals) stays a Decimal, and is so refused.
    """
    if isinstance(value, list):
        return tuple(plain(one) for one in value)
    if isinstance(value, int) and abs(value) > 10**18:
        return Decimal("Infinity")
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > 9 or value != round(value, 6):
            return value
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value
