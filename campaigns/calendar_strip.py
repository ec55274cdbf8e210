"""Promotions on a strip of months: pure geometry in per cent, drawn by `templates/campaigns/_calendar.html`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ROW, TOP = 30, 26
"""Pixels: the height of one promotion, and of the line with the months above them."""
_LEAST = 1.5
"""Per cent: so wide is the shortest window drawn, or nobody would see it."""


@dataclass(frozen=True)
class Window:
    """A promotion with its first and its last day, and whether it is over, running or to come."""

    name: str
    first: date
    last: date
    state: str
    words: str


@dataclass(frozen=True)
class Month:
    """Where a month begins, in per cent, with its name."""

    x: float
    name: str


@dataclass(frozen=True)
class Drawn:
    """A window as it is drawn: from where, how wide (per cent), in which line (pixels from the top)."""

    window: Window
    x: float
    width: float
    y: int


@dataclass(frozen=True)
class Strip:
    """The whole strip, with where today is on it."""

    months: Sequence[Month]
    windows: Sequence[Drawn]
    today: float
    height: int


def strip(windows: Sequence[Window], *, today: date) -> Strip | None:
    """From the month of the first window (or of today, if that is earlier) to the end of the last; None without windows."""
    if not windows:
        return None
    start = min([today, *(window.first for window in windows)]).replace(day=1)
    end = _next_month(max([today, *(window.last for window in windows)]))
    whole = (end - start).days

    def place(day: date) -> float:
        return round(100 * (day - start).days / whole, 2)

    drawn = [
        Drawn(
            window,
            place(window.first),
            round(max(place(window.last + timedelta(days=1)) - place(window.first), _LEAST), 2),
            TOP + number * ROW,
        )
        for number, window in enumerate(windows)
    ]
    return Strip(_months(start, end, place), drawn, place(today), TOP + len(windows) * ROW + 4)


def _months(start: date, end: date, place: Callable[[date], float]) -> list[Month]:
    """At most about eight names, however long the strip is."""
    days = []
    day = start
    while day < end:
        days.append(day)
        day = _next_month(day)
    every = -(-len(days) // 8)
    return [Month(place(day), f"{day:%b %Y}" if day.month == 1 or day == start else f"{day:%b}") for day in days[::every]]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
