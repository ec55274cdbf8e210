"""What to do first, on the first page, until it is done: customers, equipment, a campaign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from campaigns.models import Campaign
from customers.models import Customer
from desk import home
from desk.home import Section, Shown
from desk.parts import Check
from equipment.models import Unit


@dataclass(frozen=True)
class _Step:
    todo: str
    done: str
    why: str
    action: str
    url: Callable[[], str]
    permission: str
    is_done: Callable[[], bool]


_STEPS = (
    _Step(
        "Import your customers", "Customers are in", "They are the ones who bring friends. A CSV file is enough.",
        "Import customers", lambda: reverse("admin:import_upload", args=["customers"]), "customers.import_customers",
        lambda: Customer.objects.exists(),
    ),
    _Step(
        "Add the equipment you lend", "Equipment is in", "Models, places and units with their serial numbers.",
        "Import units", lambda: reverse("admin:import_upload", args=["units"]), "equipment.import_units",
        lambda: Unit.objects.exists(),
    ),
    _Step(
        "Start a campaign", "There is a campaign", "It stays a draft, seen by nobody, until it is launched.",
        "New campaign", lambda: reverse("admin:campaign_start"), "campaigns.load_campaign",
        lambda: Campaign.objects.exists(),
    ),
)  # fmt: skip


def first_steps(request: HttpRequest, at: datetime) -> Shown | None:
    """The steps with what is done of them; nothing once all are."""
    done = [step.is_done() for step in _STEPS]
    if all(done):
        return None
    checks = [_check(step, is_done, request) for step, is_done in zip(_STEPS, done, strict=True)]
    return Shown("help/_first_steps.html", {"checks": checks})


def _check(step: _Step, is_done: bool, request: HttpRequest) -> Check:
    if is_done:
        return Check(step.done)
    if request.user.has_perm(step.permission):
        return Check(step.todo, is_ok=False, evidence=step.why, fix=step.action, url=step.url(), tone="info")
    return Check(step.todo, is_ok=False, evidence=step.why, fix="Somebody in another role does this.", tone="info")


home.register(Section("first_steps", "campaigns.view_campaign", 1, first_steps))
