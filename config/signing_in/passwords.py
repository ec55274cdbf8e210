"""Passwords that whoever guesses at this product would try first."""

import re
from typing import Any

from django.core.exceptions import ValidationError

_TRIED_FIRST = ("lendwell", "password", "passwort", "welcome", "admin", "secret", "qwerty")
_LETTERS_LEFT = 6


class NotOurNameValidator:
    """Refuses passwords that are little more than the product's name, the person's own, or a word everybody tries."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` when hardly a letter is left without those words."""
        names = [user.get_username(), user.first_name, user.last_name] if user else []
        left = re.sub(r"[^a-z]", "", password.casefold()) if password.isascii() else password
        for word in sorted((*_TRIED_FIRST, *(name.casefold() for name in names if len(name) > 2)), key=len, reverse=True):
            left = left.replace(word, "")
        if password != left and len(left) < _LETTERS_LEFT:
            raise ValidationError(self.get_help_text(), code="password_is_our_name")

    def get_help_text(self) -> str:
        """What is asked, in words."""
        return "Take something else than the name of this product, your own name or a common word with numbers."
