"""From a registration to a real, active customer."""

from datetime import date, datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from customers import profiles
from customers.models import Customer
from customers.refusals import CustomerRefused
from customers.states import MEMBERSHIP_MOVES, Membership
from desk.moves import move


def verify(*, customer: Customer, how: str, at: datetime, by: Actor) -> bool:
    """Say that the registration is real. `how` in plain words, such as “button on the mailed page”, naming nobody.

    Answers whether this call did it: a second one changes and records nothing. Refuses with `erased`.
    """
    if by.user is not None:
        by.require("customers.verify_customer")
    with transaction.atomic():
        row = profiles.lock(customer)
        is_first = bool(Customer.objects.filter(pk=row.pk, verified_at__isnull=True).update(verified_at=at))
        if is_first:
            trail.record("customer.verified", about=row, by=by, at=at, how=how)
    customer.verified_at = at if is_first else row.verified_at
    return is_first


def activate(*, customer: Customer, on: date, reason: str, at: datetime, by: Actor) -> bool:
    """Make the customer active from the day `on`, which also starts the membership when none had begun.

    Answers whether this call did it: an active customer stays as they are. `reason` names nobody. Refuses with `erased`.
    Asks no permission of its own: it follows from a verb above that did (a referral that qualifies, say).
    """
    with transaction.atomic():
        row = profiles.lock(customer)
        is_new = row.membership != Membership.ACTIVE
        if is_new:
            since = row.member_since or on
            move(
                row,
                to=Membership.ACTIVE,
                moves=MEMBERSHIP_MOVES,
                refusal=CustomerRefused,
                field="membership",
                activated_on=on,
                member_since=since,
            )
            trail.record("customer.activated", about=row, by=by, at=at, reason=reason, on=on)
    customer.membership, customer.activated_on, customer.member_since = row.membership, row.activated_on, row.member_since
    return is_new
