"""Units from a CSV file: new ones go to their pool, known ones stay as they are, and bad lines are told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from audit import trail
from audit.actors import Actor
from audit.trail import Happening, record_many
from customers import fields
from desk.csv_files import CsvFile, Line, open_csv
from desk.csv_imports import Batches, Course, ImportReport, LineRefused, Outcome, Progress, Taken, Watch, rejects_beside, run
from desk.csv_maps import ColumnMap, MapRefused, direct_map, load_map, map_of
from equipment import queueing, refitting
from equipment.locking import lock_pools
from equipment.models import EquipmentModel, Pool, Unit, validate_time_zone
from equipment.states import Service

__all__ = ["ImportReport", "import_units"]

REQUIRED = ("sku", "place", "serial")
FIELDS = (
    *REQUIRED, "service", "note", "country", "time_zone", "model_name", "loan_days", "turnaround_days", "replacement_value",
    "currency",
)  # fmt: skip
"""All columns of a file of units. From `country` on they say how a missing pool or model is made."""

_ALLOWED = ", ".join(FIELDS)
_SERIALS = "serial"


@dataclass(frozen=True)
class _Item:
    """A good line. `pool` and `model` hold columns for the pool or the model, should it have to be made."""

    line: int
    sku: str
    place: str
    serial: str
    service: str
    note: str
    pool: dict[str, Any]
    model: dict[str, Any]


def import_units(
    *,
    path: Path | str,
    at: datetime,
    by: Actor,
    mapping: Path | str | None = None,
    is_dry_run: bool = False,
    progress: Progress | None = None,
    rejects_path: Path | str | None = None,
    encoding: str = "utf-8",
    create_models: bool = False,
) -> ImportReport:
    """Add units by serial number from a CSV file; a unit that is there already stays as it is, wherever it is in its life.

    A pool is made for a model and a place that has none; a model only with `create_models` and a `model_name`, otherwise
    the line is refused. New units in service go to those who wait, at once. All else is as in `import_customers`.
    """
    by.require("equipment.import_units")
    file = open_csv(Path(path), encoding=encoding)
    columns = _map_for(file, Path(mapping) if mapping is not None else None)
    course = course_of(columns, at=at, by=by, is_dry_run=is_dry_run, create_models=create_models)
    report = ImportReport(ignored=columns.ignored(file), is_dry_run=is_dry_run)
    rejects = Path(rejects_path) if rejects_path is not None else rejects_beside(Path(path))
    return run(file=file, course=course, report=report, rejects_path=rejects, progress=progress)


def course_of(
    columns: ColumnMap,
    *,
    at: datetime,
    by: Actor,
    is_dry_run: bool = False,
    taken: Taken | None = None,
    watch: Watch | None = None,
    create_models: bool = False,
) -> Course[_Item]:
    """How lines of units are read by a bound map and stored. `taken` and `watch` are as for customers."""
    if create_models:
        by.require("equipment.add_equipmentmodel")
    keeper = _Keeper(at=at, by=by, create_models=create_models, taken=taken, watch=watch)
    batches = Batches(once=keeper.store, done=keeper.claim, sentence_of=_sentence_of, is_dry_run=is_dry_run)
    return Course(read=lambda line: _read(columns, line), store=batches.store)


def _map_for(file: CsvFile, mapping: Path | None) -> ColumnMap:
    if mapping is None:
        columns = direct_map(file, allows=FIELDS.__contains__)
        file.require(name for name in REQUIRED if name not in columns.columns)
        return columns
    return bound(load_map(mapping, allows=FIELDS.__contains__, allowed=_ALLOWED), file)


def map_with(content: Mapping[str, Any]) -> ColumnMap:
    """The map with these sections, not bound to a file yet. Refuses with `map_invalid`."""
    return map_of(content, allows=FIELDS.__contains__, allowed=_ALLOWED)


def bound(columns: ColumnMap, file: CsvFile) -> ColumnMap:
    """The map bound to a file, with all that every unit needs. Refuses with `map_invalid` or `column_missing`."""
    missing = [name for name in REQUIRED if name not in columns.fields()]
    if missing:
        raise MapRefused([f"columns.{name}: this field is needed; name the heading it is read from." for name in missing])
    return columns.bound_to(file)


def _sku(text: str) -> str:
    try:
        validate_slug(text.strip())
    except ValidationError:
        raise ValueError("takes letters, digits, hyphens and underscores only, such as camera-7") from None
    return fields.text_of(50)(text)


def _service(text: str) -> str:
    word = "_".join(text.lower().split())
    if word not in Service.values:
        raise ValueError(f"must be one of {', '.join(Service.values)}")
    return word


def _time_zone(text: str) -> str:
    try:
        validate_time_zone(text.strip())
    except ValidationError:
        raise ValueError("must be a time zone such as Europe/Berlin") from None
    return text.strip()


def _days(least: int) -> Callable[[str], int]:
    def clean(text: str) -> int:
        word = text.strip()
        if not word.isascii() or not word.isdigit() or not least <= int(word[:6]) <= 3650:
            raise ValueError(f"must be a whole number of days from {least} to 3650")
        return int(word)

    return clean


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text.strip())
        if not amount.is_finite() or not 0 <= amount < 10**8:
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError("must be an amount such as 899.00") from None
    return amount.quantize(Decimal("0.01"))


def _currency(text: str) -> str:
    wanted = text.strip().upper()
    if len(wanted) != 3 or not wanted.isascii() or not wanted.isalpha():
        raise ValueError("must be three letters such as EUR")
    return wanted


_CLEANERS: dict[str, Callable[[str], Any]] = {
    "sku": _sku,
    "place": fields.text_of(80),
    "serial": fields.text_of(64),
    "service": _service,
    "note": fields.text_of(200),
    "country": fields.country,
    "time_zone": _time_zone,
    "model_name": fields.text_of(120),
    "loan_days": _days(1),
    "turnaround_days": _days(0),
    "replacement_value": _money,
    "currency": _currency,
}
_POOL_COLUMNS = {"country": "country", "time_zone": "time_zone"}
_MODEL_COLUMNS = {
    "model_name": "name", "loan_days": "loan_days", "turnaround_days": "turnaround_days", "replacement_value": "replacement_value",
    "currency": "currency",
}  # fmt: skip


def _read(columns: ColumnMap, line: Line) -> _Item:
    texts = {name: text for name, text in columns.read(line).items() if text.strip()}
    problems = [(name, f"{name} is missing.") for name in REQUIRED if name not in texts]
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            values[name] = _CLEANERS[name](text)
        except ValueError as error:
            problems.append((name, f"{name} {error}."))
    if problems:
        raise LineRefused(*problems)
    return _Item(
        line=line.number,
        sku=values["sku"],
        place=values["place"],
        serial=values["serial"],
        service=values.get("service", Service.IN_SERVICE),
        note=values.get("note", ""),
        pool=_some(values, _POOL_COLUMNS),
        model=_some(values, _MODEL_COLUMNS),
    )


def _some(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    return {column: values[name] for name, column in columns.items() if name in values}


def _sentence_of(error: Exception) -> str:
    if "unique" in str(error).lower():
        return "Another process added a unit with this serial number a moment ago. Import the line again."
    return "The database does not take these values together. Compare the line with one that was taken."


class _Keeper:
    """Stores a batch of units and remembers, across batches, which line had which serial number."""

    def __init__(
        self, *, at: datetime, by: Actor, create_models: bool, taken: Taken | None = None, watch: Watch | None = None
    ) -> None:
        self._at, self._by, self._create_models = at, by, create_models
        self._taken = taken or Taken()
        self._watch = watch

    def claim(self, items: Sequence[_Item], results: Sequence[Outcome | LineRefused]) -> None:
        """Remember the serial numbers of what was stored."""
        for item, result in zip(items, results, strict=True):
            if isinstance(result, Outcome):
                self._taken.take(_SERIALS, item.serial, item.line)

    def store(self, items: Sequence[_Item]) -> list[Outcome | LineRefused]:
        """Write a batch inside the caller's transaction: the pools are locked first, then looked at."""
        models = self._models(fresh := self._fresh(items))
        pools = self._locked_pools(fresh, models)
        serials = [item.serial for item in items]
        known = {unit.serial: unit for unit in Unit.objects.filter(serial__in=serials).select_related("pool__model")}
        seen = self._taken.of(_SERIALS)
        new: list[Unit] = []
        results = [self._plan(item, pools, known, seen, new) for item in items]
        self._write(new)
        return results

    def _fresh(self, items: Sequence[_Item]) -> list[_Item]:
        """The first line of each serial number nobody has: only these may need a new pool or model."""
        earlier = self._taken.of(_SERIALS)
        first = {item.serial: item for item in reversed(items) if item.serial not in earlier}
        taken = set(Unit.objects.filter(serial__in=first).values_list("serial", flat=True))
        return [item for item in items if first.get(item.serial) is item and item.serial not in taken]

    def _models(self, fresh: Sequence[_Item]) -> dict[str, EquipmentModel]:
        models = EquipmentModel.objects.in_bulk({item.sku for item in fresh}, field_name="sku")
        for item in fresh if self._create_models else []:
            if item.sku not in models and "name" in item.model:
                models[item.sku], is_new = EquipmentModel.objects.get_or_create(sku=item.sku, defaults=item.model)
                if is_new:
                    trail.record("equipment_model.added", about=models[item.sku], by=self._by, at=self._at)
        return models

    def _locked_pools(self, fresh: Sequence[_Item], models: Mapping[str, EquipmentModel]) -> dict[tuple[str, str], Pool]:
        there = Pool.objects.filter(model__in=models.values()).values_list("model__sku", "place", "pk")
        ids = {(sku, place): pk for sku, place, pk in there}
        wanted = {(item.sku, item.place) for item in fresh if item.sku in models}
        for item in fresh:
            if (item.sku, item.place) in wanted - set(ids):
                ids[item.sku, item.place] = self._make_pool(models[item.sku], item)
        return {(pool.model.sku, pool.place): pool for pool in lock_pools(ids[key] for key in wanted)}

    def _make_pool(self, model: EquipmentModel, item: _Item) -> int:
        pool, is_new = Pool.objects.get_or_create(model=model, place=item.place, defaults=item.pool)
        if is_new:
            refitting.copy_closures(pool)
            trail.record("pool.added", about=pool, by=self._by, at=self._at, concerns=[model.reference])
        return pool.pk

    def _plan(
        self,
        item: _Item,
        pools: Mapping[tuple[str, str], Pool],
        known: Mapping[str, Unit],
        seen: dict[str, int],
        new: list[Unit],
    ) -> Outcome | LineRefused:
        if item.serial in seen:
            return LineRefused(("serial", f"Line {seen[item.serial]} has the same serial number; the first one counts."))
        unit = known.get(item.serial)
        if unit is not None and (unit.pool.model.sku, unit.pool.place) != (item.sku, item.place):
            return LineRefused(("serial", f"Unit {item.serial} is already in {unit.pool.reference}. Check the serial number."))
        pool = pools.get((item.sku, item.place))
        if unit is None and pool is None:
            return LineRefused(("sku", _no_model(item, self._create_models)))
        seen[item.serial] = item.line
        if unit is not None:
            return Outcome.UNCHANGED
        if self._watch is not None:
            words = {"serial": item.serial, "sku": item.sku, "place": item.place, "service": item.service}
            self._watch(item.line, item.serial, {name: (None, word) for name, word in words.items()})
        times = {"service_since": self._at, "created_at": self._at}
        new.append(Unit(pool=pool, serial=item.serial, service=item.service, note=item.note, **times))
        return Outcome.CREATED

    def _write(self, new: Sequence[Unit]) -> None:
        Unit.objects.bulk_create(new)
        record_many(self._happening(unit) for unit in new)
        for pool in _in_order(unit.pool for unit in new if unit.service == Service.IN_SERVICE):
            queueing.promote(pool=pool, at=self._at, by=self._by)

    def _happening(self, unit: Unit) -> Happening:
        data = {"pool": unit.pool.reference, "service": unit.get_service_display().lower()}
        return Happening("unit.added", unit, self._by, self._at, data, concerns=[unit.pool.reference])


def _in_order(pools: Iterable[Pool]) -> list[Pool]:
    return [pool for _, pool in sorted({pool.pk: pool for pool in pools}.items())]


def _no_model(item: _Item, create_models: bool) -> str:
    if create_models:
        return f"There is no equipment model with the sku {item.sku}, and no model_name to make one."
    return f"There is no equipment model with the sku {item.sku}. Make it first, or import with --create-models."
