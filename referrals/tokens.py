"""Signed, expiring words that travel in links and forms. The clock is passed in, so that they age with it."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.core import signing
from django.utils.translation import gettext as _

from referrals.models import Referral, SubstituteOffer
from referrals.refusals import LinkExpired, LinkInvalid
from referrals.states import Progress
from referrals.visits import Visit

_VERIFICATION = "referrals.verification"
_ANSWER = "referrals.substitute"
_TOUCH = "referrals.touch"
_TOUCH_AGE = timedelta(days=90)
_FORM = "referrals.form"
_FORM_AGE = timedelta(hours=24)


def make_verification(referral: Referral, *, at: datetime) -> str:
    """The word in the verification link; good until the proof is due."""
    until = max(referral.proof_due_at, at + timedelta(days=1))
    return signing.dumps([referral.reference, int(until.timestamp())], salt=_VERIFICATION)


@dataclass(frozen=True)
class Verification:
    """What a verification link says: the referral it is about, and until when it is good."""

    referral: Referral
    until: datetime


def read_verification(text: str) -> Verification:
    """What a verification link says, however old it is. Raises `LinkInvalid` for a forged or unknown word."""
    try:
        reference, until = signing.loads(text, salt=_VERIFICATION)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _invalid() from error
    referral = Referral.objects.select_related("campaign", "referrer", "referee", "code").filter(reference=reference).first()
    if referral is None:
        raise _invalid()
    return Verification(referral, datetime.fromtimestamp(until, tz=UTC))


def refuse_expired(link: Verification, *, at: datetime) -> None:
    """Raise `LinkExpired` for a link past its time, in the language spoken now: it is the friend's own once they are known."""
    if at >= link.until:
        raise _expired(link.referral)


def _expired(referral: Referral) -> LinkExpired:
    if referral.progress == Progress.QUALIFIED:
        return LinkExpired(
            _("This link has expired. You had confirmed your address before, so there is nothing left to do with it."),
            invitation=None,
        )
    return too_late(referral)


def too_late(referral: Referral) -> LinkExpired:
    """Why a link to a referral that ran out leads no further, with the invitation by which the friend may begin anew."""
    said = (
        _(
            "You had confirmed your address, but the time for the rest of what the offer asks is over. Nothing is lost: open the "
            "invitation again and join anew."
        )
        if referral.verified_at
        else _("This link has expired, for it was not used in time. Nothing is lost: open the invitation again and join anew.")
    )
    return LinkExpired(said, invitation=referral.code)


def make_answer(offer: SubstituteOffer) -> str:
    """The word in the link under which a customer answers an offer. What it is good for ends with the offer."""
    return signing.dumps(offer.reference, salt=_ANSWER)


def read_answer(text: str) -> SubstituteOffer:
    """The offer an answering link is about. Raises `LinkInvalid` for a forged or unknown word."""
    try:
        reference = signing.loads(text, salt=_ANSWER)
    except signing.BadSignature as error:
        raise _invalid() from error
    rows = SubstituteOffer.objects.select_related("loan__pool__model", "loan__borrower", "promise__loan__pool__model")
    offer = rows.filter(reference=reference).first()
    if offer is None:
        raise _invalid()
    return offer


def _invalid() -> LinkInvalid:
    return LinkInvalid("link_invalid", _("This link is not complete. Open it again from the e-mail, or copy the whole line."))


def sign_visit(visit: Visit) -> str:
    """The word in the landing page's form that says which visit led to the sign-up, even before the visit is a row."""
    flags = f"{visit.is_typed:d}{visit.is_bot:d}"
    said = (visit.token.hex, str(visit.code_id), str(int(visit.at.timestamp())), visit.channel, visit.variant, flags)
    return _signer(_TOUCH).sign(".".join(said))


def read_visit(text: str, *, at: datetime) -> Visit | None:
    """The visit a form's word speaks of, or None when it is forged or older than 90 days: a sign-up never fails by it."""
    try:
        token, code, made, channel, variant, flags = _signer(_TOUCH).unsign(text).split(".")
        came = datetime.fromtimestamp(int(made), tz=UTC)
    except (signing.BadSignature, ValueError):
        return None
    if at - came > _TOUCH_AGE:
        return None
    is_typed, is_bot = (flag == "1" for flag in flags)
    return Visit(uuid.UUID(token), int(code), came, channel, variant, is_typed=is_typed, is_bot=is_bot)


def sign_form(code: str, *, at: datetime) -> str:
    """The word in the landing page's form that says it came from that page. Nothing is stored on the device for it."""
    return _signer(_FORM).sign(f"{code}.{int(at.timestamp())}")


def is_own_form(text: str, code: str, *, at: datetime) -> bool:
    """Whether a form's word was given out with the page of this code within the last 24 hours."""
    try:
        given_to, made = _signer(_FORM).unsign(text).split(".")
        return given_to == code and at - datetime.fromtimestamp(int(made), tz=UTC) <= _FORM_AGE
    except (signing.BadSignature, ValueError):
        return False


@lru_cache(maxsize=8)
def _signer(purpose: str) -> signing.Signer:
    """Words for one purpose are no good for another."""
    return signing.Signer(salt=purpose)
