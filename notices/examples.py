"""What a message about nobody in particular says: an example for every fact, so that a text can be looked at before it is sent."""

from collections.abc import Mapping
from datetime import date, timedelta

from campaigns.models import Campaign
from customers.models import Customer
from notices.kinds import Kind
from notices.wording import Fact

EXAMPLE_NAME = "Alex Example"

_WORDS: dict[str, str] = {
    "referrer_name": "Asha",
    "friend_name": "Ben",
    "place": "Berlin",
    "setup_guide": "Charge it first. Then press the button.",
    "return_protocol": "Bring it back clean and complete.",
    "reward": "20.00 EUR of credit",
    "next_step": "It is on your account.",
    "note": "The friend was a customer before.",
    "question": "Did you order it yourself?",
    "answer": "Press the button for three seconds.",
    "code": "EXAMPLE7",
    "options": "Two weeks with a camera · 25 EUR of credit",
    "first": "Two weeks with a camera",
    "explanation": "It was not collected in time.",
    "criterion": "Only for friends who are new here.",
    "reason": "The order behind it was given back.",
    "decision": "The reward is yours after all.",
    "promised": "Family tent for four",
    "opened": "3 people opened your link",
    "missing": "Two more friends",
    "friends": "Five friends have joined through you",
    "sign_in_code": "123456",
    "minutes": "10",
}
_DAYS = {
    "expected": 10,
    "hold_until": 14,
    "collect_by": 7,
    "decide_by": 3,
    "choose_by": 7,
    "answer_by": 5,
    "last_day": 7,
    "due": 14,
    "valid_until": 30,
}
"""Facts that are days, and how far off they are."""
_ADDRESSES = {
    "verify_url": "verify/example/",
    "link": "r/EXAMPLE7/",
    "loan_terms_url": "terms/example/",
    "sign_in_url": "my/example/",
    "answer_url": "instead/example/",
}


def example_customer(language: str) -> Customer:
    """A customer who is not in the database and must not be saved."""
    return Customer(name=EXAMPLE_NAME, language=language)


def facts_of(kind: Kind, campaign: Campaign, *, today: date, site_url: str) -> Mapping[str, Fact]:
    """An example for each fact of the kind, about this campaign's equipment. An unknown fact reads “example”."""
    model = campaign.equipment_model
    own: dict[str, Fact] = {
        "item": model.called,
        "offer": campaign.headline,
        "promise": f"{model.called()}, kept until it is collected",
        "setup_guide": model.setup_guide and model.guide,
        "return_protocol": model.return_protocol and model.way_back,
    }
    return {name: own.get(name) or _example(name, today, site_url) for name in kind.variables}


def _example(name: str, today: date, site_url: str) -> Fact:
    if name in _DAYS:
        return today + timedelta(days=_DAYS[name])
    if name in _ADDRESSES:
        return f"{site_url}/{_ADDRESSES[name]}"
    return _WORDS.get(name) or "example"
