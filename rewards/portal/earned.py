"""A customer's rewards in words: what each is, how it stands and why, when it was promised, and its story so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.states import RewardKind, Side
from customers.models import Customer
from referrals import wording
from rewards import messages
from rewards.models import Approval, Reward
from rewards.portal.refusals import PortalNotFound
from rewards.reasons import reason_of
from rewards.states import CUSTOMER_SENTENCES, Decision, RewardState

R = RewardState
WORDS = {
    R.PENDING: gettext_lazy("Being checked"),
    R.HELD: gettext_lazy("A person looks at it"),
    R.APPROVED: gettext_lazy("On its way"),
    R.FULFILLED: gettext_lazy("Yours"),
    R.REJECTED: gettext_lazy("Not given"),
    R.CANCELLED: gettext_lazy("Cancelled"),
    R.REVOKED: gettext_lazy("Taken back"),
    R.FAILED: gettext_lazy("We are on it"),
    R.EXPIRED: gettext_lazy("Expired"),
}
TONES = {R.PENDING: "info", R.HELD: "info", R.APPROVED: "ok", R.FULFILLED: "ok", R.FAILED: "warn"}
_PROMISED = frozenset({R.PENDING, R.HELD, R.APPROVED})
"""States in which a day is promised by which it is there."""

SHOWN = 100


@dataclass(frozen=True)
class Moment:
    """Something that happened to a reward, or is expected: words, when, and whether it is past."""

    words: str
    when: str
    is_past: bool


@dataclass(frozen=True)
class Earned:
    """One reward in words."""

    reward: Reward
    title: str
    word: str
    tone: str
    sentence: str
    note: str
    promised: str
    for_whom: str
    moments: Sequence[Moment]


def rewards_of(customer: Customer) -> QuerySet[Reward]:
    """The customer's own rewards and nobody else's, newest first. Two reads."""
    related = (
        "tier__campaign",
        "tier__step",
        "equipment_model",
        "beneficiary",
        "loan__pool__model",
        "referral__campaign",
        "referral__referee",
        "referral__referrer",
    )
    decisions = Prefetch("approvals", Approval.objects.order_by("at", "pk"))
    return Reward.objects.filter(beneficiary=customer).select_related(*related).prefetch_related(decisions)


def reward_of(customer: Customer, reference: str) -> Reward:
    """The customer's reward called `reference`. Refuses with `no_reward` one that is not theirs, as one that does not exist."""
    reward = rewards_of(customer).filter(reference=reference).first()
    if reward is None:
        raise PortalNotFound("no_reward", _("There is no such reward among yours."))
    return reward


def told(reward: Reward, *, at: datetime) -> Earned:
    """One reward in words at `at`. A decline that can still be undone at the desk is not told yet."""
    state = _seen_state(reward, at)
    return Earned(
        reward=reward,
        title=capfirst(messages.what(reward)),
        word=str(WORDS[state]),
        tone=TONES.get(state, ""),
        sentence=_(CUSTOMER_SENTENCES[state]),
        note=_note(reward, state),
        promised=_day(reward.promised_by) if state in _PROMISED else "",
        for_whom=_for_whom(reward),
        moments=_moments(reward, state),
    )


def _seen_state(reward: Reward, at: datetime) -> RewardState:
    """What a person decided counts for the customer when it can no longer be undone."""
    is_fresh = reward.undo_until is not None and reward.undo_until > at
    return RewardState.HELD if is_fresh else RewardState(reward.state)


def _note(reward: Reward, state: RewardState) -> str:
    """The newest words a person wrote for the customer, where they explain how it stands; or why it was taken back."""
    if state in (RewardState.CANCELLED, RewardState.REVOKED):
        return reason_of(reward)
    wanted = {RewardState.REJECTED: Decision.DECLINED, RewardState.HELD: Decision.ASKED}.get(state)
    notes = [decided.note for decided in reward.approvals.all() if decided.decision == wanted]
    return notes[-1] if notes and (state != RewardState.HELD or reward.asked_at) else ""


def _for_whom(reward: Reward) -> str:
    if reward.side == Side.REFEREE:
        return _("Because %(name)s invited you") % {"name": wording.short_name(reward.referral.referrer.name)}
    return _("For inviting %(name)s") % {"name": wording.short_name(reward.referral.referee.name)}


def _moments(reward: Reward, state: RewardState) -> list[Moment]:
    referral = reward.referral
    found = [Moment(_("The friend signed up"), _at(reward, referral.signed_up_at), True)]
    if referral.verified_at:
        found.append(Moment(_("The address was confirmed"), _at(reward, referral.verified_at), True))
    found.append(Moment(_("The reward became due"), _at(reward, reward.created_at), True))
    if reward.approved_at and state in (RewardState.APPROVED, RewardState.FULFILLED, RewardState.REVOKED):
        found.append(Moment(_("We checked it and said yes"), _at(reward, reward.approved_at), True))
    if reward.fulfilled_at:
        found.append(Moment(_given(reward), _at(reward, reward.fulfilled_at), True))
    if state in _PROMISED:
        found.append(Moment(_("We promised it by then"), _day(reward.promised_by), False))
    elif state not in (RewardState.FULFILLED, RewardState.FAILED):
        found.append(Moment(str(WORDS[state]), "", True))
    return found


def _given(reward: Reward) -> str:
    if reward.kind == RewardKind.EQUIPMENT:
        return _("You could collect it")
    return _("It was given to you")


def _at(reward: Reward, instant: datetime) -> str:
    return _day(reward.referral.campaign.day_of(instant))


def _day(on: date) -> str:
    return wording.day(on)
