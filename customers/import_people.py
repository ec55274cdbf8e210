"""Files of customers as something that can be imported in the browser."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from customers import fields, import_kinds, import_maps
from customers.import_kinds import ImportField, ImportKind
from customers.importing import course_of
from customers.models import Attribute, Customer
from customers.states import AttributeType, Membership, Origin
from desk.refusals import Refused

_YES_NO = (("yes", "Yes"), ("no", "No"))
_FIELDS = (
    ImportField(
        "external_id", "Customer number", "Your own number or id. By it a customer is known again.", is_required=True,
        also=("id", "customer id", "customer number", "customer no", "record id", "contact id", "crm id", "kundennummer"),
    ),
    ImportField(
        "name", "Name", "First and last name may stand in two columns: choose Name for both.", is_required=True,
        also=("full name", "customer name", "contact name"), parts=("first name", "given name", "vorname", "last name", "surname", "family name", "nachname"),
    ),
    ImportField("email", "E-mail", "One address. No two customers share one.", is_required=True, also=("e-mail", "mail", "email address", "e-mail address", "e mail 1")),
    ImportField("phone", "Phone", "With +49…, or with the country in another column.", also=("phone number", "telephone", "mobile", "mobile phone", "telefon")),
    ImportField("language", "Language", "en, de, de-at …", clean=fields.language, can_be_fixed=True, also=("preferred language", "lang", "sprache")),
    ImportField("country", "Country", "Two letters: DE, FR …", clean=fields.country, can_be_fixed=True, also=("country code", "geography", "land")),
    ImportField("region", "Region", also=("state", "state/region", "province", "bundesland")),
    ImportField("postcode", "Postcode", also=("postal code", "zip", "zip code", "plz")),
    ImportField("city", "City", also=("town", "ort", "stadt")),
    ImportField("birth_year", "Birth year", "Only the year. Day and month are never taken.", also=("year of birth", "geburtsjahr")),
    ImportField("tags", "Tags", "Several are parted by ;", can_be_fixed=True, also=("labels", "groups")),
    ImportField("membership", "Membership", words=tuple(Membership.choices), can_be_fixed=True, also=("status", "lifecycle stage", "exited")),
    ImportField("member_since", "Member since", "A day.", is_day=True, also=("became a customer date", "customer since", "joined", "join date", "signup date", "created")),
    ImportField("activated_on", "Active since", "A day.", is_day=True, also=("activated",)),
    ImportField("verified_on", "Verified on", "A day: when the registration was confirmed.", is_day=True, also=("verified",)),
    ImportField("origin", "How they came", words=tuple(Origin.choices), can_be_fixed=True, also=("source", "lead source")),
    ImportField("origin_reason", "Why they came", "A few words. Written once; later files do not change it.", can_be_fixed=True),
    ImportField("credit_score", "Credit score", "Needs the source below. Only those who may read scores ever see it.", also=("score",)),
    ImportField("score_source", "Source of the score", can_be_fixed=True),
    ImportField("scored_on", "Day of the score", is_day=True, also=("score date",)),
)  # fmt: skip


def fields_with(content: Mapping[str, Any]) -> Sequence[ImportField]:
    """All fields of a customer, the declared attributes, and those a map with these sections would declare."""
    declared = {row.name: row for row in Attribute.objects.all()}
    with suppress(Refused):
        declared = {**import_maps.attributes_for(import_maps.map_with(_attributes_only(content))), **declared}
    return [*_FIELDS, *(_field_of(row) for _, row in sorted(declared.items()))]


def _attributes_only(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"attributes": content["attributes"]} if "attributes" in content else {}


def _field_of(row: Attribute) -> ImportField:
    words = {AttributeType.YES_NO: _YES_NO, AttributeType.CHOICE: tuple((str(choice), str(choice)) for choice in row.choices)}
    return ImportField(
        f"attribute.{row.name}",
        row.label,
        "A field of your own.",
        words=words.get(AttributeType(row.type), ()),
        is_day=row.type == AttributeType.DATE,
        also=(row.name, row.label),
        clean=partial(fields.attribute, row) if row.type in words else None,
    )


def known_ids(ids: Sequence[str]) -> set[str]:
    """Which of these customer numbers are known."""
    return {str(known) for known in Customer.objects.filter(external_id__in=ids).values_list("external_id", flat=True)}


CUSTOMERS = ImportKind(
    name="customers",
    label="Customers",
    one="customer",
    about="People from your CRM or shop. The same file can be imported again: who is known is updated, nobody is doubled.",
    permission="customers.import_customers",
    key="external_id",
    fields=fields_with,
    map_with=import_maps.map_with,
    bound=import_maps.bound,
    course_of=course_of,
    known=known_ids,
    list_url="admin:customers_customer_changelist",
    maps=import_maps.SHIPPED,
)


def register() -> None:
    """Offer customers."""
    import_kinds.register(CUSTOMERS)
