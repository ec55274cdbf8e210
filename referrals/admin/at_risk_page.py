"""Promises that cannot be kept as things stand, with the reason for each, and what needs somebody on the first page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from desk import needs
from desk.columns import page_of
from desk.needs import Need
from desk.parts import Empty
from desk.screens import Screen, add_screen
from referrals.at_risk import AtRisk, promises_at_risk


class PromisesAtRisk(Screen):
    """All promises at risk, the oldest first."""

    title = "Promises at risk"
    subtitle = "Promised in public, and not to be kept as things stand. Oldest promise first."
    permission = "referrals.view_promise"
    how = (
        "A promise is at risk when more units are promised for a day than are in service, when the friend has qualified and the loan "
        "still waits, or when nothing at all can be lent from that place. Get units back, bring some there, or agree on another day "
        "with the customer."
    )
    help = "promises"
    template_name = "referrals/promises_at_risk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One line per promise."""
        lines = [_line(found) for found in promises_at_risk(at=timezone.now())]
        nothing = Empty("Every promise can be kept: each has its unit, or a place in the queue that moves.")
        return super().get_context_data(**{"lines": lines, "empty": nothing, **kwargs})


def _line(found: AtRisk) -> dict[str, Any]:
    loan, referral = found.promise.loan, found.promise.referral
    return {
        "customer": loan.borrower,
        "loan_url": page_of(loan),
        "pool": loan.pool,
        "campaign": referral.campaign,
        "referral": referral,
        "referral_url": page_of(referral),
        "made_at": found.promise.made_at,
        "reason": found.reason,
    }


def _need(at: datetime) -> Need:
    found = promises_at_risk(at=at)
    oldest = found[0].promise.made_at if found else None
    words = "the oldest was made {age} ago"
    return Need(len(found), "Promises at risk", reverse("admin:promises_at_risk"), "bad", oldest=oldest, oldest_words=words)


add_screen("promises-at-risk/", PromisesAtRisk, name="promises_at_risk")
needs.register("promises.at_risk", _need, permission="referrals.review_referral")
