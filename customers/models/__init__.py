"""People, what we know of them, what they agreed to."""

from customers.models.agreements import Acceptance, Agreement, AgreementVersion
from customers.models.imports import ImportRun
from customers.models.people import Attribute, Consent, CreditScore, Customer

__all__ = ["Acceptance", "Agreement", "AgreementVersion", "Attribute", "Consent", "CreditScore", "Customer", "ImportRun"]
