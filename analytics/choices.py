"""Which days and which campaign somebody looks at, as the address says it; nonsense in an address falls back with a word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from analytics.periods import Period, days_in, last_days
from campaigns.models import Campaign

STEPS = (7, 30, 90)
"""Days that are offered; the address says `span=30`."""
USUAL = 30
OWN = "own"
"""The word in the address for days of one’s own, `first` and `last`."""
LONGEST = 366
"""Days of a period at most."""


class _Nonsense(ValueError):
    """Something in the address that cannot be used; says so in a sentence."""


@dataclass(frozen=True)
class Choice:
    """What is looked at: a campaign (None: all) and days. `problems` say what in the address could not be used."""

    campaign: Campaign | None
    days: Period
    step: str
    problems: Sequence[str] = ()

    @property
    def words(self) -> str:
        """The days in words."""
        if self.step != OWN:
            return f"last {self.step} days"
        return f"{self.days.first:%-d %b %Y} to {self.days.last:%-d %b %Y}"

    @property
    def words_before(self) -> str:
        """The days they are compared with, in words."""
        return "the day before" if self.days.length == 1 else f"the {self.days.length} days before"


def choose(query: Mapping[str, str], campaigns: Sequence[Campaign], *, at: datetime) -> Choice:
    """The choice an address makes: `campaign` (a slug), `span` (7, 30, 90 or own), `first` and `last` (days such as 2026-11-22).

    Days are those of the campaign's time zone; for all campaigns those of the zone they share, else of UTC.
    """
    campaign, wrong_campaign = _campaign(query.get("campaign", ""), campaigns)
    zone = _zone([campaign] if campaign else campaigns)
    step = query.get("span", "") or (OWN if query.get("first") or query.get("last") else str(USUAL))
    problem = ""
    try:
        days = _own(query, zone, at) if step == OWN else _last(step, zone, at)
    except _Nonsense as nonsense:
        problem = f"{nonsense} You see the last {USUAL} days."
        step, days = str(USUAL), last_days(zone, USUAL, at=at)
    return Choice(campaign, days, step, [text for text in (wrong_campaign, problem) if text])


def _campaign(slug: str, campaigns: Sequence[Campaign]) -> tuple[Campaign | None, str]:
    found = next((campaign for campaign in campaigns if campaign.slug == slug), None)
    if slug and found is None:
        return None, f"There is no campaign “{slug[:60]}”. You see all campaigns."
    return found, ""


def _zone(campaigns: Sequence[Campaign]) -> str:
    zones = {campaign.time_zone for campaign in campaigns}
    return zones.pop() if len(zones) == 1 else "UTC"


def _last(step: str, zone: str, at: datetime) -> Period:
    if step not in {str(number) for number in STEPS}:
        raise _Nonsense(f"“{step[:60]}” is no period.")
    return last_days(zone, int(step), at=at)


def _own(query: Mapping[str, str], zone: str, at: datetime) -> Period:
    first, last = (_day(query.get(name, ""), name) for name in ("first", "last"))
    today = at.astimezone(ZoneInfo(zone)).date()
    if last < first:
        raise _Nonsense(f"The last day, {last:%-d %b %Y}, is before the first, {first:%-d %b %Y}.")
    if first > today:
        raise _Nonsense(f"The first day, {first:%-d %b %Y}, has not come yet.")
    if (last - first).days >= LONGEST:
        raise _Nonsense(f"A period has at most {LONGEST} days.")
    return days_in(zone, first, min(last, today))


def _day(text: str, which: str) -> date:
    if not text:
        raise _Nonsense(f"The {which} day is missing.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Nonsense(f"“{text[:60]}” is no day; write it like 2026-11-22.") from None
    if not 2000 <= day.year <= 2100:
        raise _Nonsense(f"The {which} day is not between the years 2000 and 2100.")
    return day
