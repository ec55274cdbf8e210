"""What the list of the trail's entries shows."""

from desk.lists.tables import Instant, ListColumn, ListTable, Number, RowLink


class EntryTable(ListTable):
    """What was done, by whom, when and why."""

    event = RowLink("Event")
    sentence = ListColumn("What happened")
    subject_reference = ListColumn("About")
    actor = ListColumn("By")
    at = Instant("When", with_time=True, sort="at")
    subject_type = ListColumn("Kind of subject", only_exported=True)
    n = Number("Position in its chain", only_exported=True)
    request_id = ListColumn("Request", only_exported=True)
    hash = ListColumn("Hash", only_exported=True)
