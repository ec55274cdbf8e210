"""What an administrator does about a colleague's log-in; and the tables of the door, which have no pages."""

from datetime import datetime
from typing import Any

from allauth.account import admin as account_admin
from allauth.mfa import admin as factor_admin
from allauth.usersessions import admin as session_admin
from django.contrib import admin
from django.contrib.auth.models import User

from audit.actors import Actor
from config.signing_in import factors
from desk.admin.moves import Move, ReasonForm, add_move

# They register pages of their own, on which secrets and addresses could be read and factors taken away past the verb.
for _pages in (account_admin, factor_admin, session_admin):
    for _model in [model for model, page in admin.site._registry.items() if type(page).__module__ == _pages.__name__]:
        admin.site.unregister(_model)


def _has_factor(row: User, at: datetime) -> bool:
    return factors.has_second_factor(row)


def _reset(row: User, data: dict[str, Any], by: Actor, at: datetime) -> str:
    factors.reset_second_factor(colleague=row, reason=data["reason"], at=at, by=by)
    return f"The second factor of {row.get_username()} was reset. They set up a new one when they log in next."


def _end(row: User, data: dict[str, Any], by: Actor, at: datetime) -> str:
    ended = factors.end_sessions(colleague=row, at=at, by=by)
    return f"{row.get_username()} was logged out of {ended} browser{'' if ended == 1 else 's'}."


add_move(
    "auth.user",
    Move(
        "reset-factor", "Reset the second factor", _reset, "mfa.delete_authenticator", _has_factor, ReasonForm, "danger",
        "For a colleague whose phone is lost. Make sure it is really them who asks: call them, or see them.",
    ),
)  # fmt: skip
add_move(
    "auth.user",
    Move("end-sessions", "Log out of all browsers", _end, "usersessions.delete_usersession"),
)
