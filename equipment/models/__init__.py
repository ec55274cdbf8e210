"""Equipment models, the pools and units of them, and loans."""

from equipment.models.conditions import ConditionPhoto, ConditionReport
from equipment.models.loans import Exchange, Loan, MissingAccessory, loan_reference
from equipment.models.stock import EquipmentModel, Pool, Unit, validate_time_zone

__all__ = [
    "ConditionPhoto",
    "ConditionReport",
    "EquipmentModel",
    "Exchange",
    "Loan",
    "MissingAccessory",
    "Pool",
    "Unit",
    "loan_reference",
    "validate_time_zone",
]
