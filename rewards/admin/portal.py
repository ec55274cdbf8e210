"""What the portal leaves at the desk: who asked for a way in, who is in, which copies of data were made. Nothing that opens anything."""

from django.contrib import admin

from audit.admin.timeline import VerbOnlyAdmin
from rewards.models import DataExport, PortalSession, PortalSignIn


@admin.register(PortalSignIn)
class PortalSignInAdmin(VerbOnlyAdmin):
    """Links into the portal that somebody asked for; kept for a day, without the address."""

    list_display = ["reference", "customer", "asked_at", "expires_at", "used_at"]
    search_fields = ["=reference", "=customer__reference"]
    date_hierarchy = "asked_at"
    list_select_related = ["customer"]
    exclude = ["email"]


@admin.register(PortalSession)
class PortalSessionAdmin(VerbOnlyAdmin):
    """Browsers in which customers are or were signed in; kept for a month."""

    list_display = ["reference", "customer", "device", "created_at", "seen_at", "ended_at"]
    search_fields = ["=reference", "=customer__reference"]
    date_hierarchy = "created_at"
    list_select_related = ["customer"]


@admin.register(DataExport)
class DataExportAdmin(VerbOnlyAdmin):
    """Copies of their data that customers asked for. What is in them is shown to the customer alone."""

    list_display = ["reference", "customer", "state", "asked_at", "ready_at", "expires_at"]
    list_filter = ["state"]
    search_fields = ["=reference", "=customer__reference"]
    date_hierarchy = "asked_at"
    list_select_related = ["customer"]
