"""The tab with the promise book of a campaign: where every promise stands, what is out, what there is, how many may be invited."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from campaigns.admin import tiers
from campaigns.admin.tabs import CampaignTab, register_tab
from campaigns.models import Campaign
from campaigns.readiness import promised_models
from desk import panels
from desk.amounts import in_short
from desk.badges import badge, state_badge
from desk.columns import list_of, page_of
from desk.panels import Cell, Panel
from desk.parts import Empty, Kind, Kpi, grouped
from equipment.models import Pool
from equipment.states import LOAN_TONES
from referrals import inviting, promise_book, service, stock
from referrals.models import Promise
from referrals.promise_book import MEANINGS, TONES, Exposure, PromiseBook, PromiseStanding

SHOWN = 50


@register_tab
class PromisesTab(CampaignTab):
    """The promise book."""

    slug = "promises"
    label = "Promises"
    order = 85
    permission = "referrals.view_promise"
    help = "promises"
    how = (
        "Every promise made in public points at a unit that is held or at a place in the queue. It is kept when the unit is handed over "
        "by the day that was said, and broken when that day passes without one."
    )
    template_name = "referrals/campaign_promises.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, exposure, stock, and the promises of the chosen standing."""
        at = timezone.now()
        book = promise_book.book_of(self.campaign, at=at)
        chosen = next((one for one in PromiseStanding if one.value == self.request.GET.get("standing")), None)
        rows = promise_book.promises_of(self.campaign, at=at, standing=chosen, most=SHOWN)
        return super().get_context_data(
            standings=[
                {"one": one, "count": book.count(one), "means": MEANINGS[one], "is_here": one is chosen} for one in PromiseStanding
            ],
            chosen=chosen,
            kpis=_kpis(book, self.campaign),
            models=_models(self.campaign, at),
            service=service.service_of(self.campaign, at=at),
            meter=inviting.meter(self.campaign, at=at),
            rows=[self._row(promise, at) for promise in rows],
            empty=self._empty(book),
            full_list=list_of(Promise, tier__campaign__id__exact=self.campaign.pk),
            **kwargs,
        )

    def _row(self, promise: Any, at: datetime) -> dict[str, Any]:
        sees_names = self.request.user.has_perm("customers.view_customer")
        return {
            "promise": promise,
            "url": page_of(promise.loan),
            "referral_url": page_of(promise.referral),
            "who": promise.loan.borrower if sees_names else promise.loan.borrower.reference,
            "standing": badge(TONES[promise.stands], PromiseStanding(promise.stands).label),
            "loan": state_badge(promise.loan, LOAN_TONES),
            "is_late": promise.stands == PromiseStanding.BROKEN and promise.loan.handed_over_at is None,
        }

    def _empty(self, book: PromiseBook) -> Empty:
        if book.total:
            return Empty("No promise of this campaign stands there.", "Show what is promised now", self.request.path, Kind.NO_MATCH)
        return Empty("This campaign has promised nothing yet. Every sign-up that brings a loan makes a promise here.")


def _kpis(book: PromiseBook, campaign: Campaign) -> list[Kpi]:
    out = book.exposure
    kept = f"{100 * book.kept / book.fallen_due:.1f}%" if book.fallen_due else "–"
    owed = f"; {grouped(book.owed)} still wait" if book.owed else ""
    return [
        Kpi("Promised now", grouped(book.firm + book.open + book.waitlisted), foot="Firm, open and in the queue"),
        Kpi("Promises kept", kept, foot=f"{grouped(book.kept)} of {grouped(book.fallen_due)} fallen due{owed}", tone="bad" if book.owed else ""),
        Kpi("Out now", in_short(round(out.value, 0), campaign.currency), foot=f"{grouped(out.units)} units at their replacement value{_foreign(out)}"),
        Kpi("Exposure", grouped(round(out.value_days)), foot=f"{campaign.currency} × days; {grouped(round(out.unit_days))} unit-days so far"),
    ]  # fmt: skip


def _foreign(out: Exposure) -> str:
    return f"; {grouped(out.foreign)} in another currency, not counted" if out.foreign else ""


def _models(campaign: Campaign, at: datetime) -> list[dict[str, Any]]:
    found = []
    for model in promised_models(campaign):
        supply = stock.supply_of(campaign, model, at=at)
        found.append({"model": model, "free": supply.free, "waiting": supply.waiting, "back": sum(supply.returns)})
    return found


def stock_in_words(campaign: Campaign, at: datetime) -> dict[str, str]:
    """Per SKU: what a friend who joined now would meet, for the tab Tiers."""
    return {
        model.sku: f"{one.sentence}."
        if not one.must_wait
        else f"{one.sentence}; who joins now is number {one.place} in the queue{'' if one.is_exact else ' at most'}."
        for model in promised_models(campaign)
        for one in [stock.stock_of(campaign, model, before=0, at=at)]
    }


def promises_from_pool(pool: Pool) -> Panel:
    """What each campaign has promised from this pool, by where it stands."""
    rows = promise_book.by_campaign(Promise.objects.filter(loan__pool=pool), at=timezone.now())
    return _panel(rows)


def promises_of_model(model: Any) -> Panel:
    """What each campaign has promised of this model, by where it stands."""
    rows = promise_book.by_campaign(Promise.objects.filter(loan__pool__model=model), at=timezone.now())
    return _panel(rows)


def _panel(rows: list[tuple[Campaign, PromiseBook]]) -> Panel:
    head = ["Campaign", *(standing.label for standing in PromiseStanding if standing != PromiseStanding.LAPSED)]
    lines = [
        [
            Cell(campaign, PromisesTab.address(campaign)),
            *(Cell(book.count(one)) for one in PromiseStanding if one != PromiseStanding.LAPSED),
        ]
        for campaign, book in rows
    ]
    return Panel("Promise book", head, lines, "No campaign has promised anything of this.")


tiers.register_stock(stock_in_words)
panels.register("equipment.pool", promises_from_pool, permission="referrals.view_promise", column=panels.MAIN, order=40)
panels.register("equipment.equipmentmodel", promises_of_model, permission="referrals.view_promise", column=panels.MAIN, order=40)
