"""Second factors: who has one, that a code is good only once, and what is done when one is lost."""

from datetime import datetime

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.db import transaction

from audit import trail
from audit.actors import Actor
from audit.editing import Named
from config.signing_in.ciphers import decrypt
from desk.refusals import Refused

_LAST_STEP = "last_step"


class FactorRefused(Refused):
    """A factor or a session cannot be taken away like this."""


def has_second_factor(user: User) -> bool:
    """Whether this person has set up an authenticator app. Recovery codes alone are no factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def codes_left(user: User) -> int:
    """How many recovery codes of this person were not used yet."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return app_settings.RECOVERY_CODE_COUNT - kept.data["used_mask"].bit_count() if kept else 0


def spend(authenticator: Authenticator, code: str) -> bool:
    """Use a right code of an app up, and every earlier one with it. Answers False when it was used up already.

    The memory is the factor's own row, so that a code seen over a shoulder is worth nothing in any process of the site.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        step = step_of(decrypt(row.data["secret"]), code)
        if step is None or step <= row.data.get(_LAST_STEP, 0):
            return False
        row.data[_LAST_STEP] = step
        row.save(update_fields=["data"])
    return True


def step_of(secret: str, code: str) -> int | None:
    """The latest step of the clock that `code` is right for now; None when it is wrong."""
    digits = normalize_user_code(code)
    steps = [step for step in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, step)) == digits]
    return max(steps, default=None)


def remember_set_up(user: User, secret: str, code: str) -> None:
    """Count the code with which a factor was set up as used."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
        row.data[_LAST_STEP] = step_of(secret, code) or 0
        row.save(update_fields=["data"])


def reset_second_factor(*, colleague: User, reason: str, at: datetime, by: Actor) -> None:
    """Take a colleague's lost factor and recovery codes away and end all their sessions; they set up a new one at the next log-in.

    Raises `PermissionDenied`, and `FactorRefused` with `own_factor` or `no_factor`.
    """
    by.require("mfa.delete_authenticator")
    if by.user is not None and by.user.pk == colleague.pk:
        raise FactorRefused("own_factor", "Nobody resets their own second factor. Ask another administrator.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=colleague.pk)
        if not Authenticator.objects.filter(user=colleague).delete()[0]:
            raise FactorRefused("no_factor", f"{colleague.get_username()} has no second factor. There is nothing to reset.")
        trail.record("staff.factor_reset", about=named(colleague), by=by, at=at, reason=reason)
        _end_sessions(colleague)


def end_sessions(*, colleague: User, at: datetime, by: Actor) -> int:
    """Log somebody out of every browser. Answers how many sessions ended. Raises `PermissionDenied`."""
    by.require("usersessions.delete_usersession")
    with transaction.atomic():
        ended = _end_sessions(colleague)
        trail.record("staff.sessions_ended", about=named(colleague), by=by, at=at, count=ended)
    return ended


def named(user: User) -> Named:
    """How the trail knows a member of staff."""
    return Named("staff", user.get_username())


def _end_sessions(user: User) -> int:
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)
