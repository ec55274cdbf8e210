"""The lists of customers and agreements."""

from django.db.models import Q

from customers import finding
from customers.filters import CustomerFilters
from customers.models import AgreementVersion
from customers.tables import AgreementTable, CustomerTable
from desk.lists import ListPage, WayIn


class CustomerList(ListPage):
    """Everybody known, newest first."""

    table = CustomerTable
    filters = CustomerFilters
    order = "-pk"
    search_help = "A reference, e-mail, telephone number or CRM id, or how a name or surname begins."
    phone = ("name", "membership", "country", "created_at")
    nothing_yet = (
        "No customer is known yet. They come from a file, one by one as you register them, or by themselves when friends sign up."
    )
    way_in = WayIn("Import customers", "admin:import_upload", "customers", "customers.import_customers")

    def find(self, rows, text):
        """By who they are."""
        return rows.filter(pk__in=finding.people(text).values("pk"))


class AgreementList(ListPage):
    """Documents that customers agree to."""

    table = AgreementTable
    order = "title"
    search_help = "How a title or short name begins."
    phone = ("title", "published", "slug", "current")
    nothing_yet = "There is no document yet. Add one: campaigns need terms before they can go live."

    def find(self, rows, text):
        """By title or short name."""
        return rows.filter(Q(title__istartswith=text) | Q(slug__istartswith=text))

    def prepare(self, rows, at):
        """Which version is in force."""
        published = AgreementVersion.objects.filter(agreement__in=rows, published_at__isnull=False).order_by("number").defer("body")
        newest = {version.agreement_id: version for version in published}
        for row in rows:
            row.newest = newest.get(row.pk)
