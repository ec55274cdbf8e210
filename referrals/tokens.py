"""Signed, expiring words that travel in links and forms. The clock is passed in, so that they age with it."""

from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from referrals.models import Code, Referral, Touch
from referrals.refusals import LinkExpired, LinkInvalid

_VERIFICATION = "referrals.verification"
_TOUCH = "referrals.touch"
_TOUCH_AGE = timedelta(days=90)
_FORM = "referrals.form"
_FORM_AGE = timedelta(hours=24)


def make_verification(referral: Referral, *, at: datetime) -> str:
    """The word in the verification link; good until the proof is due."""
    until = max(referral.proof_due_at, at + timedelta(days=1))
    return signing.dumps([referral.reference, int(until.timestamp())], salt=_VERIFICATION)


def read_verification(text: str, *, at: datetime) -> Referral:
    """The referral a verification link is about.

    Raises `LinkInvalid` for a forged or unknown word and `LinkExpired` for one past its time.
    """
    try:
        reference, until = signing.loads(text, salt=_VERIFICATION)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise _invalid() from error
    if at >= datetime.fromtimestamp(until, tz=UTC):
        raise LinkExpired("link_expired", _("This link has expired. Ask your friend for a new invitation and sign up again."))
    referral = Referral.objects.select_related("campaign", "referrer", "referee", "code").filter(reference=reference).first()
    if referral is None:
        raise _invalid()
    return referral


def _invalid() -> LinkInvalid:
    return LinkInvalid("link_invalid", _("This link is not complete. Open it again from the e-mail, or copy the whole line."))


def sign_touch(touch: Touch, *, at: datetime) -> str:
    """The word in the landing page's form that says which visit led to the sign-up."""
    return signing.dumps([str(touch.token), int(at.timestamp())], salt=_TOUCH)


def read_touch(text: str, *, at: datetime) -> Touch | None:
    """The visit named by a form's word, or None when it is forged, older than 90 days or gone: a sign-up never fails by it."""
    try:
        token, made = signing.loads(text, salt=_TOUCH)
        if at - datetime.fromtimestamp(made, tz=UTC) > _TOUCH_AGE:
            return None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Touch.objects.select_related("code__campaign", "code__customer").filter(token=token).first()


def sign_form(code: Code, *, at: datetime) -> str:
    """The word in the landing page's form that says it came from that page. Nothing is stored on the device for it."""
    return signing.dumps([code.code, int(at.timestamp())], salt=_FORM)


def is_own_form(text: str, code: Code, *, at: datetime) -> bool:
    """Whether a form's word was given out with the page of this code within the last 24 hours."""
    try:
        given_to, made = signing.loads(text, salt=_FORM)
        return given_to == code.code and at - datetime.fromtimestamp(made, tz=UTC) <= _FORM_AGE
    except (signing.BadSignature, ValueError, TypeError):
        return False
