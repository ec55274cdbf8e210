"""Who acted, as a column of lists and a fact on pages: by name, with the key of the trail beside it in files. The list of entries."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin

from audit.naming import titled
from desk.lists.tables import Instant, ListColumn, ListTable, Made, Number, RowLink


def actor_column(field: str = "by", title: str = "") -> Callable[[Any], str]:
    """What stands `instead` of a field that holds the key of an actor."""

    @admin.display(description=title or field.replace("_", " "), ordering=field)
    def column(row: Any) -> str:
        return titled(getattr(row, field)) if getattr(row, field) else ""

    return column


def actor(heading: str, field: str = "by") -> Made:
    """The same for a table that is declared by hand."""
    return Made(heading, actor_column(field), kind="who")


class EntryTable(ListTable):
    """What was done, by whom, when and why."""

    event = RowLink("Event")
    sentence = ListColumn("What happened")
    subject_reference = ListColumn("About")
    actor = actor("By", "actor")
    at = Instant("When", with_time=True, sort="at")
    actor_key = ListColumn("By (key)", "actor", only_exported=True)
    subject_type = ListColumn("Kind of subject", only_exported=True)
    n = Number("Position in its chain", only_exported=True)
    request_id = ListColumn("Request", only_exported=True)
    hash = ListColumn("Hash", only_exported=True)
