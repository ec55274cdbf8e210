"""Units that are out and were asked back, because their reward was taken back: a task on the first page, and their list."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from audit.admin.screens import READING
from desk import needs
from desk.columns import page_of
from desk.needs import Need
from desk.parts import Empty
from desk.screens import Screen, add_screen
from equipment.states import LoanState
from rewards.models import Reward
from rewards.states import RewardState

PERMISSION = "equipment.check_in_loan"


def asked_back() -> QuerySet[Reward]:
    """Rewards that were taken back while their unit is out, by the day the unit is due."""
    rows = Reward.objects.filter(state=RewardState.REVOKED, loan__state=LoanState.ON_LOAN)
    return rows.select_related("beneficiary", "loan__pool__model", "loan__unit", "referral__campaign").order_by(
        "loan__due_at", "pk"
    )


class AskedBack(Screen):
    """Who was asked to bring what back, and why."""

    title = "Asked back"
    subtitle = "The reward was taken back while the unit is out. The customer was asked to bring it back within a week."
    permission = (PERMISSION, READING)
    help = "handover"
    how = "A unit leaves this list when it is checked in, or when the reward is given again. Call those who do not answer."
    template_name = "rewards/asked_back.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One line per unit."""
        today = timezone.now()
        lines = [
            {"reward": row, "loan_url": page_of(row.loan), "is_overdue": row.loan.due_at is not None and row.loan.due_at <= today}
            for row in asked_back()
            if row.loan is not None
        ]
        return super().get_context_data(lines=lines, empty=Empty("No unit is asked back at the moment."), **kwargs)


def _need(at: datetime) -> Need:
    return Need(asked_back().count(), "Units asked back", reverse("admin:asked_back"), "warn", note="their reward was taken back")


add_screen("asked-back/", AskedBack, name="asked_back")
needs.register("rewards.asked_back", _need, permission=PERMISSION)
