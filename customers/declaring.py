"""Fields a company declares for itself."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from customers.models import Attribute
from customers.refusals import CustomerInvalid, CustomerRefused
from customers.states import AttributeType

_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}\Z")


def declare(
    *,
    name: str,
    label: str,
    type: str,
    at: datetime,
    by: Actor,
    choices: Sequence[str] = (),
    is_sensitive: bool = False,
) -> Attribute:
    """Declare an attribute; the same again answers the one there is.

    Refuses with `attribute_invalid`, or `attribute_differs` when the name is taken by one of another type.
    """
    by.require("customers.add_attribute")
    wanted = proposed(name=name, label=label, type=type, choices=choices, is_sensitive=is_sensitive)
    with transaction.atomic():
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError:
            return _the_same(wanted)
        trail.record("attribute.declared", about=wanted, by=by, at=at, type=type)
    return wanted


def proposed(*, name: str, label: str, type: str, choices: Sequence[str] = (), is_sensitive: bool = False) -> Attribute:
    """The attribute as it would be declared, not stored. Refuses with `attribute_invalid`."""
    if not _NAME.match(name):
        raise CustomerInvalid(
            "attribute_invalid", f"“{name}” cannot name an attribute: use small letters, digits and _, at most 50."
        )
    if type not in AttributeType.values:
        raise CustomerInvalid(
            "attribute_invalid", f"The attribute “{name}” needs a type: one of {', '.join(AttributeType.values)}."
        )
    if (type == AttributeType.CHOICE) != bool(choices):
        raise CustomerInvalid("attribute_invalid", f"The attribute “{name}”: choices belong to the type choice, and to no other.")
    return Attribute(name=name, label=label[:80] or name, type=type, choices=list(choices), is_sensitive=is_sensitive)


def _the_same(wanted: Attribute) -> Attribute:
    there = Attribute.objects.get(name=wanted.name)
    if (there.type, there.choices) != (wanted.type, wanted.choices):
        raise CustomerRefused(
            "attribute_differs", f"The attribute “{there.name}” exists with the type {there.type}. Take another name."
        )
    return there
