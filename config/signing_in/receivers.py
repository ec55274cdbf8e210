"""What happens at the door goes on the trail."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in as session_began
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from audit import trail
from audit.actors import Actor, staff
from audit.editing import Named
from config.signing_in import clocks, guessing
from config.signing_in.factors import named
from desk.rate_limits import Limit, TooOften

_DOOR = Named("door", "log-in")
_STRANGER = Actor(name="unknown")
_UNKNOWN_NAMES = Limit("unknown-names-on-the-trail", 20, 3600)
"""Names that nobody has can be tried without end; the trail need not keep every one."""

_KINDS = {Authenticator.Type.TOTP.value: "an authenticator app", Authenticator.Type.RECOVERY_CODES.value: "recovery codes"}


@receiver(user_logged_in, dispatch_uid="trail")
@transaction.atomic
def note_sign_in(request: HttpRequest, user: Any, **_: Any) -> None:
    """Somebody came in."""
    last = [record.get("type") for record in get_authentication_records(request, user)][-1:]
    how = {"totp": "with a second factor", "recovery_codes": "with a recovery code"}.get(str(*last), "by password alone")
    trail.record("staff.signed_in", about=named(user), by=staff(user), at=timezone.now(), how=how)


@receiver(session_began, dispatch_uid="clock")
def bring_clock(request: HttpRequest, user: Any, **_: Any) -> None:
    """The new session goes by the clock of its owner."""
    clocks.keep(request.session, clocks.zone_of(user))


@receiver(user_login_failed, dispatch_uid="trail")
@transaction.atomic
def note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A password was wrong. What is refused while a name is locked is not counted, here or there."""
    if request is None or not _is_counted(request):
        return
    user, at = guessing.account_of(str(credentials.get("username", ""))), timezone.now()
    if user is not None:
        trail.record("staff.sign_in_failed", about=named(user), by=_STRANGER, at=at)
    elif _is_worth_noting(request):
        trail.record("staff.unknown_sign_in", about=_DOOR, by=_STRANGER, at=at)


def _is_counted(request: HttpRequest) -> bool:
    """Whether axes, whose receiver comes first, has counted this failure; it does not while a name is locked."""
    return getattr(request, "axes_failures_since_start", None) is not None


def _is_worth_noting(request: HttpRequest) -> bool:
    try:
        _UNKNOWN_NAMES.take("all", at=timezone.now())
    except TooOften:
        return False
    return True


@receiver(user_locked_out, dispatch_uid="trail")
@transaction.atomic
def note_lock(request: HttpRequest, username: str, **_: Any) -> None:
    """The fifth failure; later refusals are the same lock."""
    user = guessing.account_of(username)
    if user is not None and _is_counted(request):
        trail.record("staff.locked", about=named(user), by=_STRANGER, at=timezone.now())


@receiver(authentication_failed, dispatch_uid="trail")
@transaction.atomic
def note_wrong_code(user: Any, **_: Any) -> None:
    """The password was right, the code was not."""
    trail.record("staff.code_failed", about=named(user), by=_STRANGER, at=timezone.now())


@receiver(authenticator_added, dispatch_uid="trail")
@transaction.atomic
def note_factor(user: Any, authenticator: Authenticator, **_: Any) -> None:
    """A factor is there."""
    trail.record("staff.factor_added", about=named(user), by=staff(user), at=timezone.now(), kind=_KINDS[authenticator.type])


@receiver(authenticator_removed, dispatch_uid="trail")
@transaction.atomic
def note_removal(user: Any, authenticator: Authenticator, **_: Any) -> None:
    """A factor is gone."""
    trail.record("staff.factor_removed", about=named(user), by=staff(user), at=timezone.now(), kind=_KINDS[authenticator.type])


@receiver(authenticator_reset, dispatch_uid="trail")
@transaction.atomic
def note_new_codes(user: Any, **_: Any) -> None:
    """New recovery codes."""
    trail.record("staff.codes_replaced", about=named(user), by=staff(user), at=timezone.now())


@receiver(password_changed, dispatch_uid="trail")
@transaction.atomic
def note_password(user: Any, **_: Any) -> None:
    """A new password, by whoever knew the old one."""
    trail.record("staff.password_changed", about=named(user), by=staff(user), at=timezone.now())


@receiver(password_reset, dispatch_uid="trail")
@transaction.atomic
def note_reset(user: Any, **_: Any) -> None:
    """A new password, by whoever had the link."""
    trail.record("staff.password_reset", about=named(user), by=_STRANGER, at=timezone.now())
