"""The lists of messages, their templates and suppressed addresses."""

from django.db.models import Q

from customers import finding
from desk.lists import BulkMove, ListPage
from desk.lists.ways import found_by
from notices import desk_moves
from notices.filters import NoticeFilters, ProviderEventFilters, SuppressionFilters, TemplateFilters
from notices.kinds import KINDS, title_of
from notices.tables import NoticeTable, ProviderEventTable, SuppressionTable, TemplateTable

_RETRY = next(move for move in desk_moves.NOTICE if move.name == "retry")


class NoticeList(ListPage):
    """What was said to whom, newest first."""

    table = NoticeTable
    filters = NoticeFilters
    order = "-created_at"
    related = ("customer",)
    search_help = "What a message is about (a reference), or an e-mail or the beginning of a name."
    phone = ("subject", "state", "customer", "created_at")
    nothing_yet = "Nothing was written to anybody yet. Messages appear when friends sign up."
    bulk = (BulkMove(_RETRY, "in the outbox again"),)

    def rows(self):
        """Without the words themselves, which a list does not show."""
        return super().rows().defer("body_text", "body_html")

    def find(self, rows, text):
        """By its own reference, what it is about, or to whom it was written."""
        return found_by(rows, Q(reference=text), Q(about=text) & ~Q(about=""), Q(customer__in=finding.keys(text)))

    def prepare(self, rows, at):
        """What to call a message that has no subject."""
        for row in rows:
            row.title = row.subject or _kind(row)


class TemplateList(ListPage):
    """The words of each kind of message, in versions."""

    table = TemplateTable
    filters = TemplateFilters
    order = "kind"
    related = ("campaign",)
    search_help = "How the name of a kind or a subject begins."
    phone = ("kind", "state", "language", "campaign")
    nothing_yet = "No words of your own yet: messages go out in the words that came with the program."

    def find(self, rows, text):
        """By kind or subject."""
        kinds = [kind.name for kind in KINDS.values() if kind.label.casefold().startswith(text.casefold())]
        return rows.filter(Q(kind__in=kinds) | Q(kind__istartswith=text) | Q(subject__istartswith=text))

    def prepare(self, rows, at):
        """What the kind is called."""
        for row in rows:
            row.title = _kind(row)


class SuppressionList(ListPage):
    """Addresses that are not written to, newest first."""

    table = SuppressionTable
    filters = SuppressionFilters
    order = "-pk"
    search_help = "The hash of an address."
    phone = ("channel", "at", "reason", "address_hash")
    nothing_yet = "No address is suppressed. They come here when mail bounces or somebody asks for no more."

    def find(self, rows, text):
        """By the whole hash."""
        return rows.filter(address_hash=text)


class ProviderEventList(ListPage):
    """What providers told and people answered, newest first."""

    table = ProviderEventTable
    filters = ProviderEventFilters
    order = "-received_at"
    related = ("customer", "notice__customer")
    search_help = "The name of a message, or an e-mail or the beginning of a name."
    phone = ("kind", "state", "person", "received_at")
    nothing_yet = "Nothing was told yet. Deliveries, bounces and answers come here when a provider is set up."

    def find(self, rows, text):
        """By the message it speaks of, or by whom it concerns."""
        named = [Q(reference=text), Q(notice__reference=text), Q(message=text) & ~Q(message="")]
        people = finding.keys(text)
        return found_by(rows, *named, Q(customer__in=people), Q(notice__customer__in=people))


def _kind(row):
    return title_of(row.kind)
