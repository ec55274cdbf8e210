"""Who is the same person? Pure rules that bring addresses and numbers into one shape for comparing."""

import unicodedata

import phonenumbers

_DOTLESS_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
_UNSEEN = frozenset({"Cf", "Cc"})
"""Unicode categories of characters nobody sees: formats such as zero-width spaces, and controls."""


def tidy(text: str) -> str:
    """`text` in NFKC, without characters nobody sees, with single spaces and none at the ends."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(" " if letter in "\t\r\n" else letter for letter in normal if letter in "\t\r\n" or _is_seen(letter))
    return " ".join(seen.split())


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN


def email_key(email: str) -> str:
    """The address for comparing: tidied, without spaces at the ends, case folded. Two live customers never share one."""
    return tidy(email).casefold()


def mailbox_key(email: str) -> str:
    """The mailbox behind an address, for likeness only: without a `+tag`, and without dots where the provider ignores them.

    Never used to refuse or to merge by itself: other providers may see two people here.
    """
    local, at_sign, domain = email_key(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS_DOMAINS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}{at_sign}{domain}"


def phone_e164(text: str, country: str) -> str:
    """The number as E.164 (`+491701234567`). `country` (ISO 3166-1 alpha-2) is where a number without `+` is dialled.

    Raises `ValueError` with a sentence when this cannot be a number; an empty text answers an empty one.
    """
    wanted = tidy(text)
    if not wanted:
        return ""
    try:
        number = phonenumbers.parse(wanted, country or None)
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a phone number; write it with its country code, such as +49 170 1234567") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("has too many or too few digits for a phone number; write it as +49 170 1234567")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
