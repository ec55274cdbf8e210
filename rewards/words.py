"""“Where is my reward?”: every state of a reward in words its customer reads, with the date we promise and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns import offers
from campaigns.states import RewardKind
from customers.models import Customer
from referrals import outcome
from rewards import appealing, messages, preferring
from rewards.models import Appeal, Reward
from rewards.reasons import reason_of
from rewards.states import REWARD_TONES, RewardState

R = RewardState


@dataclass(frozen=True)
class Status:
    """How a reward stands, for its customer.

    `label` names the state, `tone` its colour, `sentence` says what it means, `why` the reason where the customer may know it (else
    empty), `promised_by` the day we promise (None when nothing more comes), `next_step` what the customer can do. `choices` are
    what may be chosen instead, the present one first; `appeal` is the customer's objection to this decision.
    """

    reward: Reward
    what: str
    label: str
    tone: str
    sentence: str
    why: str
    promised_by: date | None
    is_late: bool
    next_step: str
    choices: Sequence[offers.Due]
    may_appeal: bool
    appeal: Appeal | None


def status_of(reward: Reward, *, at: datetime) -> Status:
    """How one reward stands at `at`. A declined one is “being looked at” until its minute is over: nobody is told before."""
    state = R.HELD if reward.state == R.REJECTED and reward.undo_until is not None else R(reward.state)
    appeal = appealing.current(reward)
    promised = _promised_by(reward, state, appeal)
    return Status(
        reward=reward,
        what=messages.what(reward),
        label=label_of(state),
        tone=REWARD_TONES[state],
        sentence=_sentence(reward, state),
        why=reason_of(reward) if state in (R.REJECTED, R.CANCELLED, R.REVOKED) else "",
        promised_by=promised,
        is_late=promised is not None and promised < reward.referral.campaign.day_of(at),
        next_step=_next_step(reward, state, appeal, at),
        choices=preferring.choices_of(reward, at=at),
        may_appeal=appeal is None and appealing.may_appeal(reward),
        appeal=appeal,
    )


def statuses_of(customer: Customer, *, at: datetime) -> list[Status]:
    """All rewards of a customer, newest first."""
    return [status_of(reward, at=at) for reward in rewards_of(customer)]


def rewards_of(customer: Customer) -> QuerySet[Reward]:
    """A customer's rewards with what their words need, newest first."""
    related = ("tier__campaign", "tier__step", "equipment_model", "beneficiary", "referral__campaign", "loan__pool__model")
    return customer.rewards.select_related(*related).order_by("-created_at", "-pk")


def label_of(state: RewardState) -> str:
    """What a state is called to its customer."""
    return {
        R.PENDING: _("Being checked"),
        R.HELD: _("A person is looking at it"),
        R.APPROVED: _("On its way"),
        R.FULFILLED: _("Yours"),
        R.REJECTED: _("Declined"),
        R.CANCELLED: _("Cancelled"),
        R.REVOKED: _("Taken back"),
        R.FAILED: _("Something went wrong"),
        R.EXPIRED: _("Expired"),
    }[state]


def _sentence(reward: Reward, state: RewardState) -> str:
    if state == R.APPROVED and reward.choose_by is not None:
        return _("This reward is yours. Choose which one you would like.")
    return {
        R.PENDING: _("We are checking this reward. You need do nothing."),
        R.HELD: _("A person is looking at this reward. You need do nothing."),
        R.APPROVED: _("This reward is yours. We are getting it ready."),
        R.FULFILLED: _("This reward has been given to you."),
        R.REJECTED: _("We could not give this reward."),
        R.CANCELLED: _("This reward was cancelled."),
        R.REVOKED: _("This reward was taken back."),
        R.FAILED: _("Something went wrong with this reward. We are on it."),
        R.EXPIRED: _("This reward was not used in time and has expired."),
    }[state]


def _promised_by(reward: Reward, state: RewardState, appeal: Appeal | None) -> date | None:
    if appeal is not None and appeal.answered_at is None:
        return appeal.answer_by
    return reward.promised_by if state in (R.PENDING, R.HELD, R.APPROVED, R.FAILED) else None


def _next_step(reward: Reward, state: RewardState, appeal: Appeal | None, at: datetime) -> str:
    if appeal is not None:
        return appeal.note or _("We have your objection. A person looks at it again and answers you.")
    if state == R.HELD and reward.asked_at is not None:
        return _("We wrote to you because something is missing. Answer that mail, and we go on.")
    if state in (R.PENDING, R.HELD, R.APPROVED) and reward.choose_by is not None:
        day = _day(reward, reward.choose_by)
        return _("Choose by %(day)s; otherwise you get the first one.") % {"day": day}
    if reward.loan is not None and state in (R.APPROVED, R.FULFILLED):
        return outcome.loan_sentence(reward.loan, at=at)
    return _use(reward) if state == R.FULFILLED else ""


def _use(reward: Reward) -> str:
    if reward.used_at is not None:
        return _("You used it on %(day)s.") % {"day": _day(reward, reward.used_at)}
    if reward.kind == RewardKind.DISCOUNT:
        until = ""
        if reward.claim_by is not None:
            until = " " + _("It works until %(day)s.") % {"day": _day(reward, reward.claim_by - timedelta.resolution)}
        return _("Use the code %(code)s with your next order.") % {"code": reward.voucher} + until
    return {
        RewardKind.CASH.value: _("It goes out with our next payout."),
        RewardKind.PRODUCT.value: _("It is on its way to you."),
    }.get(reward.kind, _("It is on your account."))


def _day(reward: Reward, at: datetime) -> str:
    day = reward.referral.campaign.day_of(at)
    return f"{day.day} {day:%B %Y}"
