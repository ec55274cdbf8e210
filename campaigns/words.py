"""How the parts of a campaign are called on screens and in its history, and how their stored values read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from campaigns.states import (
    Approval,
    Attribution,
    LastReward,
    Programme,
    Proof,
    ReferrerPeriod,
    Rewarded,
    RewardKind,
    Rhythm,
    Side,
)

CAMPAIGN: dict[str, str] = {
    "name": "Name",
    "slug": "Short name",
    "programme": "Programme",
    "owner": "Owner",
    "headline": "Headline",
    "pitch": "Text below the headline",
    "language": "Written in",
    "starts_at": "Start",
    "ends_at": "End",
    "time_zone": "Time zone",
    "rewarded": "Who is rewarded",
    "equipment": "Equipment",
    "approval": "Who lets a reward go out",
    "risk_threshold": "Risk score",
    "hold_days": "Days a unit is held",
    "proof": "What the friend must do",
    "proof_amount": "Smallest purchase",
    "proof_count": "Number of purchases",
    "proof_days": "Days as an active customer",
    "proof_within_days": "Days to do it in",
    "attribution": "Which visit counts",
    "attribution_days": "Days a visit counts",
    "name_sharing": "How a friend can find an invitation",
    "currency": "Currency",
    "budget": "Budget",
    "referrer_cap": "Rewards per referrer, at most",
    "referrer_budget": "Cost of the rewards of one referrer, at most",
    "referrer_unit_days": "Days of equipment for one referrer, at most",
    "referrer_period": "The limits of one referrer count over",
    "referrer_days": "How many last days",
    "total_cap": "Rewards in all, at most",
    "unit_days_cap": "Days of equipment lent, at most",
    "last_reward": "A reward larger than what is left",
    "lapse_days": "Days in which a lapse takes a reward back",
    "claim_within_days": "Days to use or collect a reward",
    "balance_days": "Days credit and points last",
    "news_cap": "News about it to one customer, at most",
    "news_cap_days": "Within how many last days",
}
PART: dict[str, str] = {
    "side": "For whom",
    "title": "Title",
    "kind": "What",
    "nth": "Which referral",
    "rhythm": "How often",
    "equipment": "Equipment",
    "amount": "Amount",
    "cost": "Cost of one",
    "variant": "Only in the arm",
    "discount": "The discount is",
    "step": "Due after the step",
    "replaces": "Upgrade of",
    "instead_of": "Choice beside",
    "position": "Place in the order",
    "count": "Number of purchases",
    "days": "Days as an active customer",
    "within_days": "Days from signing up",
    "proof": "What the friend must do",
    "weight": "Share",
    "headline": "Headline",
    "pitch": "Text below the headline",
    "language": "Written in",
    "name": "Name",
    "starts_at": "Start",
    "ends_at": "End",
    "effect": "Effect",
    "body": "Wording",
    "slug": "Document",
    "key": "Short name",
}
GOALS: dict[str, str] = {
    "total_referrals": "Referrals",
    "conversion_rate": "Share of referrals that qualify",
    "units_distributed": "Units handed out",
    "time_to_referral": "Days from a code to a referral, at most",
    "utilisation": "Share of the time that units are lent",
    "promise_kept": "Share of promises kept",
    "service_rate": "Share served at once",
}
"""What a campaign can be measured against, by the names that recipes use."""
SHARES = frozenset({"conversion_rate", "utilisation", "promise_kept", "service_rate"})
"""Goals that are a part of a whole, kept as numbers from 0 to 1."""
EFFECTS: dict[str, str] = {
    "multiply": "Amounts are multiplied",
    "add": "Something is added to amounts",
    "swap": "Another model is lent",
}
_GROUPS = {
    "tiers": "Tier",
    "steps": "Step",
    "variants": "Arm",
    "promotions": "Promotion",
    "terms": "Campaign terms",
    "loan_terms": "Loan terms",
}
_CHOICES: dict[str, Mapping[str, str]] = {
    "programme": dict(Programme.choices),
    "rewarded": dict(Rewarded.choices),
    "proof": dict(Proof.choices),
    "approval": dict(Approval.choices),
    "attribution": dict(Attribution.choices),
    "referrer_period": dict(ReferrerPeriod.choices),
    "last_reward": dict(LastReward.choices),
    "discount": {"": "percent", "fixed": "a fixed sum"},
    "kind": dict(RewardKind.choices),
    "rhythm": dict(Rhythm.choices),
    "side": dict(Side.choices),
    "effect": EFFECTS,
}


def label_of(key: str) -> str:
    """The words for a key of a recipe's difference, such as “tiers.bike.cost”: “Tier “bike”: cost of one”."""
    group, _, rest = key.partition(".")
    if group == "campaign":
        return CAMPAIGN.get(rest, _plain(rest))
    if group == "goals":
        return f"Goal: {GOALS.get(rest, _plain(rest)).lower()}"
    if group == "translations":
        return f"Texts in the language “{rest}”"
    if group == "quotas":
        sku, _, place = rest.partition("@")
        return f"Units of {sku} in {place}, at most"
    if group in ("terms", "loan_terms"):
        return f"{_GROUPS[group]}: {PART.get(rest, _plain(rest)).lower()}"
    name, _, field = rest.rpartition(".")
    return f"{_GROUPS.get(group, _plain(group))} “{name}”: {PART.get(field, _plain(field)).lower()}"


def value_of(key: str, text: str | None) -> str:
    """A recorded value as people read it; “nothing” where there is none."""
    if text is None:
        return "nothing"
    name = key.rpartition(".")[2]
    if text.startswith("sha256 "):
        return "a text"
    if name.endswith("_at"):
        return instant(datetime.fromisoformat(text))
    return str(_CHOICES.get(name, {}).get(text, text))


def in_words(sentence: str) -> str:
    """What is said about a recipe, for readers of a form: keys and stored words become what stands on the screen."""
    named = _NAMED.sub(lambda found: f"“{_ALL[found['key']]}” is “", sentence)
    called = _KEY.sub(lambda found: f"“{_ALL[found['key']]}”", named)
    return _WORD.sub(lambda found: f"“{_VALUES[found['word']]}”", called)


def instant(at: datetime) -> str:
    """An instant nobody can misread: “22 Nov 2026, 14:05 UTC”."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


_ALL = {**PART, **CAMPAIGN}
_VALUES = {value: str(label) for choices in _CHOICES.values() for value, label in choices.items()}
_KEYS = "|".join(sorted((re.escape(name) for name in _ALL), key=len, reverse=True))
_NAMED = re.compile(rf"(?:campaign\.)?\b(?P<key>{_KEYS}) (?:=|is) “")
_KEY = re.compile(rf"(?:campaign\.)?\b(?P<key>{'|'.join(name for name in _ALL if '_' in name)})\b")
_WORD = re.compile("“(?P<word>" + "|".join(re.escape(value) for value in _VALUES) + ")”")
