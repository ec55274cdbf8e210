"""A year of lending, lived twice by the same friends: once as the product promises, once as a look at the shelf does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import transaction

from audit.actors import SYSTEM
from campaigns import recipes, running
from campaigns.models import Campaign
from config.simulation.calendar import Calendar
from config.simulation.fate import Fate, fates
from config.simulation.truth import Tally
from config.simulation.ways import ByTheShelf, Way, WithBook
from customers import registering
from equipment import stocking
from equipment.models import EquipmentModel, Pool
from notices import default_templates
from referrals import issuing, promise_book

START = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
UNITS = 12
REFERRERS = 40
_RECIPE = Path(__file__).parent / "world.toml"
_DAY = timedelta(days=1)

Progress = Callable[[], object]


@dataclass(frozen=True)
class Year:
    """How the same year went both ways; `book_kept` and `book_broken` are what the promise book itself counted."""

    with_book: Tally
    without: Tally
    book_kept: int
    book_broken: int

    @property
    def is_honest(self) -> bool:
        """Whether the book counted what was true."""
        return (self.book_kept, self.book_broken) == (self.with_book.kept, self.with_book.broken)


class _Undo(Exception):
    """Ends a life so that nothing of it stays."""


def live(*, seed: int, days: int, units: int = UNITS, progress: Progress = lambda: None) -> Year:
    """Live `days` days twice in the present database, and leave it as it was. The same seed gives the same figures.

    `progress` is told of each day lived. To be called on a database without campaigns (see `scratch`).
    """
    friends = fates(seed=seed, days=days)
    end = START + days * _DAY
    found: list[tuple[Tally, int, int]] = []
    for way in (WithBook, ByTheShelf):
        try:
            with transaction.atomic():
                found.append(_life(way, friends, days=days, units=units, end=end, progress=progress))
                raise _Undo
        except _Undo:
            continue
    (with_book, kept, broken), (without, _, _) = found
    return Year(with_book, without, kept, broken)


def _life(
    make: Callable[[Campaign, Pool, Calendar], Way],
    friends: list[Fate],
    *,
    days: int,
    units: int,
    end: datetime,
    progress: Progress,
) -> tuple[Tally, int, int]:
    campaign, pool = _world(units)
    calendar = Calendar()
    way = make(campaign, pool, calendar)
    for fate in friends:
        calendar.later(START + fate.joins, partial(way.join, fate))
    for day in range(days):
        calendar.run_until(START + day * _DAY)
        way.night(START + day * _DAY)
        progress()
    calendar.run_until(end)
    book = promise_book.book_of(campaign, at=end)
    return way.truth.tally(end), book.kept, book.broken


def _world(units: int) -> tuple[Campaign, Pool]:
    """A campaign that lends cameras to friends, its pool, and people with codes."""
    at = START - _DAY
    default_templates.install(at=at)
    model = EquipmentModel.objects.create(
        sku="simulated-camera", name="Camera", replacement_value=900, loan_days=14, turnaround_days=2
    )
    pool = Pool.objects.create(model=model, place="Berlin", country="DE", time_zone="Europe/Berlin", open_days="1111110")
    for number in range(1, units + 1):
        stocking.add_unit(pool=pool, serial=f"SIM-{number:03}", at=at, by=SYSTEM)
    for number in range(1, REFERRERS + 1):
        registering.register(
            name=f"Referrer {number}", email=f"referrer{number}@example.com", at=at, by=SYSTEM, country="DE", external_id=f"S{number}",
            membership="active", member_since=at.date(), origin="import", origin_reason="Simulated.",
        )  # fmt: skip
    campaign = recipes.load(recipe=recipes.parse(_RECIPE.read_text(encoding="utf-8")), at=at, by=SYSTEM)
    running.launch(campaign=campaign, at=at, by=SYSTEM)
    issuing.issue_codes(campaign=campaign, at=at, by=SYSTEM)
    return campaign, pool
