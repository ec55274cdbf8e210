"""Filling an empty database with the demo world."""

import csv
import gc
import random
import secrets
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import connection

from audit.actors import SYSTEM
from campaigns import recipes, running
from campaigns.models import Brand, Campaign
from config import roles, sweeping
from config.demo import people, shelves, voices
from config.demo.history import World, live_one_day
from customers import consenting, importing
from customers.models import Customer
from desk import queue
from desk.refusals import Refused
from notices.sequences import editing
from referrals import issuing

DAYS = 90
CUSTOMERS = 2000
_SEED = 20260302
_WANT_NEWS = 0.15
RECIPES = Path(settings.BASE_DIR) / "campaigns" / "recipes"
_PLAN = [
    # recipe, days before today that it was launched (never, for a draft), that it was paused, and that it went on
    ("dual_sided_loaner", 90, None, None),
    ("milestone_ladder", 60, None, None),
    ("staged_after_purchase", 75, 26, 20),
    ("b2b_demo_unit", None, None, None),
]
MINA = people.colleague("mina")
_REMINDERS: dict[str, Any] = {"name": editing.USUAL_NAME, "trigger": "code_issued", "steps": editing.USUAL}


class DemoRefused(Refused):
    """The demo world is not made over real data, nor where DEMO is not set."""


def fill(*, at: datetime, days: int = DAYS, customers: int = CUSTOMERS, progress: Callable[[str], None]) -> None:
    """Make the world as it stands at `at`, after `days` days of history. `progress` is told of each day lived.

    Raises `DemoRefused` when the database already holds customers or the setting DEMO is off.
    """
    _refuse_real_data()
    _hurry()
    with queue.asleep():
        _live(at=at, days=days, customers=customers, progress=progress)


def _live(*, at: datetime, days: int, customers: int, progress: Callable[[str], None]) -> None:
    chance = random.Random(_SEED)  # a repeatable story, nothing secret hangs on it
    names = people.names(chance)
    start = (at - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    Brand.objects.get_or_create(pk=1, defaults={"company": "Lendwell Demo Ltd", "support_email": "help@example.com"})
    shelves.fill(at=start)
    _import_customers(people.customer_lines(chance, names, count=customers, at=start), at=start)
    _let_some_ask_for_news(chance, at=start)
    progress("stock and customers")
    world, campaigns = World(chance, names), dict[str, Campaign]()
    for number in range(days + 1):
        day = start + timedelta(days=number)
        _keep_to_the_plan(campaigns, days_left=days - number, at=min(day + timedelta(hours=6), at))
        live_one_day(world, day=day, until=at)
        progress(f"{day:%d %B}")
    voices.leave_something_to_do(at=at)
    sweeping.sweep(at)


def make_colleagues() -> list[tuple[str, str, str]]:
    """A log-in for each role, with one fresh password for all. Answers (user name, role, password)."""
    roles.sync()
    password = f"demo-{secrets.token_hex(5)}"
    hashed = make_password(password)
    made = []
    for username, first_name, role in people.COLLEAGUES:
        user, _ = User.objects.get_or_create(
            username=username, defaults={"first_name": first_name, "email": f"{username}@example.com", "is_staff": True}
        )
        user.is_superuser = role == "Administrator"
        user.password = hashed
        user.save()
        user.groups.set(Group.objects.filter(name=role))
        made.append((username, role, password))
    return made


def _refuse_real_data() -> None:
    if not settings.DEMO:
        raise DemoRefused(
            "demo_off", "The demo world is only made with DEMO=1 in the environment, so that no real database gets it."
        )
    if Campaign.objects.exists():
        raise DemoRefused(
            "not_empty", "There are campaigns here already. Empty the folder var/ (or use another database) to start over."
        )


def _hurry() -> None:
    """Nobody mourns a half-made demo world: SQLite need not wait for the disk, nor Python look for garbage, while it is made."""
    gc.disable()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")


def _import_customers(lines: list[dict[str, str]], *, at: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
        importing.import_customers(path=path, at=at, by=MINA)


def _let_some_ask_for_news(chance: random.Random, *, at: datetime) -> None:
    for one in Customer.objects.order_by("pk"):
        if chance.random() < _WANT_NEWS:
            consenting.record_consent(
                customer=one, channel="email", purpose="marketing", is_given=True, how="a box at the till", at=at, by=SYSTEM
            )


def _keep_to_the_plan(campaigns: dict[str, Campaign], *, days_left: int, at: datetime) -> None:
    for name, launched, paused, resumed in _PLAN:
        if name not in campaigns and days_left <= (launched or 0):
            campaigns[name] = _load(name, at=at)
            if launched is not None:
                running.launch(campaign=campaigns[name], at=at, by=MINA)
                issuing.issue_codes(campaign=campaigns[name], at=at, by=MINA)
                # Written, and left for whoever tries the demo to look at and to switch on.
                editing.save(campaign=campaigns[name], at=at, by=MINA, **_REMINDERS)
        if days_left == paused and name in campaigns:
            reason = "New stock arrives next week."
            running.pause(campaign=Campaign.objects.get(pk=campaigns[name].pk), at=at, by=MINA, reason=reason)
        if days_left == resumed and name in campaigns:
            running.resume(campaign=Campaign.objects.get(pk=campaigns[name].pk), at=at, by=MINA)


def _load(name: str, *, at: datetime) -> Campaign:
    recipe = recipes.parse((RECIPES / f"{name}.toml").read_text(encoding="utf-8"))
    return recipes.load(recipe=recipe, at=at, by=people.colleague("carl"))
