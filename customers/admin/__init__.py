"""Customers and agreements at the desk."""

from django.conf.locale import LANG_INFO
from django.contrib import admin
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from audit.admin.timeline import EditedAdmin, PartAdmin, VerbOnlyAdmin
from customers import desk_moves
from customers.admin import lists
from customers.country_names import names_in
from customers.models import Acceptance, Agreement, AgreementVersion, Attribute, Consent, CreditScore, Customer
from customers.states import MEMBERSHIP_TONES
from desk import menu, panels
from desk.admin.facts import EMPTY
from desk.badges import badge, state_badge
from desk.clock import moment
from desk.columns import link, page_of
from desk.menu import Item
from desk.panels import Cell, Panel
from desk.speaking import unwrapped


@admin.register(Customer)
class CustomerAdmin(VerbOnlyAdmin):
    """One page per person, with all that happened."""

    help = "people"
    list_page = lists.CustomerList
    moves = desk_moves.CUSTOMER
    list_moves = desk_moves.CUSTOMERS
    readonly_fields = ["contact_is_hidden", "number", "speaks", "lives_in"]

    def get_fieldsets(self, request, obj=None):
        """As little as the reader's work needs: addresses and numbers only for those who may see them."""
        may_see = request.user.has_perm("customers.read_contact")
        contact = ["email", "phone", "postcode", "city", "region", "birth_year"] if may_see else ["contact_is_hidden"]
        return [
            ("Who it is", {"fields": ["number", "speaks", "lives_in", "member_since", "activated_on", "reference"]}),
            ("Contact", {"fields": contact}),
            ("How they came", {"fields": ["origin", "origin_reason", "origin_referral", "created_at", "verified_at", "erased_at"]}),
            ("What is known", {"fields": ["tags", "attributes"]}),
        ]

    @admin.display(description="Customer number")
    def number(self, row: Customer) -> str:
        """Its name in the company's own books."""
        return row.external_id or EMPTY

    @admin.display(description="Language")
    def speaks(self, row: Customer) -> str:
        """By its name."""
        return str(LANG_INFO.get(row.language, {}).get("name", row.language)) or EMPTY

    @admin.display(description="Country")
    def lives_in(self, row: Customer) -> str:
        """By its name."""
        return names_in("en").get(row.country, row.country) or EMPTY

    @admin.display(description="Addresses and numbers")
    def contact_is_hidden(self, row: Customer) -> str:
        """Why there is nothing to see."""
        return "Shown only to roles that write to customers or hand units out to them."

    def lead(self, row: Customer) -> str:
        """Where this person stands and how they came."""
        since = f" since {row.member_since:%-d %b %Y}" if row.member_since else ""
        return f"{row.get_membership_display()}{since}. {row.get_origin_display()}."

    def badges(self, row: Customer) -> list[SafeString]:
        """Membership, and what is missing."""
        if row.erased_at:
            return [badge("bad", "Erased")]
        verified = badge("ok", "Verified") if row.verified_at else badge("warn", "Not verified")
        return [state_badge(row, MEMBERSHIP_TONES, "membership"), verified]


@admin.register(Agreement)
class AgreementAdmin(EditedAdmin):
    """A document and its versions."""

    list_page = lists.AgreementList
    moves = desk_moves.AGREEMENT

    def get_readonly_fields(self, request, obj=None):
        """The slug is in addresses and on the trail, and stays."""
        return ["slug"] if obj else []


@admin.register(AgreementVersion)
class AgreementVersionAdmin(VerbOnlyAdmin):
    """One wording."""

    list_display = ["__str__", "published_at", "sha256"]
    list_filter = ["agreement", ("published_at", admin.EmptyFieldListFilter)]
    list_select_related = ["agreement"]
    search_fields = ["agreement__title", "agreement__slug"]
    fields = ["agreement", "number", "published_at", "sha256", "wording"]
    readonly_fields = ["wording"]
    moves = desk_moves.VERSION

    def timeline_references(self, row: AgreementVersion) -> list[str]:
        """A version is part of its agreement's story."""
        return [row.agreement.reference]

    def badges(self, row: AgreementVersion) -> list[SafeString]:
        """Whether it counts."""
        return [badge("ok", "Published") if row.published_at else badge("plain", "Draft")]

    @admin.display(description="wording")
    def wording(self, row: AgreementVersion) -> str:
        """The text as people read it."""
        return mark_safe(linebreaks(unwrapped(row.body), autoescape=True))


@admin.register(Acceptance)
class AcceptanceAdmin(PartAdmin):
    """Who accepted what, about what, when."""

    list_display = ["customer", "version", "about", "how", "at"]
    list_filter = ["version__agreement", "version"]
    search_fields = ["customer__name", "customer__reference", "about"]
    date_hierarchy = "at"
    list_select_related = ["customer", "version__agreement"]


@admin.register(Consent)
class ConsentAdmin(PartAdmin):
    """Every yes and every no to news and offers."""

    list_display = ["customer", "channel", "purpose", "is_given", "how", "at"]
    list_filter = ["channel", "is_given"]
    search_fields = ["customer__name", "customer__reference"]
    date_hierarchy = "at"
    list_select_related = ["customer"]


@admin.register(CreditScore)
class CreditScoreAdmin(PartAdmin):
    """That there is a score, not the score: it is read on the customer's page, and each reading is recorded."""

    list_display = ["customer", "source", "scored_on"]
    list_filter = ["source"]
    search_fields = ["customer__reference"]
    list_select_related = ["customer"]
    fields = ["customer", "source", "scored_on"]


@admin.register(Attribute)
class AttributeAdmin(VerbOnlyAdmin):
    """Fields this company declared for itself."""

    list_display = ["label", "name", "type", "is_sensitive"]
    list_filter = ["type", "is_sensitive"]
    search_fields = ["name", "label"]
    list_moves = desk_moves.ATTRIBUTES


def versions_of_agreement(agreement: Agreement) -> Panel:
    """All wordings, newest first."""
    rows = [
        [
            link(version, f"Version {version.number}"),
            Cell(moment(version.published_at) if version.published_at else "Draft"),
            Cell(version.sha256[:12]),
        ]
        for version in agreement.versions.all()[: panels.LIMIT]
    ]
    return Panel("Versions", ["Version", "Published", "SHA-256 begins"], rows, "Nothing is written yet.")


def acceptances_of_customer(customer: Customer) -> Panel:
    """What this customer agreed to."""
    rows = [
        [Cell(accepted.version, page_of(accepted)), Cell(accepted.how), Cell(moment(accepted.at))]
        for accepted in customer.acceptances.select_related("version__agreement")[: panels.LIMIT]
    ]
    return Panel("Accepted terms", ["Wording", "How", "When"], rows, "Nothing accepted yet.")


def consents_of_customer(customer: Customer) -> Panel:
    """What this customer said about news and offers, newest first."""
    rows = [
        [Cell(consent.get_channel_display()), Cell(badge("ok", "Given") if consent.is_given else badge("plain", "Withdrawn")), Cell(consent.how),
         Cell(moment(consent.at))]
        for consent in customer.consents.all()[: panels.LIMIT]
    ]  # fmt: skip
    return Panel(
        "Consent to news and offers", ["Channel", "Answer", "How", "When"], rows, "Never asked: no news and offers are sent."
    )


panels.register("customers.agreement", versions_of_agreement, permission="customers.view_agreementversion")
panels.register("customers.customer", consents_of_customer, permission="customers.view_consent", column=panels.SIDE, order=10)
panels.register("customers.customer", acceptances_of_customer, permission="customers.view_acceptance", column=panels.SIDE, order=30)


for _item in (
    Item("customers", "Grow", "Customers", "admin:customers_customer_changelist", "person", "customers.view_customer", 50, 7),
    Item("agreements", "Settings", "Terms", "admin:customers_agreement_changelist", "paper", "customers.view_agreement", 30),
):
    menu.register(_item)


from customers.admin import imports  # noqa: E402, F401
