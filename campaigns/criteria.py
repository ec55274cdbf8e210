"""What a campaign asks, in the words its customers read: who qualifies and what must be proved."""

from datetime import timedelta
from decimal import Decimal

from campaigns import audience
from campaigns.eligibility import requirements, wording
from campaigns.models import Campaign
from campaigns.states import Proof, Side


def sentences(campaign: Campaign, side: str) -> list[str]:
    """Every criterion one side must know, each a sentence: their own rules, what has to be proved, and the limits.

    The referrer is also told what the friend must be.
    """
    own = _requirements(campaign, side)
    friends = _requirements(campaign, Side.REFEREE) if side == Side.REFERRER else []
    return own + [f"Your friend: {sentence}" for sentence in friends] + [proof(campaign, side), *_limits(campaign, side)]


def text(campaign: Campaign, side: str) -> str:
    """The criteria as one paragraph."""
    return " ".join(sentences(campaign, side))


def proof(campaign: Campaign, side: str) -> str:
    """What the friend has to do, and by when, said to the referrer or to the friend."""
    is_friend = side == Side.REFEREE
    who = "You" if is_friend else "Your friend"
    s, their = ("", "your") if is_friend else ("s", "their")
    register, confirm = f"register{s}", f"confirm{s} {their} e-mail address"
    within = f"within {days(campaign.proof_within_days)}"
    deed = _deed(campaign, "" if is_friend else "s", is_friend)
    return f"{who} {register}, {confirm} and {deed} {within}." if deed else f"{who} {register} and {confirm} {within}."


def days(count: int) -> str:
    """A number of days in words: 1 day, 30 days."""
    return f"{count} day" if count == 1 else f"{count} days"


def money(amount: Decimal, currency: str) -> str:
    """An amount as people read it: 50.00 EUR."""
    return f"{amount:.2f} {currency}"


def _deed(campaign: Campaign, s: str, is_friend: bool) -> str:
    """What has to be done besides registering; empty when registering is enough."""
    least = f" of at least {money(campaign.proof_amount, campaign.currency)}" if campaign.proof_amount else ""
    if campaign.proof == Proof.FIRST_PURCHASE:
        return f"make{s} a first purchase{least}"
    if campaign.proof == Proof.N_PURCHASES:
        count = campaign.proof_count or 1
        each = f"{least} each" if least and count > 1 else least
        return f"make{s} {count} purchase{'s' if count > 1 else ''}{each}"
    if campaign.proof == Proof.DAYS_ACTIVE:
        return f"{'are' if is_friend else 'is'} an active customer for {days(campaign.proof_days or 1)}, all"
    return ""


def _requirements(campaign: Campaign, side: str) -> list[str]:
    return [wording(requirement) for requirement in requirements(audience.rules_of(campaign, side))]


def _limits(campaign: Campaign, side: str) -> list[str]:
    limits = []
    if side == Side.REFERRER and campaign.referrer_cap:
        rewards = "reward" if campaign.referrer_cap == 1 else "rewards"
        limits.append(f"Each person can earn at most {campaign.referrer_cap} {rewards}.")
    if campaign.ends_at:
        last = campaign.day_of(campaign.ends_at - timedelta.resolution)
        limits.append(f"The offer ends on {last.day} {last:%B %Y}.")
    return limits
