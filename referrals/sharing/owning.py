"""Whose code it is: a customer changes their own, staff may with a permission, nobody else at all."""

from audit.actors import Actor, customer
from referrals.models import Code


def require_owner(code: Code, by: Actor) -> None:
    """Raise `PermissionDenied` unless `by` is the customer whose code it is, or may issue codes."""
    if by != customer(code.customer.reference):
        by.require("referrals.issue_codes")
