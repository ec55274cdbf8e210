"""Which messages of sequences are due, and to whom they would go next. Decided from the rows each time; the key of a message says whether
it went out.

A message is due from its day on and for three days; after an outage what is older is not sent any more. Of several that are due to one
person only the latest goes, and within a day nobody gets two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.states import CampaignState
from notices import outbox
from notices.models import Notice, Sequence, Step
from notices.sequences.parts import Start, conditions, triggers

FRESH = timedelta(days=3)
BREATH = timedelta(hours=20)
"""Nobody gets two messages of sequences within this time."""
PREFIX = "sequence:"


@dataclass(frozen=True)
class Due:
    """One message to one person. `reference` is the customer's, for the log."""

    step: Step
    start: Start

    @property
    def when(self) -> datetime:
        """When its day comes."""
        return self.start.at + timedelta(days=self.step.after_days)

    @property
    def dedupe(self) -> str:
        """Names the occasion: each message of a sequence once for each start."""
        return f"{PREFIX}{self.step.sequence.reference}:{self.step.kind}:{self.start.about}"

    @property
    def reference(self) -> str:
        """Whom it is for."""
        return self.start.customer.reference


def due(*, at: datetime) -> list[Due]:
    """What is to be sent now: at most one message to a person."""
    live = Sequence.objects.filter(is_on=True, campaign__state=CampaignState.LIVE).select_related("campaign")
    found = [one for sequence in live.prefetch_related("steps") for one in expected(sequence, at=at, until=at)]
    latest: dict[int, Due] = {}
    for one in sorted(found, key=lambda each: each.when):
        latest[one.start.customer.pk] = one
    rested = _lately_written_to(latest, at)
    return [one for pk, one in latest.items() if pk not in rested]


def expected(sequence: Sequence, *, at: datetime, until: datetime) -> list[Due]:
    """What a sequence would send between now and `until` as things stand now, by day; what was sent is left out."""
    trigger = triggers().get(sequence.trigger)
    if trigger is None:
        return []
    found = [
        Due(step, start)
        for step in _steps(sequence)
        for start in _held(step, trigger.starts(sequence.campaign, at - FRESH - _wait(step), until - _wait(step)))
    ]
    said = set(Notice.objects.filter(dedupe_key__in=[one.dedupe for one in found]).values_list("dedupe_key", flat=True))
    return sorted((one for one in found if one.dedupe not in said), key=lambda one: (one.when, one.start.about))


def send(*, due: Due, at: datetime) -> Notice:
    """Put one message into the outbox. A second call answers the first one."""
    sequence, start = due.step.sequence, due.start
    facts = triggers()[sequence.trigger].facts(sequence.campaign, start, at)
    return outbox.queue(
        due.step.kind, to=start.customer, about=start.about, facts=facts, at=at, campaign=sequence.campaign, dedupe=due.dedupe
    )


def _steps(sequence: Sequence) -> Iterator[Step]:
    for step in sequence.steps.all():
        # One object for all its steps, so that the campaign is read once.
        step.sequence = sequence
        yield step


def _wait(step: Step) -> timedelta:
    return timedelta(days=step.after_days)


def _held(step: Step, starts: Iterable[Start]) -> list[Start]:
    """Those of the starts for which the condition of the step holds now."""
    there = list(starts)
    condition = conditions().get(step.condition)
    if condition is None or not there:
        return []
    holding = condition.holding(step.sequence.campaign, there)
    return [start for start in there if start.about in holding]


def _lately_written_to(customers: Iterable[int], at: datetime) -> set[int]:
    written = Notice.objects.filter(customer__in=list(customers), dedupe_key__startswith=PREFIX, created_at__gt=at - BREATH)
    return set(written.values_list("customer", flat=True))
