"""The board of promises that cannot be kept as things stand, in the order in which they break, each with what would help."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.screens import ActingScreen
from campaigns.admin.tabs import address_of_tab
from desk import needs
from desk.columns import list_of, page_of
from desk.needs import Need
from desk.parts import Empty
from desk.screens import Crumb, Screen, add_screen
from equipment import availability
from equipment.models import Loan, Pool
from equipment.states import LoanState
from referrals import fixes, substituting
from referrals.admin.fix_forms import FIX_FORMS
from referrals.at_risk import AtRisk, promises_at_risk
from referrals.fixes import Fix
from referrals.models import Promise, Risk, SubstituteOffer
from referrals.states import OfferState


class PromisesAtRisk(Screen):
    """All promises at risk, those that break first on top."""

    title = "Promises at risk"
    subtitle = "Promised in public, and not to be kept as things stand. What breaks first is on top."
    permission = "referrals.view_promise"
    how = (
        "After every overdue, damaged or lost unit this page lists the very promises that break because of it. What would help stands "
        "beside each, best first. Nothing is done before you have seen what it does."
    )
    help = "promises"
    template_name = "referrals/promises_at_risk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One card per promise, with its fixes."""
        at = timezone.now()
        found = promises_at_risk(at=at)
        helping = fixes.fixes_of(found, at=at)
        pks = [one.promise.pk for one in found]
        since = dict(Risk.objects.filter(promise__in=pks).values_list("promise", "noted_at"))
        open_offers = SubstituteOffer.objects.filter(promise__in=pks, state=OfferState.OFFERED).select_related("loan__pool__model")
        offered = {offer.promise_id: offer for offer in open_offers}
        lines = [self._line(one, helping[one.promise.pk], since.get(one.promise.pk), offered.get(one.promise.pk)) for one in found]
        nothing = Empty("Every promise can be kept: each has its unit, or a place in the queue that moves.")
        return super().get_context_data(**{"lines": lines, "empty": nothing, **kwargs})

    def _line(self, one: AtRisk, helping: list[Fix], since: datetime | None, offer: SubstituteOffer | None) -> dict[str, Any]:
        loan, referral = one.promise.loan, one.promise.referral
        sees_names = self.request.user.has_perm("customers.view_customer")
        return {
            "customer": loan.borrower if sees_names else loan.borrower.reference,
            "loan_url": page_of(loan),
            "pool": loan.pool,
            "campaign": referral.campaign,
            "referral": referral,
            "referral_url": page_of(referral),
            "made_at": one.promise.made_at,
            "breaks_at": one.breaks_at,
            "since": since,
            "reason": one.reason,
            "offer": offer,
            "fixes": [{"fix": fix, "url": self._url(one, fix)} for fix in helping],
        }

    def _url(self, one: AtRisk, fix: Fix) -> str:
        """Where a fix is done; empty for somebody who may not do it."""
        may = self.request.user.has_perm
        if fix.pool is not None:
            url = reverse("admin:promise_fix", args=[one.promise.pk, fix.kind, fix.pool.pk])
            return url if may(FixScreen.permissions[fix.kind]) else ""
        if fix.loan is not None:
            return page_of(fix.loan) if may("equipment.view_loan") else ""
        if fix.kind == fixes.EXTEND_NONE:
            return list_of(Loan, pool=one.promise.loan.pool_id, state=LoanState.ON_LOAN)
        return address_of_tab("promises", one.promise.referral.campaign)


class FixScreen(ActingScreen):
    """Ask before a promise is served from elsewhere or something else is offered; POST does it."""

    permission = "referrals.view_promise"
    permissions = {fixes.SWAP: "equipment.cancel_loan", fixes.SUBSTITUTE: substituting.PERMISSION}
    help = "promises"
    how = "Nothing has happened yet. The unit is looked at again, under lock, at the moment you confirm."
    template_name = "referrals/promise_fix.html"

    def may_act(self, request: HttpRequest) -> bool:
        """Whoever may do it."""
        return super().may_act(request) and request.user.has_perm(self.permissions.get(self.kwargs["fix"], self.permission))

    @cached_property
    def promise(self) -> Promise:
        """The promise of the address. 404 when there is none."""
        rows = Promise.objects.select_related("loan__pool__model", "loan__borrower", "referral__campaign", "tier")
        return get_object_or_404(rows, pk=self.kwargs["promise"])

    @cached_property
    def pool(self) -> Pool:
        """The pool of the address. 404 when there is none."""
        return get_object_or_404(Pool.objects.select_related("model"), pk=self.kwargs["pool"])

    def crumbs(self) -> list[Crumb]:
        """Under the board."""
        return [Crumb("Promises at risk", reverse("admin:promises_at_risk"))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What would happen, and what has to be said."""
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it. What was typed stays when it is refused."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if self.attempt(lambda: self._do(form.cleaned_data), self._done()):
            return redirect("admin:promises_at_risk")
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The promise, the other pool and what there is in it."""
        now = availability.free_now([self.pool], at=timezone.now())[self.pool.pk]
        is_swap = self.kwargs["fix"] == fixes.SWAP
        title = f"Serve it from {self.pool.place}" if is_swap else f"Offer the {self.pool.model} instead"
        shown = {
            "title": title,
            "promise": self.promise,
            "pool": self.pool,
            "now": now,
            "is_swap": is_swap,
            "loan_url": page_of(self.promise.loan),
        }
        return super().get_context_data(**shown, **kwargs)

    def _form(self, *data: Any) -> Any:
        try:
            return FIX_FORMS[self.kwargs["fix"]](*data, row=self.promise)
        except KeyError as error:
            raise Http404("There is no such fix.") from error

    def _do(self, typed: dict[str, Any]) -> None:
        at, by = timezone.now(), self.actor
        if self.kwargs["fix"] == fixes.SWAP:
            substituting.serve_from(promise=self.promise, pool=self.pool, reason=typed["reason"], at=at, by=by)
        else:
            substituting.offer_substitute(
                promise=self.promise, pool=self.pool, reason=typed["reason"], days=typed["days"], at=at, by=by
            )

    def _done(self) -> str:
        if self.kwargs["fix"] == fixes.SWAP:
            return f"The promise is served from {self.pool.place} now."
        return f"The {self.pool.model} is offered and kept until the customer answers."


def _need(at: datetime) -> Need:
    found = promises_at_risk(at=at)
    oldest = min((one.promise.made_at for one in found), default=None)
    words = "the oldest was made {age} ago"
    return Need(len(found), "Promises at risk", reverse("admin:promises_at_risk"), "bad", oldest=oldest, oldest_words=words)


add_screen("promises-at-risk/", PromisesAtRisk, name="promises_at_risk")
add_screen("promises-at-risk/<int:promise>/<slug:fix>/<int:pool>/", FixScreen, name="promise_fix")
needs.register("promises.at_risk", _need, permission="referrals.review_referral")
