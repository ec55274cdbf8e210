"""The trail at the desk: read it, prove it."""

from collections.abc import Sequence

from django.contrib import admin

from audit.actors import Actor
from audit.admin import lists
from audit.admin.timeline import PartAdmin
from audit.models import Entry, Mention, Seal, SealedEntry
from audit.tables import actor_column
from audit.verifying import verify
from desk.admin.moves import Move
from desk.badges import badge
from desk.panels import Cell, Panel


def _verify(row: None, data: dict[str, object], by: Actor, at: object) -> Sequence[Panel]:
    by.require("audit.verify_trail")
    report = verify()
    answer = badge("ok", "The trail is intact") if report.is_intact else badge("bad", f"{report.problem_count} problems")
    counts = [[Cell(answer), Cell(report.entries), Cell(report.chains), Cell(report.seals), Cell(report.sealed)]]
    head = ["Answer", "Entries", "Subjects", "Seals", "Sealed entries"]
    found = [[Cell(problem)] for problem in report.problems]
    problems = [Panel("What is wrong", ["Problem"], found, "")] if found else []
    return [Panel("Verified just now", head, counts, ""), *problems]


_VERIFY_HELP = "Recomputes every hash, mention and seal. Takes a second per ten thousand entries or so."


@admin.register(Entry)
class EntryAdmin(PartAdmin):
    """What was done, by whom, when and why. Never changed."""

    help = "audit"
    instead = {"actor": actor_column("actor", "By")}
    list_page = lists.EntryList
    list_moves = (Move("verify-trail", "Verify the trail now", _verify, "audit.verify_trail", help=_VERIFY_HELP),)


@admin.register(Mention)
class MentionAdmin(PartAdmin):
    """Which other subjects an entry concerns."""

    list_display = ["reference", "entry"]
    search_fields = ["=reference"]
    list_select_related = ["entry"]


@admin.register(Seal)
class SealAdmin(PartAdmin):
    """Signed roots over the entries."""

    help = "audit"
    list_display = ["n", "at", "count", "root"]
    date_hierarchy = "at"


@admin.register(SealedEntry)
class SealedEntryAdmin(PartAdmin):
    """Which seal covers which entry."""

    list_display = ["entry", "seal"]
    search_fields = ["=entry__subject_reference"]
    list_select_related = ["entry", "seal"]


# The screens last: they stand on what is above.
from audit.admin import search  # noqa: E402, F401
