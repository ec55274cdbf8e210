"""Changing what is known of a customer."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from audit import trail
from audit.actors import Actor
from customers import profiles
from customers.models import Customer
from customers.refusals import CustomerInvalid, CustomerRefused
from customers.states import MEMBERSHIP_MOVES, Membership
from desk.moves import move


def update_profile(*, customer: Customer, at: datetime, by: Actor, **changes: Any) -> Customer:
    """Change fields of the profile (`customers.profiles.PROFILE`); `attributes` are laid over the known ones.

    Answers the customer as stored. Changes that change nothing leave no trace. Refuses with `erased`, `email_taken`,
    `external_id_taken`, or `<field>_invalid`. The trail names the fields, never their values.
    """
    if by.user is not None:
        by.require("customers.change_customer")
    with transaction.atomic():
        row = profiles.lock(customer)
        cleaned = profiles.clean(changes, country=row.country, attributes=row.attributes)
        different = {column: value for column, value in cleaned.items() if getattr(row, column) != value}
        if different:
            _write(row, different)
            trail.record("customer.updated", about=row, by=by, at=at, fields=", ".join(sorted(set(different) - {"email_key"})))
    for column in cleaned:
        setattr(customer, column, getattr(row, column))
    return customer


def _write(row: Customer, columns: dict[str, Any]) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
    try:
        with transaction.atomic():
            row.save(update_fields=sorted(columns))
    except IntegrityError as error:
        raise profiles.taken(error) from error


def change_membership(*, customer: Customer, membership: str, reason: str, at: datetime, by: Actor) -> bool:
    """Move a customer to another membership, for a reason that names nobody. Answers whether anything changed.

    Refuses with `erased` or `reason_missing`. To make someone active for the first time use `verifying.activate`.
    """
    if by.user is not None:
        by.require("customers.change_customer")
    if not reason.strip():
        raise CustomerInvalid("reason_missing", "Write why the membership changes.")
    with transaction.atomic():
        row = profiles.lock(customer)
        before, after = Membership(row.membership), Membership(membership)
        if before == after:
            return False
        move(row, to=after, moves=MEMBERSHIP_MOVES, refusal=CustomerRefused, field="membership")
        trail.record("customer.membership_changed", about=row, by=by, at=at, reason=reason, before=str(before), after=str(after))
    customer.membership = after
    return True
