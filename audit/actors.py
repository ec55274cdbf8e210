"""Who acts: a member of staff, a customer, or the system itself. Every verb is told, and asks the actor's permission."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Actor:
    """Someone who acts. `name` is copied to the trail, so that it outlives the account."""

    name: str
    user: Any = field(default=None, compare=False)
    trusted: bool = False

    def may(self, permission: str) -> bool:
        """Whether this actor holds `permission` (`app.codename`). The system holds all, a customer none."""
        return self.trusted or (self.user is not None and self.user.has_perm(permission))

    def require(self, permission: str) -> None:
        """Raise `PermissionDenied` unless this actor holds `permission`."""
        if not self.may(permission):
            raise PermissionDenied(f"This needs the permission {permission}. Ask an administrator for the role that has it.")


SYSTEM = Actor(name="system", trusted=True)
"""Jobs and commands run by whoever administers the machine."""


def staff(user: Any) -> Actor:
    """The actor for a signed-in member of staff."""
    return Actor(name=f"staff:{user.get_username()}", user=user)


WITHOUT_KIND = {SYSTEM.name: "the system", "visitor": "a visitor", "unknown": "somebody unknown"}
"""Names of actors who are nobody in particular, in words. A colleague who took one of them as a user name must not read like it."""


def spoken(name: str, colleagues: Mapping[str, str] = MappingProxyType({})) -> str:
    """An actor of the trail in words, within a sentence: a customer by their reference, the system, or a colleague by the name that
    `colleagues` has for their user name, else by that.
    """
    kind, _, who = name.partition(":")
    if kind == "staff" and who:
        return colleagues.get(who) or (f"colleague “{who}”" if who.casefold() in WITHOUT_KIND else who)
    if kind == "customer" and who:
        return f"customer {who}"
    return WITHOUT_KIND.get(name, name)


def customer(reference: str) -> Actor:
    """The actor for a customer acting for themselves: pseudonymous, without staff permissions."""
    return Actor(name=f"customer:{reference}")
