"""Cleaning a whole profile at once, with refusals that name the field."""

from collections.abc import Mapping
from typing import Any

from customers import fields
from customers.identity import email_key
from customers.models import Attribute, Customer
from customers.refusals import CustomerInvalid, CustomerRefused

PROFILE = frozenset(
    {
        "name",
        "email",
        "phone",
        "language",
        "country",
        "region",
        "postcode",
        "city",
        "birth_year",
        "tags",
        "attributes",
        "external_id",
    }
)
"""Fields a profile change may touch. Membership, origin and verification have verbs of their own."""


def clean(values: Mapping[str, Any], *, country: str = "", attributes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns to store for these profile values. `country` and `attributes` are what is known already.

    Refuses with `<field>_missing` or `<field>_invalid`; raises `TypeError` for something that is no profile field.
    """
    unknown = sorted(set(values) - PROFILE)
    if unknown:
        raise TypeError(f"Not fields of a profile: {', '.join(unknown)}.")
    columns = {field: _clean_one(field, value) for field, value in values.items() if field not in ("attributes", "phone")}
    if "phone" in values:
        columns["phone"] = _clean_phone(values["phone"], columns.get("country", country))
    if "email" in columns:
        columns["email_key"] = email_key(columns["email"])
    if "external_id" in columns:
        columns["external_id"] = columns["external_id"] or None
    if "attributes" in values:
        columns["attributes"] = merged_attributes(attributes or {}, values["attributes"])
    return columns


def _clean_one(field: str, value: Any) -> Any:
    try:
        return fields.CLEANERS[field]("" if value is None else value)
    except ValueError as error:
        raise _refusal(field, error) from error


def _clean_phone(value: Any, country: str) -> str:
    try:
        return fields.phone(value or "", country)
    except ValueError as error:
        raise _refusal("phone", error) from error


def _refusal(field: str, error: ValueError) -> CustomerInvalid:
    fault = "missing" if str(error) == "is missing" else "invalid"
    label = {"email": "The e-mail address", "phone": "The phone number"}.get(field, f"The {field.replace('_', ' ')}")
    return CustomerInvalid(f"{field}_{fault}", f"{label} {error}.")


def merged_attributes(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Declared attributes with new values laid over known ones; None or an empty text removes one.

    Refuses with `attribute_unknown` when one was never declared, `attribute_invalid` when a value does not fit its type.
    """
    declared = {row.name: row for row in Attribute.objects.filter(name__in=list(new))}
    merged = dict(known)
    for name, value in new.items():
        if name not in declared:
            raise CustomerInvalid("attribute_unknown", f"There is no attribute “{name}”. Declare it first, under Attributes.")
        try:
            merged[name] = fields.attribute(declared[name], value)
        except ValueError as error:
            raise CustomerInvalid("attribute_invalid", f"The attribute “{name}” {error}.") from error
    return {name: value for name, value in sorted(merged.items()) if value is not None}


def taken(error: Exception) -> CustomerRefused:
    """The refusal behind a unique constraint that said no while a customer was written."""
    if "email" in str(error):
        return CustomerRefused(
            "email_taken", "This e-mail address already belongs to a customer. Look them up, or use another address."
        )
    return CustomerRefused(
        "external_id_taken", "This external id already belongs to another customer. Look them up, or use another id."
    )


def lock(customer: Customer) -> Customer:
    """The customer's row, locked until the transaction ends. Refuses with `erased` when nothing of the person is left."""
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    if row.erased_at is not None:
        raise CustomerRefused("erased", "This customer's personal data was erased; nothing can be changed or added any more.")
    return row
