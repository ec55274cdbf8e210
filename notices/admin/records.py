"""Rows that daily work meets on other pages, for whoever looks for them here."""

from typing import Any

from django.contrib import admin

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from notices.kinds import title_of
from notices.models import Sequence, Step
from notices.sequences.parts import label_of_condition, label_of_trigger


@admin.display(description="begins when", ordering="trigger")
def _trigger(row: Any) -> str:
    return label_of_trigger(row.trigger)


@admin.display(description="message", ordering="kind")
def _message(row: Any) -> str:
    return title_of(row.kind)


@admin.display(description="condition", ordering="condition")
def _condition(row: Any) -> str:
    return label_of_condition(row.condition)


@admin.register(Sequence)
class SequenceAdmin(VerbOnlyAdmin):
    """Messages that follow a trigger. They are written on the tab Sequences of a campaign."""

    list_display = ["name", "campaign", "trigger", "is_on", "changed_at"]
    list_filter = ["is_on"]
    date_hierarchy = "changed_at"
    list_select_related = ["campaign"]
    instead = {"trigger": _trigger}


@admin.register(Step)
class StepAdmin(PartAdmin):
    """One message of a sequence, so many days after its trigger."""

    names = ("step of a sequence", "steps of sequences")
    list_display = ["kind", "sequence", "after_days", "condition"]
    list_select_related = ["sequence"]
    instead = {"kind": _message, "condition": _condition}
