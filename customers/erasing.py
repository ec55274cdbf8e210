"""Forgetting a person, keeping the rows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import actors, trail
from audit.actors import Actor
from customers.models import Acceptance, CreditScore, Customer
from customers.refusals import CustomerInvalid, CustomerRefused

Obstacle = Callable[[Customer], str]
Eraser = Callable[[Customer], None]

_obstacles: list[Obstacle] = []
_erasers: list[Eraser] = []

_NOTHING: dict[str, Any] = {
    "external_id": None,
    "name": "",
    "email": "",
    "email_key": "",
    "phone": "",
    "region": "",
    "postcode": "",
    "city": "",
    "birth_year": None,
    "tags": [],
    "attributes": {},
    "origin_reason": "",
}
"""What is left of a person's columns. Country, language, membership and origin stay: alone they point at nobody."""


def register_obstacle(obstacle: Obstacle) -> None:
    """Let an upper app speak against erasing: it answers a sentence (a unit is still out, say) or "". From `AppConfig.ready`."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


def register_eraser(eraser: Eraser) -> None:
    """Let an upper app wipe what it holds about the customer, in the same transaction. From `AppConfig.ready`."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase(*, customer: Customer, reason: str, at: datetime, by: Actor) -> bool:
    """Wipe everything personal about the customer, here and above. Answers whether this call did it.

    Staff who may, or the customer themselves. The row, the trail, consents and the hashes of accepted wordings stay, pseudonymous. `reason` names nobody.
    Refuses with `reason_missing`, or with `erasure_refused` and every obstacle's sentence.
    """
    if by != actors.customer(customer.reference):
        by.require("customers.erase_customer")
    if not reason.strip():
        raise CustomerInvalid("reason_missing", "Write why the data is erased, without naming the person.")
    with transaction.atomic():
        row = Customer.objects.select_for_update().get(pk=customer.pk)
        is_first = row.erased_at is None
        if is_first:
            _refuse_if_anything_speaks_against(row)
            for eraser in _erasers:
                eraser(row)
            _wipe(row, at)
            trail.record("customer.erased", about=row, by=by, at=at, reason=reason)
    customer.refresh_from_db()
    return is_first


def obstacles_of(customer: Customer) -> list[str]:
    """What speaks against erasing this customer now, a sentence each."""
    return [sentence for obstacle in _obstacles if (sentence := obstacle(customer))]


def _refuse_if_anything_speaks_against(row: Customer) -> None:
    sentences = obstacles_of(row)
    if sentences:
        raise CustomerRefused("erasure_refused", f"The data cannot be erased yet. {' '.join(sentences)}")


def _wipe(row: Customer, at: datetime) -> None:
    Customer.objects.filter(pk=row.pk).update(erased_at=at, **_NOTHING)
    CreditScore.objects.filter(customer=row).delete()
    # The trigger on acceptances leaves these two columns open for exactly this.
    Acceptance.objects.filter(customer=row).update(typed_name="", where="")
