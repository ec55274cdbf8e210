"""The way of a referral in steps, as both sides may read it: what is done, what is still missing and until when, what each gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Step, Tier
from campaigns.states import Proof
from referrals import promising, proof, stepping
from referrals.models import Referral, StepDone
from referrals.states import Progress

DONE, OPEN, LATER, MISSED = "done", "open", "later", "missed"
_PROOFS = {
    Proof.VERIFIED_SIGNUP: gettext_lazy("A verified registration"),
    Proof.FIRST_PURCHASE: gettext_lazy("A first purchase"),
    Proof.N_PURCHASES: gettext_lazy("Several purchases"),
    Proof.DAYS_ACTIVE: gettext_lazy("Days as an active customer"),
}
TONES = {DONE: "ok", OPEN: "info", LATER: "plain", MISSED: "bad"}


@dataclass(frozen=True)
class StepState:
    """One step: `state` is `done`, `open` (can be done now), `later` (others come first) or `missed`.

    `missing` says what is still to do, empty when nothing is; `done_on` and `by` are days of the campaign; `gives` names what each
    side gets for it.
    """

    key: str
    title: str
    state: str
    missing: str
    done_on: date | None
    by: date | None
    gives: Sequence[str]

    @property
    def label(self) -> str:
        """The state in a word or two."""
        return {DONE: _("Done"), OPEN: _("Next"), LATER: _("Later"), MISSED: _("Not in time")}[self.state]

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return TONES[self.state]


def steps_of(referral: Referral, *, at: datetime, side: str = "") -> list[StepState]:
    """Every step of a referral in order: the registration, the campaign's own proof, the steps after it. Three queries.

    With `side` the rewards named are those of that side only.
    """
    tiers = [tier for tier in promising.tiers_in_reach(referral) if side in ("", tier.side)]
    first = [] if referral.campaign.proof == Proof.VERIFIED_SIGNUP else [_proof(referral, tiers, at)]
    gives = [] if first else _gifts(tiers, None)
    registration = _state(
        referral, "registration", _("The registration is confirmed"), done=referral.verified_at, by=referral.proof_due_at,
        missing=_("Press the button in the mail we sent."), gives=gives, at=at, is_next=True,
    )  # fmt: skip
    return [registration, *first, *_later_steps(referral, tiers, at)]


def next_step(referral: Referral, *, at: datetime) -> StepState | None:
    """The step that can be done now, or None."""
    return next((step for step in steps_of(referral, at=at) if step.state == OPEN), None)


def _proof(referral: Referral, tiers: Sequence[Tier], at: datetime) -> StepState:
    return _state(
        referral, "proof", str(_PROOFS[Proof(referral.campaign.proof)]), done=referral.qualified_at, by=referral.proof_due_at,
        missing=proof.missing(referral, at=at), gives=_gifts(tiers, None), at=at, is_next=referral.verified_at is not None,
    )  # fmt: skip


def _later_steps(referral: Referral, tiers: Sequence[Tier], at: datetime) -> list[StepState]:
    done: Mapping[int, StepDone] = {row.step_id: row for row in referral.steps_done.all()}
    found = []
    for step in referral.campaign.steps.all():
        row = done.get(step.pk)
        found.append(_later(referral, step, row.at if row else None, tiers, at))
    return found


def _later(referral: Referral, step: Step, done: datetime | None, tiers: Sequence[Tier], at: datetime) -> StepState:
    missing = "" if done else proof.missing_for(referral, step, at=at)
    return _state(
        referral, step.key, referral.campaign.said(step.title), done=done, by=stepping.last_instant(referral, step), missing=missing,
        gives=_gifts(tiers, step), at=at, is_next=referral.progress == Progress.QUALIFIED,
    )  # fmt: skip


def _state(
    referral: Referral, key: str, title: str, *, done: datetime | None, by: datetime, missing: str, gives: Sequence[str],
    at: datetime, is_next: bool,
) -> StepState:  # fmt: skip
    day_of = referral.campaign.day_of
    if done is not None:
        return StepState(key, title, DONE, "", day_of(done), None, gives)
    if at >= by or referral.progress == Progress.EXPIRED:
        return StepState(key, title, MISSED, missing, None, day_of(by), gives)
    return StepState(key, title, OPEN if is_next else LATER, missing, None, day_of(by), gives)


def _gifts(tiers: Sequence[Tier], step: Step | None) -> list[str]:
    return [tier.campaign.said(tier.title) for tier in tiers if tier.step_id == (step.pk if step else None)]
