"""What was said to each friend and what they got, kept apart from the product: it is what the product is measured against. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from config.simulation.fate import Fate

_DAY = timedelta(days=1)


@dataclass
class Story:
    """One friend: until when they were told they could collect it, when they confirmed, when they got it."""

    fate: Fate
    said: datetime | None = None
    confirmed: datetime | None = None
    got: datetime | None = None

    def say(self, day: datetime | None) -> None:
        """Something was said; of two days the earlier one counts."""
        if day is not None:
            self.said = day if self.said is None else min(self.said, day)

    def confirm(self, at: datetime) -> None:
        """The friend did their part; a day that was said and passed before that was not for them any more."""
        self.confirmed = at
        if self.said is not None and self.said < at:
            self.said = None

    def is_kept(self) -> bool:
        """Whether they got it by the day that was said."""
        return self.got is not None and (self.said is None or self.got <= self.said)

    def is_broken(self, end: datetime) -> bool:
        """Whether the day that was said passed without it, or before it, through no doing of theirs."""
        if not self.fate.wants_it or self.confirmed is None or self.said is None:
            return False
        return self.got > self.said if self.got is not None else self.said <= end


@dataclass(frozen=True)
class Tally:
    """How a year went."""

    friends: int
    handed_over: int
    kept: int
    broken: int
    median_wait_days: float
    longest_wait_days: float

    @property
    def fallen_due(self) -> int:
        """Promises kept or broken."""
        return self.kept + self.broken

    @property
    def kept_rate(self) -> float | None:
        """The share that was kept, 0 to 1; None when none fell due."""
        return self.kept / self.fallen_due if self.fallen_due else None


@dataclass
class Truth:
    """All friends by their number."""

    stories: dict[int, Story] = field(default_factory=dict)

    def open(self, fate: Fate) -> Story:
        """A friend joins."""
        return self.stories.setdefault(fate.number, Story(fate))

    def tally(self, end: datetime) -> Tally:
        """How it stands at `end`."""
        waits = [(story.got - story.confirmed) / _DAY for story in self.stories.values() if story.got and story.confirmed]
        return Tally(
            friends=len(self.stories),
            handed_over=len(waits),
            kept=_count(story.is_kept() for story in self.stories.values()),
            broken=_count(story.is_broken(end) for story in self.stories.values()),
            median_wait_days=median(waits) if waits else 0.0,
            longest_wait_days=max(waits, default=0.0),
        )


def _count(answers: Iterable[bool]) -> int:
    return sum(answers)
