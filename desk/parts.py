"""What the parts of a screen are told: one small record for each template in `templates/desk/parts/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from desk.badges import badge
from desk.charts import Bar, Number, bar, words

grouped = words
"""A number for people: 2,000; one place after the point at most; a dash for None."""


@dataclass(frozen=True)
class Change:
    """How much a figure moved, in words; `is_good` None when it is neither good nor bad."""

    words: str
    is_good: bool | None = None


def change(now: Number, before: Number, *, more_is_better: bool = True) -> Change | None:
    """The change from `before` to `now` in whole per cent; tenfold and beyond, where per cent say little, as the difference.

    None when there was nothing before, so that nothing can be said.
    """
    if not before:
        return None
    difference = Fraction(now) - Fraction(before)
    percent = floor(100 * difference / abs(Fraction(before)) + Fraction(1, 2))
    if not percent:
        return Change("no change")
    said = f"{percent:+,}%" if abs(percent) < 1000 else f"+{grouped(difference)}".replace("+-", "-")
    return Change(said.replace("-", "−"), (percent > 0) == more_is_better)


@dataclass(frozen=True)
class Goal:
    """How far a figure is on its way to what was aimed at, `share` 1 being there; `words` say both."""

    share: Number
    words: str

    @property
    def bar(self) -> Bar:
        """The way as a bar."""
        return bar(self.share, tone="ok" if self.share >= 1 else "")


@dataclass(frozen=True)
class Kpi:
    """One figure: its value, how it moved and compared with what, a foot, and a link to what it counts.

    `value` is shown as it is (use `grouped` for numbers). `tone` (warn, bad, ok) colours the value, whose foot must say why.
    """

    title: str
    value: str
    change: Change | None = None
    compared_with: str = ""
    foot: str = ""
    url: str = ""
    link: str = "Show them"
    tone: str = ""
    goal: Goal | None = None


@dataclass(frozen=True)
class Fact:
    """A label with its value, a link where there is a page for it, and a tone that makes it a badge."""

    label: str
    value: object
    url: str = ""
    tone: str = ""

    @property
    def badge(self) -> str:
        """The value as a badge."""
        return badge(self.tone, self.value)


@dataclass(frozen=True)
class Check:
    """Something looked at: the finding as a sentence, the evidence, and where it can be put right.

    `is_ok` says whether it passed; a `tone` (warn, bad, info) says more than that.
    """

    sentence: str
    is_ok: bool = True
    evidence: str = ""
    fix: str = ""
    url: str = ""
    tone: str = ""

    @property
    def mark(self) -> str:
        """The tone it is drawn in: ok, info, warn or bad."""
        return self.tone or ("ok" if self.is_ok else "warn")

    @property
    def mark_words(self) -> str:
        """What the sign before the sentence means."""
        return {"ok": "Passed", "bad": "Stops it", "info": "Note"}.get(self.mark, "Look at this")


class Kind(StrEnum):
    """Why there is nothing to see: three different things, never mixed up."""

    NOTHING_YET = "nothing_yet"
    NO_MATCH = "no_match"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True)
class Empty:
    """Nothing to see: one sentence why, and one action."""

    sentence: str
    action: str = ""
    url: str = ""
    kind: Kind = Kind.NOTHING_YET


def nothing_matches(what: str, clear_url: str) -> Empty:
    """Nothing of `what` (a plural such as "referrals") matches what was chosen."""
    return Empty(f"No {what} match what you chose.", "Clear filters", clear_url, Kind.NO_MATCH)


def not_allowed(what: str, who: str = "an administrator") -> Empty:
    """The reader may not see `what` (a plural such as "rewards"); `who` can change that."""
    return Empty(f"You may not see {what}. Ask {who} if you need to.", kind=Kind.NOT_ALLOWED)


@dataclass(frozen=True)
class Progress:
    """Long work: `done` of `total` (None: nobody knows how much), and what is being done, in words."""

    done: int
    total: int | None
    words: str

    @property
    def counted(self) -> str:
        """How far it is, in numbers."""
        return f"{grouped(self.done)} of {grouped(self.total)}" if self.total is not None else f"{grouped(self.done)} so far"


@dataclass(frozen=True)
class Tab:
    """One of the pages about the same thing. `count` None shows none."""

    label: str
    url: str
    is_here: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """A step of a way in several: `state` is done, here or todo. A url leads to it."""

    label: str
    state: str = "todo"
    url: str = ""


@dataclass(frozen=True)
class Message:
    """Something to say on a page: a sentence with a tone (ok, info, warn, bad), and perhaps one thing to do about it."""

    sentence: str
    tone: str = "info"
    action: str = ""
    url: str = ""


@dataclass(frozen=True)
class Phone:
    """A page as it looks on a phone: from an address of ours, or from the text of a whole HTML document."""

    title: str
    url: str = ""
    html: str = ""


@dataclass(frozen=True)
class CohortCell:
    """How many of a cohort had come so far, in per cent words; `depth` 0 to 4 is how dark the cell is. No words: not known yet."""

    words: str
    said: str
    depth: int


@dataclass(frozen=True)
class CohortRow:
    """One cohort: its name, how many are in it, and a cell for each age."""

    name: str
    size: str
    cells: tuple[CohortCell, ...]


@dataclass(frozen=True)
class Cohorts:
    """A grid of cohorts by age, for `desk/parts/cohorts.html`."""

    title: str
    ages: tuple[str, ...]
    rows: tuple[CohortRow, ...]


def cohorts(title: str, ages: Sequence[str], rows: Sequence[tuple[str, int, Sequence[int | None]]]) -> Cohorts:
    """A grid from (cohort, how many are in it, how many of them had come by each age; None: that age is not reached yet)."""
    return Cohorts(
        title,
        tuple(ages),
        tuple(CohortRow(name, grouped(size), tuple(_cohort_cell(came, size) for came in counts)) for name, size, counts in rows),
    )


def _cohort_cell(came: int | None, size: int) -> CohortCell:
    if came is None:
        return CohortCell("", "not reached yet", 0)
    share = Fraction(came, size) if size else Fraction(0)
    depth = min(4, floor(share * 4) + (1 if share else 0))
    return CohortCell(bar(share).words if size else "–", f"{grouped(came)} of {grouped(size)}", depth)
