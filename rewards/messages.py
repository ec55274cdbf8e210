"""What customers are told about their rewards. Each is queued in the verb's transaction and sent later."""

from datetime import datetime, timedelta

from django.conf import settings

from campaigns.states import RewardKind
from equipment.models import Loan
from notices import outbox
from notices.choosing import language_of, template_for
from notices.common_facts import common_facts
from notices.rendering import Rendered, render
from notices.states import Channel
from rewards.models import Approval, Reward

DECIDE_WITHIN_DAYS = 3
UNMET = "Not all criteria are met any more: "
"""How the reason begins of a reward that waits because a criterion is not met; what follows are the criteria, as customers read them."""


def say_unlocked(reward: Reward, loan: Loan, at: datetime) -> None:
    """Your unit is unlocked: where and until when to collect it, how to set it up, how to return it."""
    model = loan.pool.model
    terms = reward.referral.campaign.loan_terms.current() if reward.referral.campaign.loan_terms else None
    _say(
        "reward_unlocked",
        reward,
        {
            "item": model.name,
            "collect_by": _day(loan.collect_by),
            "place": loan.pool.place,
            "setup_guide": model.setup_guide,
            "return_protocol": model.return_protocol,
            "loan_terms_url": settings.SITE_URL + terms.get_absolute_url() if terms else settings.SITE_URL,
        },
        at,
    )


def say_given(reward: Reward, at: datetime) -> None:
    """Your credit, discount, cash, points or product is there."""
    _say("reward_given", reward, {"reward": what(reward), "next_step": _next_step(reward)}, at)


def say_waiting(reward: Reward, at: datetime) -> None:
    """A person looks at your reward, and decides by a day."""
    by_day = at + timedelta(days=DECIDE_WITHIN_DAYS)
    _say("reward_waiting", reward, {"reward": what(reward), "decide_by": _day(by_day)}, at)


def say_declined(reward: Reward, decided: Approval, at: datetime) -> None:
    """We could not give this reward, why, and which criterion was not met. Once per decision: who is declined again reads the new note."""
    facts = {"reward": what(reward), "note": decided.note, "criterion": criterion_of(decided.waited_for)}
    _say("reward_declined", reward, facts, at, occasion=f"{decided.pk}")


def say_asked(reward: Reward, asked: Approval, at: datetime) -> None:
    """Something is missing before we can give this reward, and what it is."""
    _say("reward_question", reward, {"reward": what(reward), "question": asked.note}, at, occasion=f"{asked.pk}")


def criterion_of(waited_for: str) -> str:
    """The criteria that were not met, when a reward waited for a person because of them; empty otherwise."""
    return waited_for.removeprefix(UNMET) if waited_for.startswith(UNMET) else ""


def letter(kind: str, reward: Reward, facts: dict[str, str]) -> Rendered:
    """The message as this beneficiary would read it, without sending it. Refuses like `notices.outbox.queue`."""
    campaign, reader = reward.referral.campaign, reward.beneficiary
    template = template_for(kind, channel=Channel.EMAIL, language=language_of(reader.language), campaign=campaign)
    common = common_facts(to=reader, campaign=campaign, language=template.language)
    own = {"reward": what(reward), "criterion": criterion_of(reward.reason)}
    return render(subject=template.subject, body=template.body, facts={**common, **own, **facts})


def what(reward: Reward) -> str:
    """The reward in words, such as “20.00 EUR credit” or the name of the equipment."""
    if reward.kind == RewardKind.EQUIPMENT and reward.equipment_model is not None:
        return reward.equipment_model.name
    if reward.kind == RewardKind.PRODUCT:
        return reward.tier.title
    if reward.kind == RewardKind.POINTS:
        return f"{(reward.amount or 0):.0f} points"
    return f"{reward.amount} {reward.currency} {reward.get_kind_display().lower()}"


def _next_step(reward: Reward) -> str:
    if reward.kind == RewardKind.DISCOUNT:
        return f"Use the code {reward.voucher} with your next order."
    if reward.kind == RewardKind.PRODUCT:
        return "It is on its way to you."
    if reward.kind == RewardKind.CASH:
        return "It goes out with our next payout."
    return "It is on your account."


def _say(kind: str, reward: Reward, facts: dict[str, str], at: datetime, occasion: str = "") -> None:
    dedupe = f"{kind}:{reward.reference}:{occasion}" if occasion else ""
    outbox.queue(
        kind, to=reward.beneficiary, about=reward.reference, facts=facts, at=at, campaign=reward.referral.campaign, dedupe=dedupe
    )


def _day(at: datetime | None) -> str:
    return f"{at:%d %B %Y}" if at else "the day we agree"
