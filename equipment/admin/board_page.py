"""The loans board: every loan somebody works on, in the column of its state."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from desk import menu
from desk.columns import list_of, page_of
from desk.menu import Item
from desk.screens import Screen, add_screen
from equipment import board
from equipment.models import EquipmentModel, Loan, Pool
from equipment.states import LOAN_TONES

_NEAR_DAYS = 150
_NEAR, _FAR = "j M", "j M Y"


class BoardScreen(Screen):
    """What waits for the desk, what is out and what came back; the late ones on top."""

    title = "Loans board"
    subtitle = "Every open loan, from the queue to the inspection. The day that comes first is on top."
    template_name = "equipment/board.html"
    permission = "equipment.view_loan"
    help = "equipment"
    how = "A loan moves from left to right. Open a card to do what comes next. Late ones have a red edge and stand on top."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The columns, for all loans or those of one model or place."""
        model, place = self.request.GET.get("model", ""), self.request.GET.get("place", "")
        at = timezone.now()
        found = board.columns(at=at, model=int(model) if model.isdecimal() else None, place=place)
        return super().get_context_data(
            columns=[_column(column, at) for column in found],
            models=EquipmentModel.objects.order_by("name"),
            places=Pool.objects.order_by("place").values_list("place", flat=True).distinct(),
            model=model,
            place=place,
            list_url=list_of(Loan),
            **kwargs,
        )


def _column(column: board.Column, at: datetime) -> dict[str, Any]:
    cards = [{"loan": loan, "url": page_of(loan), "is_late": _is_late(loan, at), **_day(loan, at)} for loan in column.loans]
    url = list_of(Loan, state=column.state)
    return {"column": column, "tone": LOAN_TONES[column.state], "cards": cards, "more_url": url}


def _is_late(loan: Loan, at: datetime) -> bool:
    return loan.is_overdue(at) or (loan.state == "ready" and loan.collect_by is not None and loan.collect_by <= at)


def _day(loan: Loan, at: datetime) -> dict[str, Any]:
    """Which day counts in this state, at the pool's place, and how it is written: without its year where that is plain."""
    what, instant = {
        "waitlisted": ("since", loan.queued_at),
        "held": ("held until", loan.hold_expires_at),
        "unlocked": ("collect by", loan.collect_by),
        "ready": ("collect by", loan.collect_by),
        "on_loan": ("due", loan.due_at),
    }.get(loan.state, ("back", loan.returned_at))
    opening = loan.pool.opening()
    is_end = what not in ("since", "back")
    day = (opening.last_day(instant) if is_end else opening.day(instant)) if instant else None
    return {"what": what, "on": day, "form": _NEAR if day and abs((day - at.date()).days) <= _NEAR_DAYS else _FAR}


add_screen("loans-board/", BoardScreen, name="loans_board")
menu.register(Item("board", "Equipment", "Loans board", "admin:loans_board", "board", "equipment.view_loan", 15))
