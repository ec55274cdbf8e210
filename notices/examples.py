"""What a message about nobody in particular says: an example for every fact, so that a text can be looked at before it is sent.

Each is said in the language of the text, in the words that a real occasion has where we know them.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from campaigns import criteria, gift_words, offers
from campaigns.models import Campaign
from campaigns.states import Side
from customers.models import Customer
from desk.amounts import money
from notices.kinds import Kind
from notices.wording import Fact, day

EXAMPLE_NAME = "Alex Example"

_ALIKE: dict[str, Fact] = {
    "referrer_name": "Asha",
    "friend_name": "Ben",
    "place": "Berlin",
    "code": "EXAMPLE7",
    "sign_in_code": "123456",
    "minutes": "10",
    "hours": "24",
}
"""Facts that read alike in every language: names of people and places, codes, numbers."""
_SAID = {
    "setup_guide": gettext_noop("Charge it first. Then press the button."),
    "return_protocol": gettext_noop("Bring it back clean and complete."),
    "next_step": gettext_noop("It is on your account."),
    "note": gettext_noop("The friend was a customer before."),
    "question": gettext_noop("Did you order it yourself?"),
    "answer": gettext_noop("Press the button for three seconds."),
    "criterion": gettext_noop("Only for friends who are new here."),
    "reason": gettext_noop("The order behind it was given back."),
    "decision": gettext_noop("You get it after all."),
    "promised": gettext_noop("Family tent for four"),
}
_SAID_OF = {
    ("sign_up_refused", "reason"): gettext_noop(
        "You are a customer already, and this offer is for people who are new to us. You can invite friends yourself."
    ),
    ("substitute_offered", "reason"): gettext_noop("The last one came back damaged."),
    ("loan_request_answered", "note"): gettext_noop("Nobody is waiting for it."),
    ("appeal_answered", "note"): gettext_noop("Your friend is new here: we had mixed up two names."),
    ("help_answered", "question"): gettext_noop("How do I switch it on?"),
    ("friend_verified", "next_step"): gettext_noop(
        "Some of what the offer asks is still to come. We write to you when it is done."
    ),
    ("reward_runs_out", "next_step"): gettext_noop("Spend it with your next order."),
}
"""The same for a kind in which a fact means something else."""
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
_DUE_IN = {"loan_due_soon": 3, "loan_due_today": 0, "loan_overdue": -1}
"""In how many days a loan is due where the message is about that."""
_ADDRESSES = {
    "verify_url": "verify/example/",
    "link": "r/EXAMPLE7/",
    "loan_terms_url": "terms/example/",
    "sign_in_url": "my/example/",
    "answer_url": "instead/example/",
    "data_url": "my/data/",
    "choice_url": "my/rewards/example/",
}


def example_customer(language: str) -> Customer:
    """A customer who is not in the database and must not be saved."""
    return Customer(name=EXAMPLE_NAME, language=language)


def facts_of(kind: Kind, campaign: Campaign, *, at: datetime, site_url: str) -> Mapping[str, Fact]:
    """An example for each fact of the kind, about this campaign's equipment and in its own words."""
    today = campaign.day_of(at)
    known: dict[str, Fact] = {
        **_ALIKE,
        **{name: f"{site_url}/{path}" for name, path in _ADDRESSES.items()},
        **{name: today + timedelta(days=days) for name, days in (_DAYS | {"due": _DUE_IN.get(kind.name, _DAYS["due"])}).items()},
        **_sentences(campaign, today),
        **_of_campaign(campaign, at),
        **{name: fact for (of, name), fact in _OF_KIND.items() if of == kind.name},
    }
    return {name: known[name] for name in kind.variables}


def _sentences(campaign: Campaign, today: date) -> dict[str, Fact]:
    two_weeks = today + timedelta(days=14)
    return {
        **{name: partial(_, text) for name, text in _SAID.items()},
        "promise": lambda: _("Held for you until %(day)s.") % {"day": day(two_weeks)},
        "outcome": lambda: _("You can keep it until %(day)s.") % {"day": day(two_weeks)},
        "explanation": lambda: _("It was held until %(day)s.") % {"day": day(today)},
        "opened": _opened,
        "missing": _missing,
        "friends": _friends,
        "reward": partial(_credit, campaign),
    }


def _of_campaign(campaign: Campaign, at: datetime) -> dict[str, Fact]:
    model = campaign.equipment_model
    own: dict[str, Fact] = {
        "item": model.called,
        "first": model.called,
        "options": lambda: f"{model.called()} · {_credit(campaign)}",
        "offer": lambda: campaign.offer,
        "gift": partial(_gifts, campaign, at),
    }
    guides = {"setup_guide": model.guide, "return_protocol": model.way_back}
    return own | {name: guide for name, guide in guides.items() if guide()}


def _gifts(campaign: Campaign, at: datetime) -> str:
    due = offers.due(campaign, Side.REFERRER, nth=1, at=at)
    return ", ".join(gift_words.gift(gift) for gift in due) or _("our thanks")


def _credit(campaign: Campaign) -> str:
    return _("%(amount)s of credit") % {"amount": money(Decimal(20), campaign.currency)}


def _opened() -> str:
    people = 3
    said = ngettext("%(count)d person opened your link yesterday", "%(count)d people opened your link yesterday", people)
    return said % {"count": people}


def _missing() -> str:
    friends = 2
    return ngettext("One more friend", "%(count)d more friends", friends) % {"count": friends}


def _friends() -> str:
    friends = 5
    said = ngettext("%(count)d friend has joined through you", "%(count)d friends have joined through you", friends)
    return said % {"count": friends}


def _not_claimed() -> str:
    return _("It was not used or collected within %(days)s.") % {"days": criteria.days(90)}


_OF_KIND: dict[tuple[str, str], Fact] = {
    ("queue_joined", "place"): "3",
    ("reward_expired", "reason"): _not_claimed,
    **{occasion: partial(_, text) for occasion, text in _SAID_OF.items()},
}
