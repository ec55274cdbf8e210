"""The tab Tiers: what the campaign gives, as a ladder in words; each rung, window, limit and arm has a form of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from campaigns import calendar_strip, changing, ladder, recipes
from campaigns.admin.part_forms import FORMS, PartForm, QuotaForm, models
from campaigns.admin.problems import put_on
from campaigns.admin.set_up import EditingTab
from campaigns.admin.tabs import register_tab
from campaigns.changing import ChangedMeanwhile
from campaigns.models import Campaign
from campaigns.promises import is_relied_upon
from campaigns.recipe_parts import PromotionPart, Recipe, StepPart, TierPart
from campaigns.states import Side
from desk.badges import badge
from desk.refusals import Refused
from desk.screens import Crumb, add_screen

_Stock = Callable[[Campaign, datetime], Mapping[str, str]]
_stocks: list[_Stock] = []


def register_stock(function: _Stock) -> None:
    """Let an upper floor say per SKU what of it can be promised now; the same function again changes nothing."""
    if function not in _stocks:
        _stocks.append(function)


@dataclass(frozen=True)
class Row:
    """One line of the tab: what it says, a remark, and where it is changed."""

    title: str
    sentence: str
    note: str
    url: str
    badge: SafeString | None = None


@register_tab
class TiersTab(EditingTab):
    """The ladder and what bends it."""

    slug = "tiers"
    label = "Tiers"
    order = 40
    template_name = "campaigns/tiers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows in words, by side and kind."""
        recipe = recipes.recipe_of(self.campaign)
        at = timezone.now()
        lent = dict(models())
        relied = {tier.key for tier in self.campaign.tiers.all() if is_relied_upon(tier)}
        there = {sku: words for function in _stocks for sku, words in function(self.campaign, at).items()}
        tiers = [(tier, self._tier(tier, recipe, lent, there.get(tier.equipment, ""), tier.key in relied)) for tier in recipe.tiers]
        return super().get_context_data(
            referrer=[row for tier, row in tiers if tier.side == Side.REFERRER],
            friend=[row for tier, row in tiers if tier.side == Side.REFEREE],
            steps=[self._step(one, recipe) for one in recipe.steps],
            promotions=[self._promotion(one, lent, at) for one in recipe.promotions],
            strip=calendar_strip.strip([self._window(one, at) for one in recipe.promotions], today=self.campaign.day_of(at)),
            quotas=[self._quota(one) for one in recipe.quotas],
            variants=[self._variant(one, recipe) for one in recipe.variants],
            **kwargs,
        )

    def _tier(self, tier: TierPart, recipe: Recipe, lent: dict[str, str], there: str, is_relied: bool) -> Row:
        cost = f"Costs {ladder.plain(tier.cost)} {recipe.campaign.currency} each time." if tier.cost else "Costs nothing."
        arm = f" Only in the arm {tier.variant}." if tier.variant else ""
        fixed = badge("info", "Promised: what it gives is fixed") if is_relied else None
        sentence = ladder.sentence(tier, recipe=recipe, models=lent)
        return Row(sentence, f"Customers read: “{tier.title}”", f"{cost}{arm} {there}".strip(), self._url("tier", tier.key), fixed)

    def _step(self, step: StepPart, recipe: Recipe) -> Row:
        said = ladder.asked(step, currency=recipe.campaign.currency)
        gives = [tier.title for tier in recipe.tiers if tier.step == step.key]
        note = f"Gives: {', '.join(gives)}." if gives else "No tier is due after it."
        return Row(f"{step.position}. {step.title}", said, note, self._url("step", step.key))

    def _promotion(self, one: PromotionPart, lent: dict[str, str], at: datetime) -> Row:
        state = {
            "over": badge("plain", "Over"),
            "running": badge("ok", "Running"),
            "to_come": badge("info", "To come"),
        }[_when(one, at)]
        return Row(one.name, ladder.effect(one, models=lent), window(one, self.campaign), self._url("promotion", one.key), state)

    def _window(self, one: PromotionPart, at: datetime) -> calendar_strip.Window:
        last = self.campaign.last_day(one.ends_at)
        return calendar_strip.Window(
            one.name, self.campaign.day_of(one.starts_at), last, _when(one, at), window(one, self.campaign)
        )

    def _quota(self, quota: Any) -> Row:
        units = "1 unit" if quota.units == 1 else f"{quota.units} units"
        return Row(f"{quota.sku}, {quota.place}", f"At most {units} at one time.", "", self._url("limit", QuotaForm.key_of(quota)))

    def _variant(self, arm: Any, recipe: Recipe) -> Row:
        whole = sum(one.weight for one in recipe.variants) or 1
        sentence = f"Seen by {round(100 * arm.weight / whole)} % of visitors."
        return Row(arm.key, sentence, arm.headline or "The campaign’s own words.", self._url("arm", arm.key))

    def _url(self, kind: str, key: str) -> str:
        return reverse("admin:campaign_part", args=[self.campaign.slug, kind, key])


def _when(promotion: PromotionPart, at: datetime) -> str:
    if promotion.ends_at <= at:
        return "over"
    return "running" if promotion.starts_at <= at else "to_come"


def window(promotion: PromotionPart, campaign: Campaign) -> str:
    """From which day to which day a promotion runs, on the campaign's calendar."""
    first, last = campaign.day_of(promotion.starts_at), campaign.day_of(promotion.ends_at)
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


class PartScreen(EditingTab):
    """The form of one tier, promotion, limit or arm: new, changed, or removed."""

    slug = "tiers"
    label = "Tiers"
    template_name = "campaigns/part.html"

    @cached_property
    def form_class(self) -> type[PartForm]:
        """The form for the kind in the address. 404 for an unknown one."""
        try:
            return FORMS[self.kwargs["kind"]]
        except KeyError as error:
            raise Http404("There is no such part.") from error

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as the part is."""
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save or remove. What was typed stays when it cannot be."""
        self.actor.require(changing.PERMISSION)
        is_removal = "remove" in request.POST and bool(self.key)
        form = self._form() if is_removal else self._form(request.POST)
        if not is_removal and not form.is_valid():
            return self._again(form, 422)
        if is_removal:
            form = self._form({})
            form.cleaned_data = {}
        return self._save(form, form.without if is_removal else form.changed, "Removed." if is_removal else "Saved.")

    def _save(self, form: PartForm, to: Any, done: str) -> HttpResponse:
        try:
            changing.change(campaign=self.campaign, to=to, seen=self.seen, at=timezone.now(), by=self.actor)
        except ChangedMeanwhile as refusal:
            return self._again(form, refusal.status, conflict=refusal)
        except Refused as refusal:
            put_on(form, refusal, form.field_of)
            return self._again(form, 422)
        messages.success(self.request, done)
        return redirect(TiersTab.address(self.campaign))

    @property
    def key(self) -> str:
        """The part that is changed; empty for a new one."""
        return str(self.kwargs.get("key", ""))

    def crumbs(self) -> list[Crumb]:
        """Under the tab Tiers."""
        return [*super().crumbs(), Crumb(self.campaign.name, TiersTab.address(self.campaign))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is being written."""
        noun = self.form_class.noun
        verb = "Change the" if self.key else "New"
        part = f"{verb} {noun}"
        named = {
            "part_title": part,
            "leaf": part,
            "noun": noun,
            "is_new": not self.key,
            "back_url": TiersTab.address(self.campaign),
        }
        return super().get_context_data(**named, **kwargs)

    def _form(self, *data: Any) -> PartForm:
        recipe = recipes.recipe_of(self.campaign)
        if self.key and self.form_class.find(recipe, self.key) is None:
            raise Http404("There is no such part.")
        side = {"side": self.request.GET["side"]} if self.request.GET.get("side") in Side.values else {}
        form = self.form_class(*data, recipe=recipe, key=self.key, initial=side)
        if not self.may_change:
            for field in form.fields.values():
                field.disabled = True
        return form

    def _again(self, form: PartForm, status: int, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)


add_screen("campaigns/<slug:campaign>/tiers/<slug:kind>/", PartScreen, name="campaign_part_new")
add_screen("campaigns/<slug:campaign>/tiers/<slug:kind>/<str:key>/", PartScreen, name="campaign_part")
