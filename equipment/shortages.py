"""Which model runs short where and when, and what would fix it, in words. Pure reading of outlooks.

Each fix named for a place would do alone: more units, units of the same model from a place that can spare them, slower invitations, units
back sooner, another model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from equipment.models import EquipmentModel, Pool
from equipment.outlook import Outlook, units_in_words


@dataclass(frozen=True)
class PlaceShort:
    """One place of a model that runs short: what is wrong there, and each fix that would do."""

    pool: Pool
    sentence: str
    ways: Sequence[str]


@dataclass(frozen=True)
class Shortage:
    """A model that runs short: from when, in one sentence, and at which places. `on` is None where only too many would have to wait."""

    model: EquipmentModel
    on: date | None
    sentence: str
    places: Sequence[PlaceShort]


def shortages(found: Sequence[Outlook], *, level: float) -> list[Shortage]:
    """The models that run short, the earliest first, where at most the share `level` (0 to 1) of those who ask may have to wait."""
    short = [one for one in found if runs_short(one, level)]
    by_model = groupby(sorted(short, key=lambda one: one.pool.model_id), key=lambda one: one.pool.model_id)
    made = [_shortage(list(places), found, level) for _model, places in by_model]
    return sorted(made, key=lambda one: (one.on is None, one.on or date.max, str(one.model)))


def runs_short(one: Outlook, level: float) -> bool:
    """Whether a place cannot serve what it promised, who waits, or as many of those who are expected to ask as it should."""
    fit = one.fit(level)
    return one.gap < 0 or (fit is not None and not fit.is_enough)


def ways(one: Outlook, found: Sequence[Outlook], level: float) -> list[str]:
    """What would help a place, each alone; nothing for one that does not run short."""
    if not runs_short(one, level):
        return []
    fit = one.fit(level)
    own = fit.ways_out() if fit else []
    more = own or [f"{units_in_words(-one.gap)} more, or loans back before they are due"]
    return [*_from_elsewhere(one, found, level), *more, *_another_model(one, found, level)]


def spare(one: Outlook, level: float) -> int:
    """Units nobody is expected to miss: those over what the level needs, and over what is promised."""
    fit = one.fit(level)
    return max(min(one.gap, fit.spare if fit else one.gap), 0)


def missing(one: Outlook, level: float) -> int:
    """Units a place is short of: for what it promised and who waits, and for as many of those expected as the level asks."""
    fit = one.fit(level)
    return max(-one.gap, fit.units_needed - fit.lendable if fit else 0, 0)


def _shortage(places: Sequence[Outlook], found: Sequence[Outlook], level: float) -> Shortage:
    model = places[0].pool.model
    days = [day for one in places if (day := one.runs_short_on) is not None]
    on, units = min(days, default=None), units_in_words(sum(missing(one, level) for one in places))
    where = " and ".join(one.pool.place for one in places)
    when = "now" if on is not None and any(one.days[0].on == on for one in places) else f"from {on:%-d %B}" if on else ""
    sentence = (
        f"{model} runs short {when} in {where}: {units} too few." if when else f"{model} is too scarce in {where}: {units} too few."
    )
    return Shortage(model, on, sentence, [PlaceShort(one.pool, _words(one, level), ways(one, found, level)) for one in places])


def _words(one: Outlook, level: float) -> str:
    fit = one.fit(level)
    often = f" {fit.share_without:.0%} of those who ask would have to wait." if fit and not fit.is_enough else ""
    return f"{one.headline}{often}"


def _from_elsewhere(one: Outlook, found: Sequence[Outlook], level: float) -> list[str]:
    needed = missing(one, level)
    same = (other for other in found if other.pool.model_id == one.pool.model_id and other.pool.pk != one.pool.pk)
    enough = sorted(str(other.pool.place) for other in same if spare(other, level) >= needed)
    return [f"{units_in_words(needed)} brought over from {enough[0]}"] if enough else []


def _another_model(one: Outlook, found: Sequence[Outlook], level: float) -> list[str]:
    others = [(units, other) for other in found if other.pool.model_id != one.pool.model_id and (units := spare(other, level))]
    others.sort(key=lambda each: (each[1].pool.place != one.pool.place, -each[0], str(each[1].pool)))
    return [f"another model: {other.pool} has {units_in_words(units)} to spare" for units, other in others[:1]]
