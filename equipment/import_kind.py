"""Files of units as something that can be imported in the browser."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers import fields, import_kinds
from customers.import_kinds import ImportField, ImportKind, ImportOption
from equipment import importing
from equipment.models import Unit
from equipment.states import Service

_FIELDS = (
    ImportField("sku", "Model (SKU)", "The short name of the equipment model.", is_required=True, can_be_fixed=True, also=("model", "article", "article number", "item", "product code", "artikelnummer")),
    ImportField("place", "Place", "Where it is lent. With the model it makes the pool.", is_required=True, can_be_fixed=True, also=("location", "site", "store", "branch", "standort", "ort")),
    ImportField("serial", "Serial number", "As it stands on the unit. By it a unit is known again.", is_required=True, also=("serial number", "serial no", "sn", "s/n", "asset tag", "seriennummer")),
    ImportField("service", "Condition", "In service unless told.", words=tuple(Service.choices), can_be_fixed=True, also=("status", "state", "condition")),
    ImportField("note", "Note", also=("comment", "remarks", "bemerkung")),
    ImportField("country", "Country of the place", "Two letters; for a place that is new.", clean=fields.country, can_be_fixed=True, also=("country code",)),
    ImportField("time_zone", "Time zone of the place", "Such as Europe/Berlin; for a place that is new.", can_be_fixed=True, also=("timezone",)),
    ImportField("model_name", "Name of the model", "For a model that is new.", also=("name", "description", "model description")),
    ImportField("loan_days", "Days of a loan", "For a model that is new."),
    ImportField("turnaround_days", "Days between two loans", "For a model that is new."),
    ImportField("replacement_value", "Replacement value", "Such as 899.00; for a model that is new.", also=("value", "price")),
    ImportField("currency", "Currency of the value", "Three letters; for a model that is new. EUR unless told.", can_be_fixed=True, also=("currency code", "währung")),
)  # fmt: skip


def fields_with(content: Mapping[str, Any]) -> Sequence[ImportField]:
    """All fields of a unit."""
    return _FIELDS


def known_serials(serials: Sequence[str]) -> set[str]:
    """Which of these serial numbers are known."""
    return set(Unit.objects.filter(serial__in=serials).values_list("serial", flat=True))


UNITS = ImportKind(
    name="units",
    label="Units",
    one="unit",
    about="Things to lend, each with its serial number. New ones go to their pool at once; known ones stay as they are.",
    permission="equipment.import_units",
    key="serial",
    fields=fields_with,
    map_with=importing.map_with,
    bound=importing.bound,
    course_of=importing.course_of,
    known=known_serials,
    list_url="admin:equipment_unit_changelist",
    options=(
        ImportOption(
            "create_models", "Make models that are missing, from the SKU and the name of the model", "equipment.add_equipmentmodel"
        ),
    ),
)


def register() -> None:
    """Offer units."""
    import_kinds.register(UNITS)
