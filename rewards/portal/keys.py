"""Random keys that let somebody in, and what is kept of them: never the key, only a hash.

A link carries 32 random bytes, so a plain SHA-256 (FIPS 180-4) of it tells nothing. A code has a million values, so it is hashed
under our own key and with the sign-in it belongs to.
"""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

KEY_BYTES = 32
CODE_DIGITS = 6
KEY_LENGTH = 43
"""Characters of a key in base 64 as it is written in addresses (RFC 4648, section 5)."""


def new_key() -> str:
    """A fresh key of 256 bits from the operating system's random source, fit for an address and a cookie."""
    return secrets.token_urlsafe(KEY_BYTES)


def hash_of(key: str) -> str:
    """What is kept of a key: 64 hexadecimal characters."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_code() -> str:
    """Six random digits, to be typed on another device."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def code_hash(reference: str, code: str) -> str:
    """What is kept of a code that belongs to the sign-in `reference`."""
    return salted_hmac("rewards.portal.code", f"{reference}:{code}", algorithm="sha256").hexdigest()
