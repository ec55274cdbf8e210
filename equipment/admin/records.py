"""Rows that daily work meets on other pages, for whoever looks for them here."""

from django.contrib import admin

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from audit.tables import actor_column
from equipment.models import Closure, DeniedHour, Exchange, MissingAccessory


@admin.register(Closure)
class ClosureAdmin(VerbOnlyAdmin):
    """Days on which a place is closed. They are set on the page of a pool of that place."""

    list_display = ["place", "first_on", "last_on", "reason", "withdrawn_at"]
    search_fields = ["=place"]
    date_hierarchy = "first_on"


@admin.register(Exchange)
class ExchangeAdmin(PartAdmin):
    """Which unit was exchanged for which within a loan, and why."""

    list_display = ["loan", "came_back", "went_out", "reason", "at"]
    instead = {"by": actor_column()}
    search_fields = ["=loan__reference", "=came_back__serial", "=went_out__serial"]
    date_hierarchy = "at"
    list_select_related = ["loan", "came_back", "went_out"]


@admin.register(MissingAccessory)
class MissingAccessoryAdmin(PartAdmin):
    """What went out with a unit and did not come back with it."""

    list_display = ["name", "loan", "state", "noted_at", "ended_at"]
    list_filter = ["state"]
    search_fields = ["=loan__reference"]
    date_hierarchy = "noted_at"
    list_select_related = ["loan"]


@admin.register(DeniedHour)
class DeniedHourAdmin(PartAdmin):
    """How many asked for a unit while a campaign took nobody. Numbers only."""

    list_display = ["pool", "account", "hour", "number"]
    search_fields = ["=account", "=pool__place"]
    date_hierarchy = "hour"
    list_select_related = ["pool__model"]
