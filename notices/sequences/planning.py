"""A dry run: who would get which message of a sequence on which day, and who would not, with the reason. Reads only."""

from collections import Counter
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime, timedelta

from notices.kinds import title_of
from notices.models import Sequence
from notices.reaching import reasons_against
from notices.sequences.following import Due, expected

AHEAD_DAYS = 14
SHOWN = 50


@dataclass(frozen=True)
class Planned:
    """One message that would be written: to whom, when, and why it would be kept back, if so."""

    due: Due
    when: datetime
    reason: str

    @property
    def label(self) -> str:
        """What the message is called."""
        return title_of(self.due.step.kind)


@dataclass(frozen=True)
class Plan:
    """What a sequence would do in the days ahead."""

    planned: Several[Planned]
    total: int
    goes: int
    kept_back: Several[tuple[str, int]]
    days: int = AHEAD_DAYS


def plan(sequence: Sequence, *, at: datetime) -> Plan:
    """What a sequence would send within two weeks if nothing changed, on or off."""
    found = expected(sequence, at=at, until=at + timedelta(days=AHEAD_DAYS))
    against = reasons_against([one.start.customer for one in found], at=at, campaign=sequence.campaign)
    planned = [Planned(one, max(one.when, at), against.get(one.start.customer.pk, "")) for one in found]
    kept_back = Counter(one.reason for one in planned if one.reason)
    goes = sum(not one.reason for one in planned)
    return Plan(planned[:SHOWN], len(planned), goes, kept_back.most_common())
