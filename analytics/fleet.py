"""What utilisation is made of: a campaign's pools, the service history of their units, and the loans from them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

from analytics.idle import Gap
from analytics.utilisation import Change, Life, Stay, overlap_days
from audit.models import Entry
from campaigns import offers
from campaigns.models import Campaign
from equipment.models import EquipmentModel, Loan, Unit
from equipment.states import Service

_CHUNK = 500
_IMPLIED = {
    "unit.added": "",
    "unit.service_changed": "",
    "loan.fault_found": "",
    "loan.lost": Service.MISSING,
    "loan.found": Service.QUARANTINE,
    "loan.closed": Service.IN_SERVICE,
    "loan.unit_swapped": "",
    "loan.unit_exchanged": "",
}
"""Events after which a unit has another service status, and which one; empty: the entry says it in words."""
_BY_LABEL = {service.label.lower(): service for service in Service}


def pools_of(campaign: Campaign) -> list[int]:
    """Ids of the campaign's pools: those that serve any model it lends (with quotas, only these), and any it has lent from."""
    lent = Loan.objects.filter(account=campaign.slug).values_list("pool", flat=True)
    models = (
        Q(pk=campaign.equipment_model_id) | Q(tiers__campaign=campaign) | Q(pk__in=campaign.promotions.values("equipment_model"))
    )
    serving = [offers.pools_for(campaign, model) for model in EquipmentModel.objects.filter(models).distinct()]
    return sorted({pool.pk for pools in serving for pool in pools} | set(lent))


def lives_of(pools: Iterable[int], *, until: datetime) -> list[Life]:
    """The life of every unit of these pools that was ours before `until`: from its first day, with each change of service.

    Changes come from the trail, the present service with its date closes the list. Before the first change a unit was in service.
    """
    units = list(Unit.objects.filter(pool__in=list(pools), created_at__lt=until))
    changes = _recorded_changes([unit.serial for unit in units])
    return [Life(unit.created_at, (*changes[unit.serial], _change(unit.service_since, unit.service))) for unit in units]


def stays_in(pools: Iterable[int], start: datetime, end: datetime, *, at: datetime) -> list[Stay]:
    """Loans from these pools that were out in `[start, end)`, from hand-over to return, to loss, or to `at`."""
    out = (
        Loan.objects.filter(pool__in=list(pools), handed_over_at__lt=end)
        .annotate(back_at=Coalesce(F("returned_at"), F("ended_at")))
        .filter(Q(back_at__isnull=True) | Q(back_at__gt=start))
        .values_list("account", "handed_over_at", "back_at")
        .order_by("pk")
    )
    return [Stay(account, since, back or at) for account, since, back in out if since is not None]


def commitments_in(pools: Iterable[int], start: datetime, end: datetime, *, at: datetime) -> list[Stay]:
    """For how long units of these pools were promised in `[start, end)`: from the hold, or the promotion, to the end of the loan or `at`."""
    began = Case(When(queued_at__isnull=True, then=F("created_at")), default=Coalesce(F("unlocked_at"), F("starts_at")))
    rows = (
        Loan.objects.filter(pool__in=list(pools), starts_at__isnull=False)
        .annotate(began_at=began)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start), began_at__lt=end)
        .values_list("account", "began_at", "ended_at")
        .order_by("pk")
    )
    return [Stay(account, since, ended or at) for account, since, ended in rows if since is not None]


def gaps_in(pools: Iterable[int], start: datetime, end: datetime) -> list[Gap]:
    """Times on the shelf of these pools that ended in `[start, end)` by a hand-over, or were still open at `end`.

    A gap begins when the unit is ours and in service and no loan has it: with the end of the loan before, or later with the end of a
    repair.
    """
    units = list(Unit.objects.filter(pool__in=list(pools), created_at__lt=end))
    changes = _recorded_changes([unit.serial for unit in units])
    loans: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = Loan.objects.filter(unit__in=units, handed_over_at__lt=end).order_by("handed_over_at")
    for unit, since, ended in rows.values_list("unit", "handed_over_at", "ended_at"):
        if unit is not None and since is not None:
            loans[unit].append((since, ended))
    return [
        gap
        for unit in units
        for gap in _gaps(
            unit.created_at, loans[unit.pk], [*changes[unit.serial], _change(unit.service_since, unit.service)], start, end
        )
    ]


def _gaps(
    since: datetime, loans: list[tuple[datetime, datetime | None]], changes: list[Change], start: datetime, end: datetime
) -> Iterator[Gap]:
    free_from: datetime | None = since
    for handed_over, ended in loans:
        if free_from is not None and start <= handed_over:
            yield Gap(_days(_in_service_from(free_from, changes, handed_over), handed_over))
        free_from = ended if ended is not None and ended < end else None
    if free_from is not None and _is_in_service(changes, end):
        yield Gap(_days(_in_service_from(free_from, changes, end), end), is_open=True)


def _in_service_from(free_from: datetime, changes: list[Change], until: datetime) -> datetime:
    """When a unit that no loan has came back into service last before `until`; `free_from` when it never left."""
    back = [change.at for change in changes if change.is_in_service and free_from < change.at < until]
    return max(back, default=free_from)


def _is_in_service(changes: list[Change], at: datetime) -> bool:
    before = [change for change in sorted(changes, key=lambda one: one.at) if change.at < at]
    return before[-1].is_in_service if before else True


def _days(start: datetime, end: datetime) -> Fraction:
    return overlap_days(start, end, start, end)


def _recorded_changes(serials: list[str]) -> dict[str, list[Change]]:
    changes: dict[str, list[Change]] = defaultdict(list)
    for first in range(0, len(serials), _CHUNK):
        names = serials[first : first + _CHUNK]
        about_or_mentioning = Q(subject_reference__in=names) | Q(
            pk__in=Entry.objects.filter(mentions__reference__in=names, event__in=_IMPLIED).values("pk")
        )
        entries = Entry.objects.filter(about_or_mentioning, event__in=_IMPLIED).order_by("at", "id")
        for subject, event, at, text in entries.values_list("subject_reference", "event", "at", "data"):
            data = json.loads(text)
            serial = data.get("unit", subject)
            changes[serial].append(_change(at, _IMPLIED[event] or _BY_LABEL[data["service"]]))
    return changes


def _change(at: datetime, service: str) -> Change:
    return Change(at, is_in_service=service == Service.IN_SERVICE, is_owned=service != Service.RETIRED)
