"""The outbox and the templates at the desk."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from customers.models import Customer
from desk import menu, needs, panels
from desk.admin.moves import add_move
from desk.badges import badge, state_badge
from desk.clock import moment
from desk.columns import link, list_of
from desk.languages import name_of
from desk.menu import Item
from desk.needs import Need, need_of
from desk.panels import Cell, Panel
from notices import desk_moves, explaining, mailbox, suppressing
from notices.admin import lists
from notices.kinds import title_of
from notices.models import Notice, ProviderEvent, Suppression, Template
from notices.states import EVENT_TONES, NOTICE_TONES, TEMPLATE_TONES, EventState, NoticeState


@admin.register(Notice)
class NoticeAdmin(VerbOnlyAdmin):
    """One message: what was said to whom, and whether it arrived."""

    names = ("message", "messages")
    help = "messages"
    list_page = lists.NoticeList
    moves = desk_moves.NOTICE
    change_form_template = "notices/notice_page.html"
    readonly_fields = ["what", "spoken_in"]

    def get_fieldsets(self, request, obj=None):
        """Where it went only for those who may see addresses."""
        address = ["address"] if request.user.has_perm("customers.read_contact") else []
        return [
            ("To whom, and about what", {"fields": ["customer", *address, "campaign", "what", "about", "spoken_in", "channel"]}),
            ("Delivery", {"fields": ["created_at", "sent_at", "attempts", "next_attempt_at", "reason", "message_id", "reference"]}),
        ]

    def heading(self, row: Notice) -> str:
        """Its subject."""
        return row.subject or title_of(row.kind)

    def lead(self, row: Notice) -> str:
        """Why it was sent, or why not."""
        return explaining.sentence_of(row)

    def badges(self, row: Notice) -> list[SafeString]:
        """Where it is, and whether it needed consent."""
        return [state_badge(row, NOTICE_TONES), badge("plain", "News and offers" if row.is_marketing else "Service message")]

    @admin.display(description="language")
    def spoken_in(self, row: Notice) -> str:
        """Its language by name."""
        return name_of(row.language)

    @admin.display(description="kind")
    def what(self, row: Notice) -> str:
        """The kind in words."""
        return title_of(row.kind)


@admin.register(Template)
class TemplateAdmin(VerbOnlyAdmin):
    """The words of a kind of notice, in versions."""

    names = ("message text", "message texts")
    help = "messages"
    list_page = lists.TemplateList
    moves = desk_moves.TEMPLATE
    list_moves = desk_moves.TEMPLATES
    fields = ["what", "spoken_in", "channel", "campaign", "version", "published_at", "subject", "text"]
    readonly_fields = ["what", "spoken_in", "text"]

    def badges(self, row: Template) -> list[SafeString]:
        """Whether it speaks."""
        return [state_badge(row, TEMPLATE_TONES)]

    @admin.display(description="language")
    def spoken_in(self, row: Template) -> str:
        """Its language by name."""
        return name_of(row.language)

    @admin.display(description="kind")
    def what(self, row: Template) -> str:
        """The kind in words."""
        return title_of(row.kind)

    @admin.display(description="text")
    def text(self, row: Template) -> SafeString:
        """The words with their placeholders."""
        return format_html('<pre class="letter">{}</pre>', row.body)


@admin.register(Suppression)
class SuppressionAdmin(PartAdmin):
    """Addresses that are not written to, as hashes."""

    names = ("suppressed address", "suppressed addresses")
    help = "messages"
    list_page = lists.SuppressionList


@admin.register(ProviderEvent)
class ProviderEventAdmin(VerbOnlyAdmin):
    """What providers told about messages, and what people answered by SMS."""

    list_page = lists.ProviderEventList
    moves = desk_moves.REPLY
    fieldsets = [
        ("What was told", {"fields": ["kind", "channel", "provider", "notice", "customer", "words", "detail", "is_for_good"]}),
        ("What came of it", {"fields": ["outcome", "received_at", "event_id", "message", "reference"]}),
    ]

    def badges(self, row: ProviderEvent) -> list[SafeString]:
        """What became of it."""
        return [state_badge(row, EVENT_TONES)]


def notices_to_customer(customer: Customer) -> Panel:
    """What this customer was told."""
    rows = [
        [link(notice, notice.subject or title_of(notice.kind)), Cell(state_badge(notice, NOTICE_TONES)),
         Cell(notice.get_channel_display()), Cell(moment(notice.created_at)), Cell(explaining.sentence_of(notice))]
        for notice in customer.notices.all()[: panels.LIMIT]
    ]  # fmt: skip
    more = list_of(Notice, customer=customer.reference) if len(rows) == panels.LIMIT else ""
    return Panel("Messages", ["Message", "State", "By", "Written", "Why"], rows, "Nothing was written to this customer yet.", more)


def not_written_to(customer: Customer) -> Panel | None:
    """Addresses of this customer to which nothing is sent, and why; nothing where all are open."""
    found = suppressing.suppressions_of(customer)
    rows = [[Cell(one.get_channel_display()), Cell(one.reason), Cell(moment(one.at))] for one in found]
    return Panel("Not written to", ["By", "Why", "Since"], rows, "") if rows else None


for _move in desk_moves.CUSTOMER:
    add_move("customers.customer", _move)
panels.register("customers.customer", not_written_to, permission="notices.view_notice", column=panels.SIDE, order=5)
panels.register("customers.customer", notices_to_customer, permission="notices.view_notice", order=70)


def _failed(at) -> Need:
    failed = Notice.objects.filter(state__in=[NoticeState.FAILED, NoticeState.DEAD])
    return need_of(failed, "Messages that could not be sent", list_of(Notice, trouble="failed"), "bad", since="created_at")


def _answers(at) -> Need:
    answers = ProviderEvent.objects.filter(state=EventState.FOR_PERSON)
    return need_of(answers, "Answers by SMS to be read", list_of(ProviderEvent, state=EventState.FOR_PERSON), since="received_at")


needs.register("notices.failed", _failed, permission="notices.retry_notice")
needs.register("notices.answers", _answers, permission="notices.answer_reply")


for _item in (
    Item("notices", "Look back", "Messages", "admin:notices_notice_changelist", "mail", "notices.view_notice", 20),
    Item("provider_events", "Look back", "Answers and bounces", "admin:notices_providerevent_changelist", "mail",
         "notices.view_providerevent", 21),
    Item("mailbox", "Look back", "Mailbox", "notices:mailbox", "mail", "notices.read_mailbox", 22, is_open=mailbox.is_open),
    Item("templates", "Settings", "Message texts", "admin:notices_template_changelist", "mail", "notices.view_template", 20),
    Item("suppressions", "Settings", "Suppressed", "admin:notices_suppression_changelist", "mail", "notices.view_suppression", 25),
):  # fmt: skip
    menu.register(_item)

# The screens last: they stand on what is above.
from notices.admin import campaign_tab, letter, records, sequences  # noqa: E402, F401
