"""A fact for every variable of every kind, and a notice made of them."""

from typing import Any

from notices import outbox
from notices.kinds import kind_of
from notices.models import Notice
from tests.make import AT, make_campaign, make_customer

FACTS = {
    "referrer_name": "Asha",
    "friend_name": "Ben",
    "offer": "Borrow a camera for 14 days",
    "verify_url": "http://testserver/verify/abc/",
    "valid_until": "9 March 2026",
    "promise": "We are keeping a camera for you until 16 March.",
    "item": "Aero 7 camera",
    "place": "Berlin",
    "expected": "20 March 2026",
    "hold_until": "9 March 2026",
    "collect_by": "9 March 2026",
    "setup_guide": "Charge it first.\n\nThen press the button.",
    "return_protocol": "Put it into its bag.",
    "loan_terms_url": "http://testserver/terms/loan-terms/1/",
    "reward": "20.00 EUR of credit",
    "next_step": "It is on your account.",
    "decide_by": "5 March 2026",
    "note": "The friend was a customer before.",
    "question": "Which address did your friend sign up with?",
    "answer": "Yes, bring it back on Monday.",
    "gift": "Aero 7 camera, on loan for 14 days",
    "code": "AERO-7KQ2",
    "link": "http://testserver/r/AERO7KQ2/",
    "due": "16 March 2026",
    "outcome": "You can keep it until 23 March 2026.",
    "data_url": "http://testserver/my/data/",
    "hours": "24",
    "minutes": "10",
    "explanation": "It was not collected in time.",
    "criterion": "Only for friends who are new here.",
    "reason": "The order behind it was given back.",
    "decision": "The reward is yours after all.",
    "opened": "3 people opened your link",
    "missing": "Two more friends",
    "friends": "Five friends have joined through you",
    "options": "Two weeks with a camera · 25 EUR of credit",
    "first": "Two weeks with a camera",
    "choose_by": "9 March 2026",
    "promised": "Family tent for four",
    "answer_by": "9 March 2026",
    "last_day": "9 March 2026",
    "answer_url": "http://testserver/instead/abc/",
    "choice_url": "http://testserver/my/rewards/rwd_abc/",
    "sign_in_url": "http://testserver/my/abc/",
    "sign_in_code": "123456",
}


def facts_for(kind: str, **changes: str) -> dict[str, str]:
    """The facts of this kind."""
    return {name: FACTS[name] for name in kind_of(kind).variables} | changes


def queued(kind: str = "loan_returned", about: str = "loan_1", **changes: Any) -> Notice:
    """A notice in the outbox, by default to Asha about a loan of a live campaign."""
    to = changes.pop("to", None) or make_customer()
    campaign = changes.pop("campaign", None) or make_campaign()
    facts = facts_for(kind, **changes.pop("facts", {}))
    return outbox.queue(kind, to=to, about=about, facts=facts, at=changes.pop("at", AT), campaign=campaign, **changes)
