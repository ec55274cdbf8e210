"""What lists of customers and agreements show."""

from customers.states import MEMBERSHIP_TONES
from desk.clock import day
from desk.lists.tables import Instant, ListColumn, ListTable, Made, RowLink, State, YesNo

_CONTACT = "customers.read_contact"


class CustomerTable(ListTable):
    """A person known to the company."""

    name = RowLink("Customer", "__str__", sort="name")
    membership = State("Membership", MEMBERSHIP_TONES, "membership")
    verified = YesNo("Verified", "verified_at", tones=("ok", "warn"))
    country = ListColumn("Country")
    origin = ListColumn("Came by")
    member_since = Instant("Member since")
    created_at = Instant("Known since", sort="pk")
    reference = ListColumn("Reference")
    external_id = ListColumn("Id in the CRM", only_exported=True)
    email = ListColumn("E-mail", only_exported=True, permission=_CONTACT)
    phone = ListColumn("Telephone", only_exported=True, permission=_CONTACT)
    postcode = ListColumn("Postcode", only_exported=True, permission=_CONTACT)
    city = ListColumn("City", only_exported=True, permission=_CONTACT)
    language = ListColumn("Language", only_exported=True)


class AgreementTable(ListTable):
    """A document in versions. `newest` is set by the list."""

    title = RowLink("Document", sort="title")
    slug = ListColumn("Short name", sort="slug")
    current = Made("Version in force", lambda row: row.newest.number if row.newest else None, kind="number")
    published = Made(
        "Published",
        lambda row: day(row.newest.published_at) if row.newest else None,
        plain=lambda row: row.newest.published_at if row.newest else None,
        kind="when",
    )
