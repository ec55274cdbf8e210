"""Campaigns at the desk."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from campaigns import desk_moves
from campaigns.admin import lists
from campaigns.admin.overview import in_short_of
from campaigns.admin.tabs import page_context
from campaigns.models import Campaign, EligibilityRule, Promotion, Quota, Step, Tier, Variant
from campaigns.states import CampaignState
from desk import menu, panels
from desk.menu import Item
from desk.panels import Panel


@admin.register(Campaign)
class CampaignAdmin(VerbOnlyAdmin):
    """A campaign: everything about it is changed through its recipe, and its state by moves."""

    help = "campaigns"
    list_page = lists.CampaignList
    change_form_template = "campaigns/overview.html"
    timeline_shown = 20
    moves = desk_moves.CAMPAIGN
    fieldsets = [
        (None, {"fields": ["name", "slug", "headline", "pitch", "programme", "owner", "state_reason"]}),
        ("When", {"fields": ["starts_at", "ends_at", "launched_at", "time_zone"]}),
        ("What is given", {"fields": ["rewarded", "equipment_model", "approval", "risk_threshold", "hold_days"]}),
        ("What must be proved", {"fields": ["proof", "proof_amount", "proof_count", "proof_days", "proof_within_days"]}),
        ("Who is credited", {"fields": ["attribution", "attribution_days", "name_sharing"]}),
        ("Limits", {"fields": ["currency", "budget", "referrer_cap", "total_cap", "unit_days_cap", "goals"]}),
        ("Terms", {"fields": ["campaign_terms", "loan_terms", "rules_version"]}),
    ]

    def get_queryset(self, request):
        """With everything the page shows."""
        return super().get_queryset(request).select_related("equipment_model", "campaign_terms", "loan_terms")

    def has_add_permission(self, request) -> bool:
        """A campaign begins with a recipe, on a screen of its own."""
        return bool(request.user.has_perm("campaigns.load_campaign"))

    def add_view(self, request, form_url="", extra_context=None):
        """That screen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:campaign_start")

    def render_change_form(self, request, context, *args, **kwargs):
        """The first tab of the campaign. Its moves stand in the head, as on all tabs."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if kwargs.get("obj") is not None and isinstance(response, TemplateResponse):
            shown = page_context(request, kwargs["obj"], "overview", context.get("menu"))
            response.context_data = {
                **(response.context_data or {}),
                **shown,
                "moves": [],
                "in_short": in_short_of(kwargs["obj"], request),
            }
        return response


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(PartAdmin):
    """Conditions of campaigns, of all versions."""

    list_display = ["sentence", "campaign", "version", "side", "field", "operator", "value", "group", "is_sensitive"]
    list_filter = ["campaign", "side", "is_sensitive"]
    search_fields = ["sentence", "field"]
    list_select_related = ["campaign"]


@admin.register(Tier)
class TierAdmin(PartAdmin):
    """What campaigns give, to whom, from which referral on."""

    list_display = ["title", "campaign", "side", "rhythm", "nth", "kind", "equipment_model", "amount", "cost"]
    list_filter = ["campaign", "side", "kind"]
    search_fields = ["title", "key"]
    list_select_related = ["campaign", "equipment_model"]


@admin.register(Quota)
class QuotaAdmin(PartAdmin):
    """How many units campaigns may promise."""

    list_display = ["campaign", "pool", "units"]
    list_filter = ["campaign"]
    list_select_related = ["campaign", "pool__model"]


@admin.register(Variant)
class VariantAdmin(PartAdmin):
    """Arms of tests."""

    list_display = ["key", "campaign", "weight"]
    list_filter = ["campaign"]
    list_select_related = ["campaign"]


@admin.register(Step)
class StepAdmin(PartAdmin):
    """What friends can prove after a referral qualified."""

    list_display = ["title", "campaign", "position", "proof", "within_days"]
    list_filter = ["campaign", "proof"]
    list_select_related = ["campaign"]


@admin.register(Promotion)
class PromotionAdmin(PartAdmin):
    """Dated windows that change what is given."""

    list_display = ["name", "campaign", "starts_at", "ends_at", "effect", "amount", "equipment_model"]
    list_filter = ["campaign", "effect"]
    date_hierarchy = "starts_at"
    list_select_related = ["campaign", "equipment_model"]


def readiness_of_campaign(campaign: Campaign) -> Panel | None:
    """Before it goes live: what is still missing."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.SCHEDULED):
        return None
    return desk_moves.readiness_panel(campaign, timezone.now())


panels.register("campaigns.campaign", readiness_of_campaign, permission="campaigns.view_campaign")


for _item in (
    Item("campaigns", "Grow", "Campaigns", "admin:campaigns_campaign_changelist", "megaphone", "campaigns.view_campaign", 10, 2),
    Item("brand", "Settings", "Brand", "admin:campaigns_brand_changelist", "brush", "campaigns.change_brand", 40),
    Item("segments", "Settings", "Segments", "admin:campaigns_segment_changelist", "people", "campaigns.change_segment", 50),
):
    menu.register(_item)

# Screens beside the pages of rows.
from campaigns.admin import (  # noqa: E402, F401
    brand,
    exporting,
    history_tab,
    languages,
    moving,
    overview,
    readiness,
    rules,
    segments,
    set_up,
    start,
    terms,
    tiers,
)
