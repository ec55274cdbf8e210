"""What a page of the list of referrals costs beside few and very many of them, in two databases of its own, measured in turns.

The pages are those of the desk, with everything around the list, as an administrator is shown them.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory

from campaigns.models import Campaign
from config.simulation import scratch
from customers.models import Customer
from desk.lists.views import answer
from equipment.models import EquipmentModel
from referrals.models import Code, Referral

SIZES = (10_000, 1_000_000)
"""Referrals in the short list and in the long one."""
ROUNDS = 15
_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_CAMPAIGNS = 20
_FRIENDS_EACH = 10
"""Referrals of each referrer, and through each code."""
_BATCH = 5_000
_PAGE = 50


@dataclass(frozen=True)
class Cost:
    """Seconds for one kind of page, the best of some rounds, with few referrals and with many."""

    name: str
    small: float
    large: float

    @property
    def ratio(self) -> float:
        """How many times the short list the long one is."""
        return self.large / self.small


def list_costs(*, sizes: tuple[int, int] = SIZES, rounds: int = ROUNDS, progress: Callable[[int], object]) -> list[Cost]:
    """Each kind of page at both sizes, in turns of one run; `progress` is told of each referral made. Nothing stays."""
    with scratch.several("small", "large") as databases:
        asked = []
        for database, size in zip(databases, sizes, strict=True):
            with scratch.using(database):
                _fill(size, progress)
                asked.append(_asked())
        return measured(databases, asked, rounds)


def measured(databases: Sequence[BaseDatabaseWrapper], asked: Sequence[dict[str, dict[str, str]]], rounds: int) -> list[Cost]:
    """The cost of each kind of page in the short database and in the long one."""
    best = {name: [float("inf"), float("inf")] for name in asked[0]}
    for turn in range(rounds):
        for name in best:
            # One right after the other and the other first each time, so that a busy machine slows both alike.
            for place in (0, 1) if turn % 2 else (1, 0):
                with scratch.using(databases[place]):
                    # The first look after a change of databases reads anew what is kept between pages.
                    best[name][place] = min(best[name][place], *(_look(asked[place][name]) for _ in range(2)))
    return [Cost(name, *seconds) for name, seconds in best.items()]


def _look(query: dict[str, str]) -> float:
    request = RequestFactory().get("/admin/referrals/referral/", query, headers={"host": "localhost"})
    request.user = User.objects.get()
    request.session = {}  # type: ignore[assignment]
    page = admin.site._registry[Referral]
    # SQLite works in this process: its processor time says what a page costs however busy the machine is. PostgreSQL does not.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    started = clock()
    response: Any = answer(page.listing, request)  # type: ignore[attr-defined]
    response.render()
    seconds = clock() - started
    assert response.status_code == 200 and response.context_data["asked"].shown.rows, query
    return seconds


def _asked() -> dict[str, dict[str, str]]:
    """The pages by name, of rows that are there."""
    rows = Referral.objects.order_by("signed_up_at", "pk")
    middle = Referral.objects.order_by("pk")[Referral.objects.count() // 2]
    campaign = str(middle.campaign_id)
    doubted = str(Referral.objects.filter(standing="flagged").latest("pk").campaign_id)
    last, deep = str(rows[_PAGE].pk), str(middle.pk)
    return {
        "first page": {},
        "a page in the middle": {"after": deep},
        "last page": {"after": last},
        "before the last page": {"before": last},
        "one campaign": {"campaign": campaign},
        "deep in one campaign": {"campaign": campaign, "after": deep},
        "one stage": {"progress": "verified"},
        "to be looked at": {"standing": "flagged"},
        "two filters": {"campaign": doubted, "standing": "flagged"},
        "a week": {
            "signed_up_from": f"{_AT - timedelta(days=30):%Y-%m-%d}",
            "signed_up_to": f"{_AT - timedelta(days=24):%Y-%m-%d}",
        },
        "highest risk first": {"sort": "-risk"},
        "by e-mail address": {"q": str(middle.referrer.email)},
        "by name": {"q": str(middle.referrer.name)},
        "by reference": {"q": middle.reference},
        "by code": {"q": middle.code.code},
    }


def _fill(size: int, progress: Callable[[int], object]) -> None:
    User.objects.create_superuser("bench")
    model = EquipmentModel.objects.create(sku="bench-camera", name="Camera")
    campaigns = Campaign.objects.bulk_create(
        Campaign(slug=f"bench-{n}", name=f"Campaign {n}", equipment_model=model, created_at=_AT) for n in range(_CAMPAIGNS)
    )
    people = size // _FRIENDS_EACH + 1
    for numbers in _batches(2 * people):
        Customer.objects.bulk_create(_customer(n) for n in numbers)
    customers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    for numbers in _batches(people):
        Code.objects.bulk_create(_code(n, customers[n], campaigns, model) for n in numbers)
    codes = list(Code.objects.order_by("pk").values_list("pk", flat=True))
    for numbers in _batches(size):
        Referral.objects.bulk_create(_referral(n, size, customers, codes, campaigns) for n in numbers)
        progress(len(numbers))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batches(size: int) -> Iterator[range]:
    return (range(begin, min(begin + _BATCH, size)) for begin in range(0, size, _BATCH))


def _customer(n: int) -> Customer:
    email = f"person{n}@example.com"
    return Customer(name=f"Asha{n} Rao{n}", email=email, email_key=email, external_id=f"B{n}", created_at=_AT)


def _code(n: int, customer: int, campaigns: Sequence[Campaign], model: EquipmentModel) -> Code:
    return Code(
        campaign=campaigns[n % _CAMPAIGNS],
        customer_id=customer,
        equipment_model=model,
        code=f"B{n:09}",
        rules_version=1,
        issued_at=_AT,
    )


def _referral(n: int, size: int, customers: Sequence[int], codes: Sequence[int], campaigns: Sequence[Campaign]) -> Referral:
    """Number `n`, spread evenly over a year; one in eight is verified, another flagged, so that both sizes fill a page by every filter."""
    referrer, turn = n % len(codes), n // len(codes)
    # Nobody joins one campaign twice: its referrers are every twentieth, and each brings a stretch of friends of its own.
    friend = len(codes) + referrer // _CAMPAIGNS * _FRIENDS_EACH + turn
    signed_up_at = _AT - timedelta(days=365) * (1 - n / size)
    is_verified, is_flagged = n % 8 == 0, n % 8 == 1
    return Referral(
        campaign=campaigns[referrer % _CAMPAIGNS], code_id=codes[referrer], referrer_id=customers[referrer], referee_id=customers[friend],
        progress="verified" if is_verified else "signed_up", progress_reason="Signed up.", signed_up_at=signed_up_at,
        proof_due_at=signed_up_at + timedelta(days=30), verified_at=signed_up_at if is_verified else None,
        standing="flagged" if is_flagged else "clear", standing_reason="Looks odd." if is_flagged else "", risk=n * 7 % 101,
    )  # fmt: skip
