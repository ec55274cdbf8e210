"""The list of the trail's entries."""

from audit.filters import EntryFilters
from audit.searching import by_text
from audit.tables import EntryTable
from desk.lists import ListPage


class EntryList(ListPage):
    """Everything that was recorded, newest first."""

    table = EntryTable
    filters = EntryFilters
    order = "-at"
    search_help = "Who did it or whom it is about, by name (such as Mina Roth) or reference; whatever it mentions; or a request."
    phone = ("event", "at", "sentence", "actor")
    nothing_yet = "Nothing is recorded yet. Everything that is decided or done leaves an entry here."

    def rows(self):
        """Without what only proofs need."""
        return super().rows().defer("data", "previous_hash")

    def find(self, rows, text):
        """By person, by subject, by what it mentions, by request: as the search of the trail does."""
        return rows.filter(by_text(text))
