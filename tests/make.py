"""Valid things for tests, made plainly: every factory takes changes and fills in the rest."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from campaigns.models import Campaign, Tier
from campaigns.states import RewardKind, Side
from customers.models import Acceptance, Agreement, AgreementVersion, Customer
from equipment.models import EquipmentModel, Pool, Unit
from referrals.models import Code, PromoCode, SpokenName

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_count = itertools.count(100_000)
"""Names made from it are all of one length, so that their order is the order in which they were made."""


def make_customer(name: str = "Asha Rao", **changes: Any) -> Customer:
    """An active customer of two years in Germany."""
    n = next(_count)
    email = changes.pop("email", f"{name.split()[0].lower()}{n}@example.org")
    values: dict[str, Any] = {
        "external_id": f"C{n}",
        "name": name,
        "email": email,
        "email_key": email.casefold(),
        "country": "DE",
        "membership": "active",
        "member_since": (AT - timedelta(days=730)).date(),
        "origin": "import",
        "created_at": AT,
    }
    return Customer.objects.create(**{**values, **changes})


def make_model(name: str = "Aero 7 camera", **changes: Any) -> EquipmentModel:
    """A camera lent for 14 days with 2 days of turnaround."""
    n = next(_count)
    values = {"sku": f"camera-{n}", "name": name, "loan_days": 14, "turnaround_days": 2, "replacement_value": 900}
    return EquipmentModel.objects.create(**{**values, **changes})


def make_pool(*, units: int = 3, model: EquipmentModel | None = None, **changes: Any) -> Pool:
    """A pool in Berlin with `units` units in service."""
    pool = Pool.objects.create(**{"model": model or make_model(), "place": "Berlin", "country": "DE", **changes})
    for _ in range(units):
        make_unit(pool)
    return pool


def make_unit(pool: Pool, **changes: Any) -> Unit:
    """One unit in service."""
    values: dict[str, Any] = {"serial": f"SN-{next(_count):05}", "service_since": AT, "created_at": AT}
    return Unit.objects.create(pool=pool, **{**values, **changes})


def make_terms(slug: str = "campaign-terms", body: str = "Be fair. Bring it back.", title: str = "") -> Agreement:
    """An agreement with one published version."""
    agreement, created = Agreement.objects.get_or_create(
        slug=slug, defaults={"title": title or slug.replace("-", " ").capitalize()}
    )
    if created:
        AgreementVersion.objects.create(agreement=agreement, number=1, body=body, sha256="a" * 64, published_at=AT)
    return agreement


def make_acceptance(customer: Customer, agreement: Agreement, about: str) -> Acceptance:
    """The customer's yes to the current version."""
    version = agreement.current()
    assert version is not None
    return Acceptance.objects.create(
        customer=customer, version=version, sha256=version.sha256, about=about, typed_name=customer.name, how="test", at=AT
    )


def make_campaign(*, pool: Pool | None = None, both_sides: bool = True, **changes: Any) -> Campaign:
    """A live campaign that lends the pool's model to both sides for each verified friend."""
    pool = pool or make_pool()
    values: dict[str, Any] = {
        "slug": f"campaign-{next(_count)}",
        "name": "Bring a friend",
        "headline": "Bring a friend, borrow a camera",
        "state": "live",
        "launched_at": AT - timedelta(days=1),
        "starts_at": AT - timedelta(days=1),
        "created_at": AT - timedelta(days=2),
        "equipment_model": pool.model,
        "campaign_terms": make_terms(),
        "loan_terms": make_terms("loan-terms"),
    }
    campaign = Campaign.objects.create(**{**values, **changes})
    for side in (Side.REFERRER, Side.REFEREE) if both_sides else (Side.REFERRER,):
        make_tier(campaign, side=side)
    return campaign


def make_words(code: Code) -> None:
    """A promo code and a name by which the owner of a code is found."""
    n = next(_count)
    PromoCode.objects.create(code=code, text=f"WORD-{n}", key=f"W0RD{n}", chosen_at=AT)
    SpokenName.objects.create(code=code, text=f"Asha Rao {n}", key=f"{n} asha rao", chosen_at=AT)


def make_tier(campaign: Campaign, **changes: Any) -> Tier:
    """A tier giving the campaign's model, each time."""
    values: dict[str, Any] = {
        "key": f"tier-{next(_count)}",
        "side": Side.REFERRER,
        "title": "Borrow a camera",
        "kind": RewardKind.EQUIPMENT,
        "equipment_model": campaign.equipment_model,
    }
    values |= changes
    if values["kind"] != RewardKind.EQUIPMENT:
        values["equipment_model"] = None
    return Tier.objects.create(campaign=campaign, **values)
