"""Codes and referrals at the desk."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.timeline import PartAdmin, VerbOnlyAdmin
from campaigns.models import Campaign
from customers.models import Customer
from desk import menu, needs, panels
from desk.admin.moves import add_move
from desk.amounts import money
from desk.badges import badge, state_badge
from desk.clock import day, moment
from desk.columns import link, list_of
from desk.menu import Item
from desk.needs import Need, need_of
from desk.panels import Cell, Panel
from equipment.models import Loan
from equipment.states import LOAN_TONES
from referrals import desk_moves, steps, story
from referrals.admin import lists
from referrals.links import link_of
from referrals.models import (
    Code,
    Conversion,
    Credit,
    Promise,
    PromoCode,
    Referral,
    Signal,
    SpokenName,
    StepDone,
    SubstituteOffer,
    Touch,
)
from referrals.states import CODE_TONES, OFFER_TONES, PROGRESS_TONES, STANDING_TONES, Standing


@admin.register(Code)
class CodeAdmin(VerbOnlyAdmin):
    """A customer's own code in a campaign."""

    help = "referrals"
    list_page = lists.CodeList
    moves = desk_moves.CODE

    def badges(self, row: Code) -> list[SafeString]:
        """Whether it works."""
        return [state_badge(row, CODE_TONES)]


@admin.register(Referral)
class ReferralAdmin(VerbOnlyAdmin):
    """A friend who signed up: how far they got, and whether it may be trusted."""

    help = "referrals"
    list_page = lists.ReferralList
    moves = desk_moves.REFERRAL
    fieldsets = [
        ("Who", {"fields": ["campaign", "referrer", "referee", "code", "variant", "reference"]}),
        ("How far it got", {"fields": ["progress", "progress_reason", "qualified_number", "signed_up_at", "verified_at",
                                       "qualified_at", "proof_due_at", "expired_at"]}),
        ("Whether it may be trusted", {"fields": ["standing", "standing_reason", "risk"]}),
    ]  # fmt: skip

    def heading(self, row: Referral) -> str:
        """Who invited whom."""
        return story.title_of(row)

    def lead(self, row: Referral) -> str:
        """The story in one sentence."""
        return story.sentence_of(row)

    def get_queryset(self, request):
        """With everything the page shows."""
        return super().get_queryset(request).select_related("campaign", "code", "referrer", "referee")

    def badges(self, row: Referral) -> list[SafeString]:
        """Both axes, and the risk."""
        tone = "bad" if row.risk > row.campaign.risk_threshold else "plain"
        return [
            state_badge(row, PROGRESS_TONES, "progress"),
            state_badge(row, STANDING_TONES, "standing"),
            badge(tone, f"Risk {row.risk} of 100"),
        ]


@admin.register(Touch)
class TouchAdmin(PartAdmin):
    """Every visit through a code, people and machines apart."""

    list_display = ["code", "at", "channel", "is_typed", "is_bot", "referer_host", "variant", "country"]
    list_filter = ["channel", "is_typed", "is_bot"]
    search_fields = ["=code__code"]
    date_hierarchy = "at"
    list_select_related = ["code"]


@admin.register(PromoCode)
class PromoCodeAdmin(PartAdmin):
    """Memorable codes that customers chose, now or once: all of them work."""

    list_display = ["text", "code", "chosen_at"]
    search_fields = ["=text", "=code__code"]
    date_hierarchy = "chosen_at"
    list_select_related = ["code"]


@admin.register(SpokenName)
class SpokenNameAdmin(PartAdmin):
    """Names by which customers chose to be found."""

    list_display = ["code", "chosen_at"]
    search_fields = ["=code__code"]
    date_hierarchy = "chosen_at"
    list_select_related = ["code"]


@admin.register(Credit)
class CreditAdmin(PartAdmin):
    """Which visit was credited with how much of a referral."""

    list_display = ["referral", "code", "model", "weight", "policy_version", "reason"]
    list_filter = ["model"]
    search_fields = ["=referral__reference", "=code__code"]
    list_select_related = ["referral", "code", "touch"]


@admin.register(Conversion)
class ConversionAdmin(PartAdmin):
    """What customers did that counts, each told once."""

    list_display = ["kind", "external_id", "customer", "referral", "amount", "currency", "at"]
    list_filter = ["kind"]
    search_fields = ["external_id", "customer__reference", "referral__reference"]
    date_hierarchy = "at"
    list_select_related = ["customer", "referral"]


@admin.register(Signal)
class SignalAdmin(PartAdmin):
    """What makes referrals look doubtful."""

    list_display = ["referral", "name", "strength", "evidence", "at"]
    list_filter = ["name"]
    search_fields = ["=referral__reference"]
    list_select_related = ["referral"]


@admin.register(StepDone)
class StepDoneAdmin(PartAdmin):
    """Steps that were done after a referral qualified."""

    list_display = ["referral", "step", "at"]
    search_fields = ["=referral__reference"]
    date_hierarchy = "at"
    list_select_related = ["referral", "step"]


@admin.register(Promise)
class PromiseAdmin(PartAdmin):
    """What was said in public, and the loan that stands for it."""

    list_display = ["referral", "side", "tier", "loan", "made_at"]
    list_filter = ["side", "loan__state", "tier__campaign"]
    search_fields = ["=referral__reference", "=loan__reference"]
    date_hierarchy = "made_at"
    list_select_related = ["referral", "tier", "loan"]


def signals_of_referral(referral: Referral) -> Panel:
    """What was found about it."""
    rows = [[Cell(signal.name), Cell(signal.strength), Cell(signal.evidence)] for signal in referral.signals.all()]
    return Panel("Signals", ["Signal", "Strength", "What was seen"], rows, "Nothing about this referral looks doubtful.")


def credits_of_referral(referral: Referral) -> Panel:
    """Who is credited, and by which rule."""
    rows = [
        [
            link(share.code),
            Cell(f"{share.weight.normalize():f}"),
            Cell(moment(share.touch.at) if share.touch else "–"),
            Cell(share.reason),
        ]
        for share in referral.credits.select_related("code", "touch")[: panels.LIMIT]
    ]
    return Panel("Credit", ["Code", "Share", "Visit", "Why"], rows, "No visit is credited.")


def steps_of_referral(referral: Referral) -> Panel:
    """Every step of the way, with what is still missing."""
    rows = [
        [
            Cell(step.title),
            Cell(badge(step.tone, step.label)),
            Cell(step.missing or "–"),
            Cell(_step_day(step)),
            Cell(", ".join(step.gives) or "–"),
        ]
        for step in steps.steps_of(referral, at=timezone.now())
    ]
    return Panel("Steps", ["Step", "State", "Still missing", "When", "Gives"], rows, "There are no steps.")


def _step_day(step: steps.StepState) -> str:
    if step.done_on:
        return f"done on {step.done_on:%-d %b %Y}"
    return f"by {step.by:%-d %b %Y}" if step.by else "–"


def promises_of_referral(referral: Referral) -> Panel:
    """What was promised, and how the loan stands."""
    rows = [
        [Cell(promise.get_side_display()), Cell(promise.tier), link(promise.loan), Cell(state_badge(promise.loan, LOAN_TONES))]
        for promise in referral.promises.select_related("tier", "loan")
    ]
    return Panel("Promises", ["To the", "What", "Loan", "State"], rows, "Nothing was promised for this referral.")


def conversions_of_referral(referral: Referral) -> Panel:
    """What the friend did that counts."""
    rows = [
        [Cell(told.get_kind_display()), Cell(told.external_id), Cell(money(told.amount, told.currency) if told.amount is not None else "–"),
         Cell(moment(told.at))]
        for told in referral.conversions.all()[: panels.LIMIT]
    ]  # fmt: skip
    return Panel("Proof", ["Kind", "Id", "Amount", "When"], rows, "Nothing told yet.")


def _referrals(title: str, referrals, empty: str, more_url: str = "") -> Panel:
    rows = [
        [link(row, story.title_of(row)), Cell(state_badge(row, PROGRESS_TONES, "progress")),
         Cell(state_badge(row, STANDING_TONES, "standing")), link(row.campaign), Cell(day(row.signed_up_at))]
        for row in referrals.select_related("campaign", "referrer", "referee")[: panels.LIMIT]
    ]  # fmt: skip
    return Panel(title, ["Referral", "Progress", "Standing", "Campaign", "Signed up"], rows, empty, more_url)


def referrals_by_customer(customer: Customer) -> Panel:
    """Friends this customer brought."""
    return _referrals("Friends brought", customer.referrals_made.all(), "Has brought nobody yet.")


def referrals_of_customer(customer: Customer) -> Panel:
    """How this customer came by a friend."""
    return _referrals("Brought by", customer.referrals_received.all(), "Did not come through a code.")


def codes_of_customer(customer: Customer) -> Panel:
    """Codes this customer has."""
    rows = [
        [link(code), Cell(state_badge(code, CODE_TONES)), link(code.campaign)]
        for code in customer.codes.select_related("campaign")[: panels.LIMIT]
    ]
    return Panel("Codes", ["Code", "State", "Campaign"], rows, "Has no code yet.")


def referrals_of_code(code: Code) -> Panel:
    """Friends who came through this code."""
    return _referrals("Referrals through this code", code.referrals.all(), "Nobody signed up through this code yet.")


def sharing_of_code(code: Code) -> Panel:
    """What its owner passes on, to be sent or printed for them."""
    rows = [
        [Cell("Link"), Cell(link_of(code), code.get_absolute_url())],
        [Cell("QR code"), Cell("PNG", reverse("qr_png", args=[code.code]))],
        [Cell("QR code, to scale"), Cell("SVG", reverse("qr_svg", args=[code.code]))],
        [Cell("Card to print"), Cell("PDF", reverse("card", args=[code.code]))],
    ]
    rows += [
        [Cell("Promo code" if row.text == code.promo_code else "Promo code of before"), Cell(row)] for row in code.promo_codes.all()
    ]
    return Panel("To share", ["What", "Where"], rows, "")


def referrals_of_campaign(campaign: Campaign) -> Panel:
    """The newest referrals of this campaign."""
    more = list_of(Referral, campaign=campaign.pk)
    return _referrals("Latest referrals", campaign.referrals.all(), "Nobody signed up yet.", more)


def promise_of_loan(loan: Loan) -> Panel:
    """What this loan is for."""
    promises = Promise.objects.filter(loan=loan).select_related("referral__campaign", "tier")
    rows = [
        [link(promise.referral), link(promise.referral.campaign), Cell(promise.get_side_display()), Cell(promise.tier)]
        for promise in promises
    ]
    return Panel("What it is for", ["Referral", "Campaign", "Side", "Reward"], rows, "No promise points at this loan.")


def offers_of_loan(loan: Loan) -> Panel | None:
    """What was offered instead of it, and what the customer answered; nothing where nothing was."""
    rows = [
        [link(offer.loan.pool), Cell(state_badge(offer, OFFER_TONES)), Cell(moment(offer.answer_by)), Cell(offer.reason)]
        for offer in SubstituteOffer.objects.filter(promise__loan=loan).select_related("loan__pool__model")
    ]
    return Panel("Offered instead", ["What and where", "Answer", "Answer by", "Why"], rows, "") if rows else None


for _label, _make, _permission, _column, _order in (
    ("referrals.referral", steps_of_referral, "referrals.view_referral", panels.MAIN, 5),
    ("referrals.referral", signals_of_referral, "referrals.view_signal", panels.MAIN, 20),
    ("referrals.referral", promises_of_referral, "referrals.view_promise", panels.MAIN, 30),
    ("referrals.referral", conversions_of_referral, "referrals.view_conversion", panels.MAIN, 40),
    ("referrals.referral", credits_of_referral, "referrals.view_credit", panels.MAIN, 50),
    ("referrals.code", referrals_of_code, "referrals.view_referral", panels.MAIN, 50),
    ("referrals.code", sharing_of_code, "referrals.view_code", panels.SIDE, 20),
    ("customers.customer", codes_of_customer, "referrals.view_code", panels.SIDE, 20),
    ("customers.customer", referrals_by_customer, "referrals.view_referral", panels.MAIN, 20),
    ("customers.customer", referrals_of_customer, "referrals.view_referral", panels.MAIN, 30),
    ("campaigns.campaign", referrals_of_campaign, "referrals.view_referral", panels.MAIN, 50),
    ("equipment.loan", promise_of_loan, "referrals.view_promise", panels.MAIN, 50),
    ("equipment.loan", offers_of_loan, "referrals.view_promise", panels.MAIN, 45),
):
    panels.register(_label, _make, permission=_permission, column=_column, order=_order)
add_move("campaigns.campaign", desk_moves.CAMPAIGN)
add_move("campaigns.campaign", desk_moves.INVITE)
for _move in desk_moves.ANSWERS:
    add_move("equipment.loan", _move)


def _to_review(at) -> Need:
    flagged = Referral.objects.filter(standing=Standing.FLAGGED)
    return need_of(flagged, "Referrals to be looked at", list_of(Referral, standing=Standing.FLAGGED), since="signed_up_at")


needs.register("referrals.to_review", _to_review, permission="referrals.review_referral")


for _item in (
    Item("referrals", "Grow", "Referrals", "admin:referrals_referral_changelist", "people", "referrals.view_referral", 20, 5),
    Item("codes", "Grow", "Codes", "admin:referrals_code_changelist", "tag", "referrals.view_code", 30),
):
    menu.register(_item)


# Screens beside the pages of rows.
from referrals.admin import at_risk_page, before_moves, campaign_tab, mailings, preview, promises_tab, records, voices  # noqa: E402, F401
