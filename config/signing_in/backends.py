"""Who may sign in at all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class StaffBackend(AuthenticationBackend):
    """Knows active staff by user name and password.

    It is asked on every request too: whoever was switched off or is no longer staff is a stranger from the next click on.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account may be used."""
        return bool(user.is_staff) and super().user_can_authenticate(user)
