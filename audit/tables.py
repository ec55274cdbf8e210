"""What the list of the trail's entries shows."""

from audit.actors import spoken
from desk.lists.tables import Instant, ListColumn, ListTable, Number, RowLink


class EntryTable(ListTable):
    """What was done, by whom, when and why."""

    event = RowLink("Event")
    sentence = ListColumn("What happened")
    subject_reference = ListColumn("About")
    actor = ListColumn("By")

    def render_actor(self, value: str) -> str:
        """A colleague, a customer or the system, as staff call them."""
        return spoken(value)

    at = Instant("When", with_time=True, sort="at")
    subject_type = ListColumn("Kind of subject", only_exported=True)
    n = Number("Position in its chain", only_exported=True)
    request_id = ListColumn("Request", only_exported=True)
    hash = ListColumn("Hash", only_exported=True)
