"""What makes a referral look doubtful: pure, named signals with the evidence in words, and one number from them.

A signal accuses nobody: it decides whether a person looks before a reward goes out. Evidence names no personal data.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

SAME_MAILBOX = 95
SAME_PHONE = 85
SAME_NAME_AND_POSTCODE = 70
SAME_VISITOR = 50
DISPOSABLE_MAIL_DOMAIN = 60
VELOCITY_BASE, VELOCITY_STEP, VELOCITY_TOP = 30, 10, 80
HOURLY_LIMIT = 5
"""Sign-ups through one code within an hour that look like a lively day; more look like a machine."""

DISPOSABLE_DOMAINS = frozenset(
    {
        "10minutemail.com", "discard.email", "dispostable.com", "fakeinbox.com", "getnada.com", "guerrillamail.com", "maildrop.cc",
        "mailinator.com", "mailnesia.com", "mintemail.com", "mohmal.com", "sharklasers.com", "spamgourmet.com", "temp-mail.org",
        "tempmail.dev", "throwawaymail.com", "trashmail.com", "yopmail.com",
    }
)  # fmt: skip
"""Domains whose mailboxes anyone can open without a password; their subdomains count too."""


@dataclass(frozen=True)
class Person:
    """What is compared of a referrer or a friend. Empty means unknown, and unknown never matches.

    `mailbox_key` is the normalised address of the mailbox (without tags), `phone` is E.164, `visitor_hashes` are the keyed
    hashes under which this person's visits were seen.
    """

    name: str = ""
    mailbox_key: str = ""
    phone: str = ""
    postcode: str = ""
    country: str = ""
    visitor_hashes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Context:
    """What surrounds a sign-up: how many there were through the same code within the last hour, this one included."""

    sign_ups_in_last_hour: int = 1
    hourly_limit: int = HOURLY_LIMIT


@dataclass(frozen=True)
class Signal:
    """One doubt: its name, how strong from 0 to 100, and what was seen."""

    name: str
    strength: int
    evidence: str


def signals(referrer: Person, referee: Person, context: Context | None = None) -> list[Signal]:
    """All signals about this pair of people, strongest first, each name at most once."""
    found = [*_likeness(referrer, referee), *_mail(referee), *_velocity(context or Context())]
    return sorted(found, key=lambda signal: (-signal.strength, signal.name))


def risk(found: Iterable[Signal]) -> int:
    """One number from 0 to 100: `100 * (1 - product(1 - strength / 100))`, rounded down.

    Signals are taken as independent, so each can only raise the risk, and 100 needs a signal of 100.
    """
    trust = Fraction(1)
    for signal in found:
        trust *= 1 - Fraction(signal.strength, 100)
    return int(100 * (1 - trust))


def _likeness(referrer: Person, referee: Person) -> list[Signal]:
    found = []
    if _same(referrer.mailbox_key, referee.mailbox_key):
        found.append(Signal("same_mailbox", SAME_MAILBOX, "Both addresses lead to the same mailbox."))
    if _same(referrer.phone, referee.phone):
        found.append(Signal("same_phone", SAME_PHONE, "Both gave the same telephone number."))
    if _same(_name_key(referrer), _name_key(referee)) and _same(_postcode_key(referrer), _postcode_key(referee)):
        found.append(Signal("same_name_and_postcode", SAME_NAME_AND_POSTCODE, "Both have the same name and the same postcode."))
    if referrer.visitor_hashes & referee.visitor_hashes:
        found.append(Signal("same_visitor", SAME_VISITOR, "Both were seen on the same device and connection on one day."))
    return found


def _mail(referee: Person) -> list[Signal]:
    domain = referee.mailbox_key.rpartition("@")[2].casefold()
    labels = domain.split(".")
    if not any(".".join(labels[start:]) in DISPOSABLE_DOMAINS for start in range(len(labels))):
        return []
    return [
        Signal("disposable_mail_domain", DISPOSABLE_MAIL_DOMAIN, "The friend's address is of a provider of throw-away mailboxes.")
    ]


def _velocity(context: Context) -> list[Signal]:
    above = context.sign_ups_in_last_hour - context.hourly_limit
    if above <= 0:
        return []
    strength = min(VELOCITY_BASE + VELOCITY_STEP * above, VELOCITY_TOP)
    evidence = (
        f"{context.sign_ups_in_last_hour} people signed up through this code within an hour; {context.hourly_limit} are usual."
    )
    return [Signal("velocity", strength, evidence)]


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _name_key(person: Person) -> str:
    """The words of a name without accents, case, punctuation and order."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", person.name.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    return " ".join(sorted(words))


def _postcode_key(person: Person) -> str:
    bare = "".join(c for c in person.postcode.casefold() if c.isalnum())
    return f"{person.country.casefold()} {bare}" if bare else ""
