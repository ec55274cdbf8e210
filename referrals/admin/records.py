"""Rows that daily work meets on other pages, for whoever looks for them here."""

from django.contrib import admin

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from referrals.models import Risk, Segment, SubstituteOffer


@admin.register(SubstituteOffer)
class SubstituteOfferAdmin(VerbOnlyAdmin):
    """Other equipment that was offered to somebody who waits, and what they said."""

    list_display = ["reference", "promise", "state", "offered_at", "answer_by"]
    list_filter = ["state"]
    search_fields = ["=reference"]
    date_hierarchy = "offered_at"
    list_select_related = ["promise__tier"]


@admin.register(Risk)
class RiskAdmin(PartAdmin):
    """Promises that cannot be kept as things stand, since when and why. The page “Promises at risk” says what would help."""

    list_display = ["promise", "reason", "breaks_at", "noted_at"]
    date_hierarchy = "breaks_at"
    list_select_related = ["promise__tier"]


@admin.register(Segment)
class SegmentAdmin(PartAdmin):
    """How far each file of visits was turned into rows."""

    names = ("file of visits", "files of visits")
    list_display = ["name", "offset"]
    search_fields = ["=name"]
