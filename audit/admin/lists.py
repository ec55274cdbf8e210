"""The list of the trail's entries."""

from django.db.models import Q

from audit.filters import EntryFilters
from audit.models import Mention
from audit.tables import EntryTable
from desk.lists import ListPage


class EntryList(ListPage):
    """Everything that was recorded, newest first."""

    table = EntryTable
    filters = EntryFilters
    order = "-at"
    search_help = "Who did it (such as staff:mina), a reference it is about or mentions, or a request."
    phone = ("event", "at", "sentence", "actor")
    nothing_yet = "Nothing is recorded yet. Everything that is decided or done leaves an entry here."

    def rows(self):
        """Without what only proofs need."""
        return super().rows().defer("data", "previous_hash")

    def find(self, rows, text):
        """By person, by subject, by what it mentions, by request."""
        mentioning = Mention.objects.filter(reference=text).values("entry")
        person = Q(actor__in=[text, f"staff:{text}", f"customer:{text}"])
        return rows.filter(person | Q(subject_reference=text) | Q(request_id=text) | Q(pk__in=mentioning))
