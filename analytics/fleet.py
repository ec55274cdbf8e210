"""What utilisation is made of: a campaign's pools, the service history of their units, and the loans from them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from analytics.utilisation import Change, Life, Stay
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
