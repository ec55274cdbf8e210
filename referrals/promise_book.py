"""The promise book: every promise made in public, where it stands, and what is out because of it. The one reading of it.

A promise stands in exactly one place.

- kept: the unit was handed over by the promised day;
- broken: that day passed without it and the unit had not been made ready by then, or it was handed over later;
- firm: a unit is kept and nothing but collecting it is missing;
- open: a unit is held and the friend has not qualified yet;
- waitlisted: it has a place in the queue;
- lapsed: the customer did not want or prove it, or did not come for a unit that stood ready; nobody broke anything.

The promised day is the last one on which, as we said, the unit can be collected: the earlier of what was said with the promise and
what was said when the unit was unlocked. What was said with the promise holds for a friend who qualifies by then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DateTimeField, F, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce, Least

from campaigns.models import Campaign
from equipment.states import GIVEN_UP, LoanState
from referrals.models import Promise
from referrals.states import Progress

_DAY = timedelta(days=1)


class PromiseStanding(TextChoices):
    """Where a promise stands."""

    FIRM = "firm", "Firm"
    OPEN = "open", "Open"
    WAITLISTED = "waitlisted", "In the queue"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    LAPSED = "lapsed", "Lapsed"


TONES = {
    PromiseStanding.FIRM: "ok",
    PromiseStanding.OPEN: "info",
    PromiseStanding.WAITLISTED: "info",
    PromiseStanding.KEPT: "ok",
    PromiseStanding.BROKEN: "bad",
    PromiseStanding.LAPSED: "plain",
}
MEANINGS = {
    PromiseStanding.FIRM: "A unit is kept, and only has to be collected.",
    PromiseStanding.OPEN: "A unit is held; the friend has not qualified yet.",
    PromiseStanding.WAITLISTED: "It has a place in the queue.",
    PromiseStanding.KEPT: "Handed over by the promised day.",
    PromiseStanding.BROKEN: "The promised day passed without a unit.",
    PromiseStanding.LAPSED: "Not wanted, not proved or not collected.",
}


@dataclass(frozen=True)
class Exposure:
    """What is out now: units, what they would cost to replace, days they have been out together, and value × days.

    Values are in the currency of the campaign. Of the units, `foreign` have a value in another one, which is in no sum.
    """

    units: int = 0
    value: Decimal = Decimal(0)
    unit_days: Decimal = Decimal(0)
    value_days: Decimal = Decimal(0)
    foreign: int = 0

    def with_one(self, value: Decimal | None, days: Decimal) -> "Exposure":
        """With one unit more, out for so many days; None for a value in another currency."""
        known = value or Decimal(0)
        return Exposure(
            self.units + 1,
            self.value + known,
            self.unit_days + days,
            self.value_days + known * days,
            self.foreign + (value is None),
        )


@dataclass(frozen=True)
class PromiseBook:
    """Promises by where they stand. `owed` are broken ones whose customer still waits."""

    firm: int = 0
    open: int = 0
    waitlisted: int = 0
    kept: int = 0
    broken: int = 0
    lapsed: int = 0
    owed: int = 0
    exposure: Exposure = Exposure()

    @property
    def total(self) -> int:
        """All promises ever made."""
        return self.firm + self.open + self.waitlisted + self.kept + self.broken + self.lapsed

    @property
    def fallen_due(self) -> int:
        """Promises whose day came, or that were kept before it."""
        return self.kept + self.broken

    def count(self, standing: PromiseStanding) -> int:
        """How many stand there."""
        return int(getattr(self, standing.value))


def standing_of(rows: QuerySet[Promise], *, at: datetime) -> QuerySet[Any]:
    """Promises with `due_by`, the promised day's end (None: nobody said one), and `stands`, a value of `PromiseStanding`."""
    is_for_them = Q(referral__qualified_at__isnull=True) | Q(referral__qualified_at__lte=F("promised_by"))
    known = rows.annotate(
        said_by=Case(When(is_for_them, then=F("promised_by")), default=None, output_field=DateTimeField()),
        due_by=Least(Coalesce("said_by", "loan__collect_by"), Coalesce("loan__collect_by", "said_by")),
    )
    handed_over = Q(loan__handed_over_at__isnull=False)
    in_time = Q(due_by__isnull=True) | Q(loan__handed_over_at__lte=F("due_by"))
    return known.annotate(
        stands=Case(
            When(handed_over & in_time, then=Value(PromiseStanding.KEPT)),
            When(handed_over | _missed(at), then=Value(PromiseStanding.BROKEN)),
            When(loan__state__in=GIVEN_UP, then=Value(PromiseStanding.LAPSED)),
            When(loan__state=LoanState.WAITLISTED, then=Value(PromiseStanding.WAITLISTED)),
            When(loan__state=LoanState.HELD, referral__progress=Progress.QUALIFIED, then=Value(PromiseStanding.FIRM)),
            When(loan__state=LoanState.HELD, then=Value(PromiseStanding.OPEN)),
            default=Value(PromiseStanding.FIRM),
            output_field=CharField(),
        )
    )


def _missed(at: datetime) -> Q:
    """The friend did their part, the day passed, and no unit stood ready; one called off only afterwards was missed too."""
    ready_in_time = Q(loan__ready_at__isnull=False, loan__ready_at__lte=F("due_by"))
    still_runs = ~Q(loan__state__in=GIVEN_UP) & Q(due_by__lte=at)
    called_off_after = Q(loan__state__in=GIVEN_UP, loan__ended_at__gt=F("due_by"))
    return (still_runs | called_off_after) & ~ready_in_time & Q(referral__qualified_at__isnull=False)


def books_of(campaigns: Iterable[Campaign], *, at: datetime) -> dict[int, PromiseBook]:
    """Per campaign id: its promise book at `at`. Two queries, however many campaigns and promises."""
    known = [campaign.pk for campaign in campaigns]
    rows = Promise.objects.filter(referral__campaign__in=known).order_by()
    is_owed = Q(loan__handed_over_at__isnull=True) & ~Q(loan__state__in=GIVEN_UP)
    counted = (
        standing_of(rows, at=at)
        .values("referral__campaign", "stands")
        .annotate(number=Count("pk"), owed=Count("pk", filter=is_owed))
    )
    found: dict[int, dict[str, Any]] = {pk: {} for pk in known}
    for row in counted:
        book = found[row["referral__campaign"]]
        book[row["stands"]] = row["number"]
        if row["stands"] == PromiseStanding.BROKEN:
            book["owed"] = row["owed"]
    out = exposures(rows, at=at)
    return {pk: PromiseBook(**counts, exposure=out.get(pk, Exposure())) for pk, counts in found.items()}


def by_campaign(rows: QuerySet[Promise], *, at: datetime) -> list[tuple[Campaign, PromiseBook]]:
    """What each campaign has among these promises, the one with most promised first; without what is out. Two queries."""
    counted = standing_of(rows.order_by(), at=at).values("referral__campaign", "stands").annotate(number=Count("pk"))
    found: dict[int, dict[str, Any]] = {}
    for row in counted:
        found.setdefault(row["referral__campaign"], {})[row["stands"]] = row["number"]
    campaigns = Campaign.objects.in_bulk(found)
    books = [(campaigns[pk], PromiseBook(**counts)) for pk, counts in found.items()]
    return sorted(books, key=lambda one: (-one[1].firm - one[1].open - one[1].waitlisted, one[0].name))


def book_of(campaign: Campaign, *, at: datetime) -> PromiseBook:
    """The promise book of one campaign at `at`."""
    return books_of([campaign], at=at)[campaign.pk]


def exposures(rows: QuerySet[Promise], *, at: datetime) -> dict[int, Exposure]:
    """Per campaign id: what is out now for these promises. One query."""
    out = rows.filter(loan__state=LoanState.ON_LOAN).values_list(
        "referral__campaign",
        Case(When(loan__pool__model__currency=F("referral__campaign__currency"), then="loan__pool__model__replacement_value")),
        "loan__handed_over_at",
    )
    found: dict[int, Exposure] = {}
    for campaign, value, since in out:
        assert since is not None, "a constraint gives every loan that is out the instant it went out"
        days = Decimal((at - since) // timedelta(microseconds=1)) / Decimal(_DAY // timedelta(microseconds=1))
        found[campaign] = found.get(campaign, Exposure()).with_one(value, days)
    return found


def promises_of(campaign: Campaign, *, at: datetime, standing: PromiseStanding | None = None, most: int = 25) -> Sequence[Promise]:
    """Promises of a campaign that stand somewhere: what falls due first on top, what is over newest first. One query.

    Without a standing those that still have to be kept: a broken one only as long as the unit was not handed over after all.
    """
    rows = standing_of(Promise.objects.filter(referral__campaign=campaign), at=at)
    over = (PromiseStanding.KEPT, PromiseStanding.LAPSED)
    late = Q(stands=PromiseStanding.BROKEN, loan__handed_over_at__isnull=False)
    rows = rows.exclude(Q(stands__in=over) | late) if standing is None else rows.filter(stands=standing)
    order = ["-made_at", "-pk"] if standing in over else [F("due_by").asc(nulls_last=True), "made_at", "pk"]
    return list(rows.order_by(*order).select_related("loan__pool__model", "loan__borrower", "referral", "tier")[:most])
