"""What each field of a customer may hold. One cleaner per field, for forms, imports and verbs alike.

A cleaner takes what was written and answers the value to store, or raises `ValueError` with the end of a sentence that
begins with the field: “birth_year *must be a year between 1900 and 2100*”. An empty text answers the empty value.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from customers.countries import COUNTRIES
from customers.identity import email_key, phone_e164, tidy
from customers.models import Attribute
from customers.states import AttributeType, Membership, Origin

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,4})?\Z")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_YES = frozenset({"yes", "y", "true", "1", "on", "ja"})
_NO = frozenset({"no", "n", "false", "0", "off", "nein"})


def text_of(limit: int) -> Callable[[Any], str]:
    """A cleaner for plain text of at most `limit` characters."""

    def clean(value: Any) -> str:
        text = tidy(str(value))
        if len(text) > limit:
            raise ValueError(f"is {len(text)} characters long; at most {limit} fit")
        return text

    return clean


def email(value: Any) -> str:
    """A possible e-mail address, tidied, its case kept. Never answers an empty one."""
    address = tidy(str(value))
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError("is not an e-mail address; it looks like name@example.org" if address else "is missing") from error
    if len(address) > 254 or len(email_key(address)) > 254:
        raise ValueError("is longer than the 254 characters an e-mail address may have")
    return address


def name(value: Any) -> str:
    """A name of 1 to 120 characters."""
    text = text_of(120)(value)
    if not text:
        raise ValueError("is missing")
    return text


def country(value: Any) -> str:
    """An ISO 3166-1 alpha-2 code in capitals, or nothing."""
    code = tidy(str(value)).upper()
    if code and code not in COUNTRIES:
        raise ValueError("must be a two-letter country code (ISO 3166-1), such as DE or FR")
    return code


def language(value: Any) -> str:
    """A language code such as `en` or `de-at`, in lower case."""
    code = tidy(str(value)).lower().replace("_", "-")
    if not _LANGUAGE.match(code):
        raise ValueError("must be a language code, such as en or de")
    return code


def birth_year(value: Any) -> int | None:
    """A year from 1900 to 2100, or nothing."""
    text = tidy(str(value)) if value is not None else ""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1900 <= int(text[:6]) <= 2100:
        raise ValueError("must be a year between 1900 and 2100")
    return int(text)


def day(value: Any) -> date | None:
    """A day written as ISO 8601 (`2024-07-19`), or nothing. No other order of day and month is guessed at."""
    if isinstance(value, date):
        return value
    text = tidy(str(value)) if value is not None else ""
    if not text:
        return None
    try:
        if not _ISO_DAY.match(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day written year-month-day, such as 2024-07-19") from None


def membership(value: Any) -> Membership:
    """One of the memberships."""
    return Membership(_one_of(value, Membership.values))


def origin(value: Any) -> Origin:
    """One of the origins."""
    return Origin(_one_of(value, Origin.values))


def _one_of(value: Any, allowed: Iterable[str]) -> str:
    word = tidy(str(value)).lower()
    if word not in allowed:
        raise ValueError(f"must be one of {', '.join(allowed)}")
    return word


def tags(value: Any) -> list[str]:
    """Tags without repeats, sorted. Text is split at `;` and `|`."""
    parts = re.split(r"[;|]", value) if isinstance(value, str) else [str(part) for part in value or []]
    clean = sorted({tidy(part) for part in parts} - {""})
    if any(len(tag) > 40 for tag in clean) or len(clean) > 50:
        raise ValueError("takes at most 50 tags of at most 40 characters")
    return clean


def score(value: Any) -> int:
    """A credit score: a whole number from 1 to 100,000 (scales differ by source)."""
    text = tidy(str(value))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:7]) <= 100_000:
        raise ValueError("must be a whole number, such as 612")
    return int(text)


def attribute(declared: Attribute, value: Any) -> Any:
    """The value of a declared attribute as stored: text, a number, an ISO day as text, true or false; None for nothing."""
    if value is None or value == "":
        return None
    return _ATTRIBUTE_CLEANERS[AttributeType(declared.type)](declared, value)


def _attribute_text(declared: Attribute, value: Any) -> str:
    return text_of(200)(value)


def _attribute_number(declared: Attribute, value: Any) -> int | float:
    try:
        number = Decimal(tidy(str(value)))
    except InvalidOperation:
        raise ValueError("must be a number, such as 3 or 12.5") from None
    if not number.is_finite() or abs(number) > 10**15:
        raise ValueError("must be a number of at most 15 digits")
    return int(number) if number == number.to_integral_value() else float(number)


def _attribute_day(declared: Attribute, value: Any) -> str | None:
    found = day(value)
    return found.isoformat() if found else None


def _attribute_yes_no(declared: Attribute, value: Any) -> bool:
    word = tidy(str(value)).lower()
    if word not in _YES | _NO:
        raise ValueError("must be yes or no")
    return word in _YES


def _attribute_choice(declared: Attribute, value: Any) -> str:
    word = tidy(str(value))
    if word not in declared.choices:
        raise ValueError(f"must be one of {', '.join(map(str, declared.choices))}")
    return word


_ATTRIBUTE_CLEANERS: dict[AttributeType, Callable[[Attribute, Any], Any]] = {
    AttributeType.TEXT: _attribute_text,
    AttributeType.NUMBER: _attribute_number,
    AttributeType.DATE: _attribute_day,
    AttributeType.YES_NO: _attribute_yes_no,
    AttributeType.CHOICE: _attribute_choice,
}

CLEANERS: dict[str, Callable[[Any], Any]] = {
    "external_id": text_of(64),
    "name": name,
    "email": email,
    "phone": text_of(40),
    "language": language,
    "country": country,
    "region": text_of(80),
    "postcode": text_of(16),
    "city": text_of(80),
    "birth_year": birth_year,
    "tags": tags,
    "membership": membership,
    "member_since": day,
    "activated_on": day,
    "origin": origin,
    "origin_reason": text_of(200),
}
"""Cleaners by field. A phone is only tidied here: its shape needs the country, see `phone`."""


def phone(value: Any, in_country: str) -> str:
    """A phone number as E.164, dialled in `in_country` when it has no country code."""
    return phone_e164(str(value), in_country)
