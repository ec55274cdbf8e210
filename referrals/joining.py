"""Signing up on a public page, where the answer must not tell anybody who is known to us.

Whoever is refused for who they are (a customer already, invited before, the inviter in person) gets the answer a stranger gets, for the
same work: the sign-up of somebody who does not exist is made and taken back. Why, they learn by a mail to that address, once a day.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit.actors import Actor
from customers import lookup
from customers.identity import mailbox_key
from customers.models import AgreementVersion, Customer
from notices import outbox
from referrals import outcome, signing_up, tokens
from referrals.links import verification_link
from referrals.models import Code, Referral
from referrals.refusals import OutsideSegment, ReferralRefused
from referrals.states import Progress
from referrals.visits import Visit

ABOUT_SOMEBODY = frozenset({"self_referral", "already_customer", "already_referred", "not_in_segment"})
"""Refusals that say something of whoever has the address."""

_JUST_NOW = timedelta(minutes=10)
"""So soon after a sign-up, sending the form again is impatience, and no reason for another mail."""


@dataclass(frozen=True)
class Application:
    """What a friend sends. `where` is a keyed hash of the address they came from, `remembered` what their browser speaks of."""

    name: str
    email: str
    terms_version: AgreementVersion
    touch_token: str = ""
    language: str = "en"
    country: str = ""
    where: str = ""
    remembered: Sequence[Visit] = ()


@dataclass(frozen=True)
class Said:
    """What the page after a sign-up says in one language: the last day to confirm, and what the friend gets."""

    confirm_by: str
    mine: Sequence[outcome.Gift]


def join(*, code: Code, application: Application, at: datetime, by: Actor) -> Mapping[str, Said]:
    """Sign a friend up, and answer what the next page says in each language.

    Raises what `signing_up.sign_up` raises, but nothing that depends on who has the address already: a refusal that does is raised only
    where a stranger would have been refused as well.
    """
    with transaction.atomic():
        try:
            referral = _sign_up(code, application, at=at, by=by)
        except ReferralRefused as refusal:
            if refusal.code not in ABOUT_SOMEBODY:
                raise
            said = _said_to_a_stranger(code, application, at, by)
            _tell_owner(code, application.email, refusal, at)
            return said
        if _is_from_this_page(referral, application, at):
            return _said(referral, at)
        said = _said_to_a_stranger(code, application, at, by)
        _remind(referral, code, at)
        return said


def _sign_up(code: Code, application: Application, *, at: datetime, by: Actor) -> Referral:
    return signing_up.sign_up(
        code=code,
        name=application.name,
        email=application.email,
        at=at,
        by=by,
        terms_version=application.terms_version,
        typed_name=application.name,
        touch_token=application.touch_token,
        language=application.language,
        country=application.country,
        where=application.where,
        remembered=application.remembered,
    )


def _said_to_a_stranger(code: Code, application: Application, at: datetime, by: Actor) -> Mapping[str, Said]:
    """What somebody nobody knows would be told who typed the rest alike. Nothing of it is kept."""
    with transaction.atomic():
        stranger = replace(application, email=f"{secrets.token_hex(12)}@example.invalid")
        said = _said(_sign_up(code, stranger, at=at, by=by), at)
        transaction.set_rollback(True)
    return said


def _is_from_this_page(referral: Referral, application: Application, at: datetime) -> bool:
    """Whether this very form opened the referral, now or when it was sent before: the visit it speaks of is known to nobody else."""
    if referral.signed_up_at == at:
        return True
    visit = tokens.read_visit(application.touch_token, at=at) if application.touch_token else None
    return visit is not None and referral.credits.filter(touch__token=visit.token).exists()


def _said(referral: Referral, at: datetime) -> Mapping[str, Said]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            shown = outcome.outcome_of(referral, at=at)
            said[language] = Said(shown.confirm_by, tuple(shown.mine))
    return said


def _tell_owner(code: Code, email: str, refusal: ReferralRefused, at: datetime) -> None:
    owner = lookup.by_email(email)
    if owner is None and mailbox_key(email) == mailbox_key(code.customer.email or "-"):
        owner = code.customer
    if owner is not None:
        _mail(owner, code, at, lambda: _reason(refusal))


def _remind(referral: Referral, code: Code, at: datetime) -> None:
    """Somebody sends the form again, later: perhaps the friend, who lost the mail."""
    if at - referral.signed_up_at > _JUST_NOW:
        is_open = referral.progress == Progress.SIGNED_UP
        link = verification_link(tokens.make_verification(referral, at=at)) if is_open else ""
        _mail(referral.referee, code, at, lambda: _reminder(link))


def _mail(owner: Customer, code: Code, at: datetime, reason: Callable[[], str]) -> None:
    outbox.queue(
        "sign_up_refused",
        to=owner,
        about=code.code,
        facts={"offer": lambda: code.campaign.offer, "reason": reason},
        at=at,
        campaign=code.campaign,
        dedupe=f"sign_up_refused:{owner.reference}:{at:%Y-%m-%d}",
    )


def _reason(refusal: ReferralRefused) -> str:
    """Why nothing was begun, in the language of the mail."""
    if isinstance(refusal, OutsideSegment):
        said = _("As far as we know, this does not hold: %(wanted)s If it does, just answer this mail.")
        return said % {"wanted": refusal.wanted}
    reasons = {
        "self_referral": _("It is your own invitation, and it is meant for somebody else. Send your link to a friend."),
        "already_customer": _(
            "You are a customer already, and this offer is for people who are new to us. You can invite friends yourself."
        ),
        "already_referred": _another_before(),
    }
    return reasons[refusal.code]


def _another_before() -> str:
    said = _("You accepted another invitation to this offer before.")
    return f"{said} {_question()}"


def _reminder(link: str) -> str:
    """That it was accepted before, with the way to confirm while that is missing.

    Not what became of it: whether a sign-up was blocked is told to nobody, and that it still stands would not be true then.
    """
    said = _("You have accepted this invitation already.")
    if not link:
        return f"{said} {_question()}"
    confirm = _("What is missing is that you confirm your address. Open this page and press the button: %(link)s")
    return f"{said} {confirm % {'link': link}}"


def _question() -> str:
    return _("If you have a question about it, just answer this mail.")
