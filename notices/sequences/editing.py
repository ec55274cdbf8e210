"""Writing sequences, and switching them on and off. Messages already written stay as they are."""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from notices.models import Sequence, Step
from notices.refusals import NoticeRefused
from notices.sequences.parts import conditions, triggers

CHANGE, RUN = "notices.change_sequence", "notices.run_sequence"
MOST_STEPS = 6
LONGEST_DAYS = 365

USUAL_NAME = "Remind of a link nobody uses"


@dataclass(frozen=True)
class StepPart:
    """A step as it is written: days after the trigger, name of the condition, kind of the message."""

    after_days: int
    condition: str
    kind: str


USUAL = (StepPart(4, "no_visit", "share_reminder"), StepPart(14, "no_visit", "share_last_reminder"))
"""What most campaigns begin with: after four and after fourteen days, until somebody opens the link."""


def save(
    *,
    campaign: Campaign,
    name: str,
    trigger: str,
    steps: Several[StepPart],
    at: datetime,
    by: Actor,
    sequence: Sequence | None = None,
) -> Sequence:
    """Write a sequence anew, or the next form of `sequence`. Needs `notices.change_sequence`; one that is on also `notices.run_sequence`.

    A message that went to somebody does not go to them again, whatever its day becomes. Refuses with `name_missing`, `name_taken`,
    `trigger_unknown`, `steps_missing`, `too_many_steps`, `condition_unknown`, `kind_unfit`, `kind_twice`, `day_twice`, `day_too_far`.
    """
    by.require(CHANGE)
    if sequence is not None and sequence.is_on:
        by.require(RUN)
    _check(name, trigger, steps)
    with transaction.atomic():
        row = sequence or Sequence(campaign=campaign)
        row.name, row.trigger, row.changed_at = name.strip(), trigger, at
        _store(row)
        row.steps.all().delete()
        Step.objects.bulk_create(
            Step(sequence=row, after_days=one.after_days, condition=one.condition, kind=one.kind) for one in steps
        )
        trail.record("sequence.saved", about=row, by=by, at=at, concerns=[campaign.reference], steps=len(steps))
    return row


def switch(*, sequence: Sequence, is_on: bool, at: datetime, by: Actor) -> None:
    """Let a sequence send, or stop it. A second call changes nothing. Needs `notices.run_sequence`."""
    by.require(RUN)
    with transaction.atomic():
        if not Sequence.objects.filter(pk=sequence.pk).exclude(is_on=is_on).update(is_on=is_on, changed_at=at):
            return
        trail.record(
            "sequence.switched", about=sequence, by=by, at=at, concerns=[sequence.campaign.reference], now="on" if is_on else "off"
        )
    sequence.refresh_from_db()


def remove(*, sequence: Sequence, at: datetime, by: Actor) -> None:
    """Delete a sequence that is off. Needs `notices.change_sequence`. Refuses with `still_on`."""
    by.require(CHANGE)
    with transaction.atomic():
        row = Sequence.objects.select_for_update().filter(pk=sequence.pk).first()
        if row is None:
            return
        if row.is_on:
            raise NoticeRefused("still_on", "This sequence is on. Switch it off first, then delete it.")
        trail.record("sequence.removed", about=row, by=by, at=at, concerns=[sequence.campaign.reference])
        row.delete()


def _store(row: Sequence) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NoticeRefused("name_taken", f"This campaign has a sequence “{row.name}” already. Choose another name.") from error


def _check(name: str, trigger: str, steps: Several[StepPart]) -> None:
    if not name.strip():
        raise NoticeRefused("name_missing", "Give the sequence a name, so that others know what it is for.")
    known = triggers().get(trigger)
    if known is None:
        raise NoticeRefused("trigger_unknown", "Choose what the sequence begins with.")
    if not steps:
        raise NoticeRefused("steps_missing", "A sequence needs a message. Choose one for the first step.")
    if len(steps) > MOST_STEPS:
        raise NoticeRefused("too_many_steps", f"A sequence has at most {MOST_STEPS} messages.")
    fitting = {kind.name for kind in known.kinds}
    for step in steps:
        _check_step(step, fitting)
    _check_once("kind_twice", [step.kind for step in steps], "Each message stands once in a sequence: choose another one.")
    _check_once(
        "day_twice", [step.after_days for step in steps], "Two messages on the same day would be a burst. Choose another day."
    )


def _check_step(step: StepPart, fitting: set[str]) -> None:
    if step.condition not in conditions():
        raise NoticeRefused("condition_unknown", "Choose under which condition each message is sent.")
    if step.kind not in fitting:
        raise NoticeRefused("kind_unfit", "Choose messages that can follow this trigger.")
    if step.after_days > LONGEST_DAYS:
        raise NoticeRefused("day_too_far", f"Wait at most {LONGEST_DAYS} days.")


def _check_once(code: str, values: Several[object], sentence: str) -> None:
    if len(set(values)) < len(values):
        raise NoticeRefused(code, sentence)
