"""The outbox and the templates at the desk."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from customers.models import Customer
from desk import menu, needs, panels
from desk.badges import badge, state_badge
from desk.columns import link, list_of, state_column
from desk.menu import Item
from desk.needs import Need
from desk.panels import Cell, Panel
from notices import desk_moves
from notices.kinds import KINDS
from notices.models import Notice, Suppression, Template
from notices.states import NOTICE_TONES, TEMPLATE_TONES, NoticeState


@admin.register(Notice)
class NoticeAdmin(VerbOnlyAdmin):
    """One message: what was said to whom, and whether it arrived."""

    list_display = ["subject", state_column(NOTICE_TONES), "kind", "customer", "channel", "attempts", "created_at"]
    list_filter = ["state", "kind", "channel", "campaign"]
    search_fields = ["reference", "about", "subject", "customer__name", "customer__reference"]
    date_hierarchy = "created_at"
    list_select_related = ["customer"]
    moves = desk_moves.NOTICE
    fieldsets = [
        ("As sent", {"fields": ["address", "subject", "text"]}),
        ("Delivery", {"fields": ["reason", "attempts", "next_attempt_at", "sent_at", "message_id"]}),
        (
            "About",
            {"fields": ["reference", "kind", "channel", "language", "is_marketing", "customer", "campaign", "about", "created_at"]},
        ),
    ]
    readonly_fields = ["text"]

    def badges(self, row: Notice) -> list[SafeString]:
        """Where it is, and whether it needed consent."""
        return [state_badge(row, NOTICE_TONES), badge("plain", "News and offers" if row.is_marketing else "Service message")]

    @admin.display(description="text")
    def text(self, row: Notice) -> SafeString:
        """The words as the reader got them."""
        return format_html('<pre class="letter">{}</pre>', row.body_text)


@admin.register(Template)
class TemplateAdmin(VerbOnlyAdmin):
    """The words of a kind of notice, in versions."""

    list_display = ["kind", "version", state_column(TEMPLATE_TONES), "language", "channel", "campaign", "published_at"]
    list_filter = ["state", "kind", "language", "channel", "campaign"]
    search_fields = ["kind", "subject", "body"]
    list_select_related = ["campaign"]
    moves = desk_moves.TEMPLATE
    list_moves = desk_moves.TEMPLATES
    fields = ["what", "language", "channel", "campaign", "version", "published_at", "subject", "text"]
    readonly_fields = ["what", "text"]

    def badges(self, row: Template) -> list[SafeString]:
        """Whether it speaks."""
        return [state_badge(row, TEMPLATE_TONES)]

    @admin.display(description="kind")
    def what(self, row: Template) -> str:
        """The kind in words."""
        return KINDS[row.kind].label if row.kind in KINDS else row.kind

    @admin.display(description="text")
    def text(self, row: Template) -> SafeString:
        """The words with their placeholders."""
        return format_html('<pre class="letter">{}</pre>', row.body)


@admin.register(Suppression)
class SuppressionAdmin(PartAdmin):
    """Addresses that are not written to, as hashes."""

    list_display = ["channel", "reason", "at", "address_hash"]
    list_filter = ["channel"]
    search_fields = ["=address_hash", "reason"]
    date_hierarchy = "at"


def notices_to_customer(customer: Customer) -> Panel:
    """What this customer was told."""
    rows = [
        [link(notice, notice.subject or notice.kind), Cell(state_badge(notice, NOTICE_TONES)), Cell(notice.about or "–"),
         Cell(f"{notice.created_at:%-d %b %Y, %H:%M} UTC")]
        for notice in customer.notices.all()[: panels.LIMIT]
    ]  # fmt: skip
    return Panel("Messages", ["Subject", "State", "About", "Written"], rows, "Nothing was written to this customer yet.")


panels.register("customers.customer", notices_to_customer, permission="notices.view_notice")


def _failed(at) -> Need:
    states = [NoticeState.FAILED, NoticeState.DEAD]
    return Need(
        Notice.objects.filter(state__in=states).count(),
        "Messages that could not be sent",
        list_of(Notice, state__in=",".join(states)),
        "bad",
    )


needs.register("notices.failed", _failed, permission="notices.retry_notice")


for _item in (
    Item("notices", "Look back", "Messages", "admin:notices_notice_changelist", "mail", "notices.view_notice", 20),
    Item("templates", "Settings", "Message texts", "admin:notices_template_changelist", "mail", "notices.view_template", 20),
    Item("suppressions", "Settings", "Suppressed", "admin:notices_suppression_changelist", "mail", "notices.view_suppression", 25),
):
    menu.register(_item)
