"""Opaque public names for rows: `loan_7K2M…`. Never a database id, never a person's data."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U."""

LENGTH = 16
"""16 characters of 5 bits: 80 bits, enough that two rows never meet and nobody guesses one."""


def new_reference(prefix: str) -> str:
    """A fresh name such as `loan_3F9K…`, from the operating system's random source."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
