"""Equipment models, the pools and units of them, and loans."""

from equipment.models.conditions import ConditionPhoto, ConditionReport
from equipment.models.denied import DeniedHour
from equipment.models.loans import Exchange, Loan, MissingAccessory, loan_reference
from equipment.models.requests import LoanRequest
from equipment.models.stock import Closure, EquipmentModel, Pool, Unit, closure_reference, validate_time_zone

__all__ = [
    "Closure",
    "ConditionPhoto",
    "ConditionReport",
    "DeniedHour",
    "EquipmentModel",
    "Exchange",
    "Loan",
    "LoanRequest",
    "MissingAccessory",
    "Pool",
    "Unit",
    "closure_reference",
    "loan_reference",
    "validate_time_zone",
]
