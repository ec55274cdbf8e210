"""What customers are told about their rewards. Each is queued in the verb's transaction and sent later."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from campaigns import offers
from campaigns.states import RewardKind, Side
from desk.amounts import money
from equipment.models import Loan
from notices import outbox
from notices.choosing import language_of, template_for
from notices.common_facts import common_facts
from notices.rendering import Rendered, render
from notices.states import Channel
from notices.wording import Fact, in_words
from rewards.models import Appeal, Approval, Reward
from rewards.reasons import as_said, reason_of
from rewards.states import AppealState, RewardState

DECIDE_WITHIN_DAYS = 3
ASKED_BACK_DAYS = 7
UNMET = "Not all criteria are met any more: "
"""How the reason begins of a reward that waits because a criterion is not met; what follows are the criteria, as customers read them."""

_AFTER_ALL = gettext_noop("You get it after all.")
_STAYS = gettext_noop("The decision stays.")
_AGREED = gettext_noop("the day we agree")
_AMOUNTS = {
    RewardKind.CREDIT: gettext_noop("%(amount)s of credit"),
    RewardKind.CASH: gettext_noop("%(amount)s in cash"),
    RewardKind.DISCOUNT: gettext_noop("a discount of %(amount)s"),
}


def say_unlocked(reward: Reward, loan: Loan, at: datetime) -> None:
    """Your unit is unlocked: where and until when to collect it, how to set it up, how to return it."""
    model = loan.pool.model
    terms = reward.referral.campaign.loan_terms.current() if reward.referral.campaign.loan_terms else None
    _say(
        "reward_unlocked",
        reward,
        {
            "item": model.called,
            "collect_by": _last_day(loan),
            "place": loan.pool.place,
            "setup_guide": model.guide,
            "return_protocol": model.way_back,
            "loan_terms_url": settings.SITE_URL + terms.get_absolute_url() if terms else settings.SITE_URL,
        },
        at,
    )


def say_given(reward: Reward, at: datetime) -> None:
    """Your credit, discount, cash, points or product is there."""
    _say("reward_given", reward, {"reward": partial(what, reward), "next_step": partial(_next_step, reward)}, at)


def say_waiting(reward: Reward, at: datetime) -> None:
    """A person looks at your reward, and decides by a day."""
    by_day = at + timedelta(days=DECIDE_WITHIN_DAYS)
    _say("reward_waiting", reward, {"reward": partial(what, reward), "decide_by": reward.referral.campaign.day_of(by_day)}, at)


def say_choice(reward: Reward, at: datetime) -> None:
    """You may choose among several rewards, and until when."""
    assert reward.choose_by is not None
    options = offers.choices(reward.tier, variant=reward.referral.variant, at=at)
    by = reward.referral.campaign.day_of(reward.choose_by)
    _say(
        "reward_choice",
        reward,
        {
            "options": lambda: " · ".join(_title(due) for due in options),
            "first": lambda: _title(options[0]),
            "choose_by": by,
            "choice_url": settings.SITE_URL + reverse("my_reward", args=[reward.reference]),
        },
        at,
    )


def _title(due: offers.Due) -> str:
    return due.tier.campaign.said(due.tier.title)


def say_withdrawn(reward: Reward, at: datetime) -> None:
    """We took this reward back, or will not give it, and why. Said once per round."""
    kind = "reward_revoked" if reward.state == RewardState.REVOKED else "reward_cancelled"
    _say(kind, reward, {"reward": partial(what, reward), "reason": partial(reason_of, reward)}, at, occasion=f"{reward.round}")


def say_asked_back(reward: Reward, loan: Loan, at: datetime) -> None:
    """Please bring the unit back: the reward was taken back while it was out."""
    model = loan.pool.model
    facts: dict[str, Fact] = {
        "item": model.called, "reason": partial(reason_of, reward), "due": asked_back_by(loan, at), "place": loan.pool.place,
        "return_protocol": model.way_back,
    }  # fmt: skip
    _say("loan_asked_back", reward, facts, at, occasion=f"{reward.round}")


def asked_back_by(loan: Loan, at: datetime) -> date:
    """The day by which a unit that is asked back should be there: within a week, and not after it is due anyway."""
    week = at + timedelta(days=ASKED_BACK_DAYS)
    return loan.pool.opening().last_day(min(week, loan.due_at) if loan.due_at else week)


def say_expired(reward: Reward, at: datetime) -> None:
    """This reward was not used or collected in time."""
    facts: dict[str, Fact] = {"reward": partial(what, reward), "reason": partial(reason_of, reward)}
    _say("reward_expired", reward, facts, at, occasion=f"{reward.round}")


def say_answered(appeal: Appeal, at: datetime) -> None:
    """A person looked at your objection again, and this is the answer."""
    reward = appeal.reward
    decision = partial(_, _AFTER_ALL) if appeal.state == AppealState.OVERTURNED else partial(_, _STAYS)
    facts: dict[str, Fact] = {"reward": partial(what, reward), "decision": decision, "note": appeal.note}
    _say("appeal_answered", reward, facts, at, occasion=f"{appeal.reference}")


def say_declined(reward: Reward, decided: Approval, at: datetime) -> None:
    """We could not give this reward, why, and which criterion was not met. Once per decision: who is declined again reads the new note."""
    criterion = partial(criterion_of, reward, decided.waited_for)
    facts: dict[str, Fact] = {"reward": partial(what, reward), "note": decided.note, "criterion": criterion}
    _say("reward_declined", reward, facts, at, occasion=f"{decided.pk}")


def say_asked(reward: Reward, asked: Approval, at: datetime) -> None:
    """Something is missing before we can give this reward, and what it is."""
    _say("reward_question", reward, {"reward": partial(what, reward), "question": asked.note}, at, occasion=f"{asked.pk}")


def criterion_of(reward: Reward, waited_for: str) -> str:
    """The criteria that were not met, in the language spoken now, when the reward waited for a person because of them; else empty."""
    return as_said(reward, waited_for).removeprefix(UNMET) if waited_for.startswith(UNMET) else ""


def letter(kind: str, reward: Reward, facts: dict[str, str]) -> Rendered:
    """The message as this beneficiary would read it, without sending it. Refuses like `notices.outbox.queue`."""
    campaign, reader = reward.referral.campaign, reward.beneficiary
    template = template_for(kind, channel=Channel.EMAIL, language=language_of(reader.language), campaign=campaign)
    common = common_facts(to=reader, campaign=campaign, language=template.language)
    told: dict[str, Fact] = {"reward": partial(what, reward), "criterion": partial(criterion_of, reward, reward.reason)}
    own = {name: in_words(fact, template.language) for name, fact in told.items()}
    return render(subject=template.subject, body=template.body, facts={**common, **own, **facts})


def what(reward: Reward) -> str:
    """The reward in words, such as “20.00 EUR credit” or the name of the equipment."""
    if reward.kind == RewardKind.EQUIPMENT and reward.equipment_model is not None:
        return reward.equipment_model.called()
    if reward.kind == RewardKind.PRODUCT:
        return reward.tier.campaign.said(reward.tier.title)
    if reward.kind == RewardKind.DISCOUNT and not reward.tier.discount:
        return _("a discount of %(percent)s %%") % {"percent": number_format(f"{(reward.amount or Decimal(0)).normalize():f}")}
    return amount_in_words(reward.kind, reward.currency, reward.amount or Decimal(0))


def amount_in_words(kind: str, unit: str, amount: Decimal) -> str:
    """An amount of credit, cash, points or a discount in words, such as “20.00 EUR of credit”. `unit` is an ISO 4217 currency."""
    if kind == RewardKind.POINTS:
        return ngettext("%(count)d point", "%(count)d points", int(amount)) % {"count": int(amount)}
    return _(_AMOUNTS[RewardKind(kind)]) % {"amount": money(amount, unit)}


def _next_step(reward: Reward) -> str:
    if reward.kind == RewardKind.DISCOUNT:
        return _("Use the code %(code)s with your next order.") % {"code": reward.voucher}
    if reward.kind == RewardKind.PRODUCT:
        return _("It is on its way to you.")
    if reward.kind == RewardKind.CASH:
        return _("It goes out with our next payout.")
    return _("It is on your account.")


def _say(kind: str, reward: Reward, facts: Mapping[str, Fact], at: datetime, occasion: str = "") -> None:
    dedupe = f"{kind}:{reward.reference}:{occasion}" if occasion else ""
    outbox.queue(
        kind,
        to=reward.beneficiary,
        about=reward.reference,
        facts=facts,
        at=at,
        campaign=reward.referral.campaign,
        side=Side(reward.side),
        dedupe=dedupe,
    )


def _last_day(loan: Loan) -> Fact:
    return loan.pool.opening().last_day(loan.collect_by) if loan.collect_by else partial(_, _AGREED)
