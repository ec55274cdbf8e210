"""Discount codes at the desk: scan or type one, see what it is worth, and mark it used."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from audit.admin.screens import READING, ActingScreen
from desk import menu
from desk.columns import page_of
from desk.menu import Item
from desk.refusals import NotFound
from desk.screens import add_screen
from rewards import messages, redeeming
from rewards.models import Reward

PERMISSION = redeeming.PERMISSION
NEWEST = 10


class Discounts(ActingScreen):
    """One field for a code; what it stands for; and one button."""

    title = "Discount codes"
    subtitle = "A customer shows the code of a discount with an order."
    permission = PERMISSION
    help = "accounts"
    how = (
        "Scan or type the code and press Enter. Take the discount off the order, then mark the code used: it works once, and the second "
        "time this page says when it was used."
    )
    template_name = "rewards/discounts.html"
    is_readable = True
    who_acts = "Marking a code used takes the role Accounts."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with a code, what it stands for."""
        code = request.GET.get("code", "").strip()[:60]
        if not code:
            return self.render_to_response(self.get_context_data())
        try:
            reward = redeeming.find_code(code=code)
        except NotFound as refusal:
            return self.render_to_response(self.get_context_data(asked=code, problem=refusal.sentence), status=refusal.status)
        return self.render_to_response(self.get_context_data(**_shown(reward)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark it used, and show how it stands now."""
        code = request.POST.get("code", "").strip()[:60]
        self.attempt(lambda: redeeming.use_code(code=code, at=timezone.now(), by=self.actor), "Marked as used.")
        return redirect(f"{reverse('admin:discounts')}?{urlencode({'code': code})}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was used last."""
        rows = Reward.objects.filter(used_at__isnull=False).select_related(
            "beneficiary", "tier", "referral__campaign", "equipment_model"
        )
        newest = [{"reward": row, "what": messages.what(row)} for row in rows.order_by("-used_at")[:NEWEST]]
        return super().get_context_data(newest=newest, **kwargs)


def _shown(reward: Reward) -> dict[str, Any]:
    refusal = redeeming.why_not(reward, at=timezone.now())
    return {
        "asked": reward.voucher,
        "reward": reward,
        "what": messages.what(reward),
        "refusal": refusal.sentence if refusal else "",
        "can_be_used": refusal is None,
        "reward_url": page_of(reward),
        "customer_url": page_of(reward.beneficiary),
    }


add_screen("discounts/", Discounts, name="discounts")
menu.register(Item("discounts", "Today", "Discounts", "admin:discounts", "tag", PERMISSION, 31, 3, reading=READING))
