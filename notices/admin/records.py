"""Rows that daily work meets on other pages, for whoever looks for them here."""

from django.contrib import admin

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from notices.models import Sequence, Step


@admin.register(Sequence)
class SequenceAdmin(VerbOnlyAdmin):
    """Messages that follow a trigger. They are written on the tab Sequences of a campaign."""

    list_display = ["name", "campaign", "trigger", "is_on", "changed_at"]
    list_filter = ["is_on"]
    date_hierarchy = "changed_at"
    list_select_related = ["campaign"]


@admin.register(Step)
class StepAdmin(PartAdmin):
    """One message of a sequence, so many days after its trigger."""

    names = ("step of a sequence", "steps of sequences")
    list_display = ["kind", "sequence", "after_days", "condition"]
    list_select_related = ["sequence"]
