"""Approving several rewards at once: a summary of what would come of it, a list of what came of it, and one way back for all."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin.screens import ActingScreen
from desk.screens import Crumb, add_screen
from rewards import together
from rewards.admin.approvals import PERMISSION


class Together(ActingScreen):
    """What would come of approving the chosen rewards; approving them is a button on it."""

    title = "Approve together"
    subtitle = "What will come of it, before it is done."
    permission = PERMISSION
    help = "approvals"
    how = (
        "The summary says what approving all of these takes and what would be refused. Each is then decided on its own, "
        "and each can be undone for a minute."
    )
    template_name = "rewards/approve_together.html"

    def crumbs(self) -> list[Crumb]:
        """Back to the queue."""
        return [Crumb("Approvals", reverse("admin:approvals"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The summary of the rewards named in the address."""
        if "outcomes" not in kwargs:
            kwargs["summary"] = together.summarise(self.request.GET.getlist("item"), at=timezone.now())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Decide each one on its own and say what came of each."""
        seen = dict(zip(request.POST.getlist("item"), request.POST.getlist("seen"), strict=False))
        outcomes = together.approve_all(seen, at=timezone.now(), by=self.actor)
        done = [outcome for outcome in outcomes if not outcome.refusal]
        refused = [outcome for outcome in outcomes if outcome.refusal]
        said = {"title": "What came of it", "lead": _said(len(done), len(refused))}
        return self.render_to_response(self.get_context_data(outcomes=outcomes, done=done, refused=refused, **said))


class UndoTogether(ActingScreen):
    """Takes back decisions of the last minute, all that the form names."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the queue, which says how many wait again and why the others do not."""
        outcomes = together.undo_all(request.POST.getlist("item"), at=timezone.now(), by=self.actor)
        refused = [outcome for outcome in outcomes if outcome.refusal]
        if undone := len(outcomes) - len(refused):
            waits = "reward waits" if undone == 1 else "rewards wait"
            messages.success(request, f"Undone: {undone} {waits} for a decision again, and nobody was told anything.")
        if refused:
            messages.error(request, f"{len(refused)} could not be undone. The first says: {refused[0].refusal}")
        return redirect("admin:approvals")


def _said(done: int, refused: int) -> str:
    if not done:
        return "None was approved. Below it says why."
    given = f"{done} approved. {'It goes' if done == 1 else 'They go'} out in a minute; until then each can be undone."
    return f"{given} {refused} {'was' if refused == 1 else 'were'} not approved: below it says why." if refused else given


add_screen("approvals/together/", Together, name="approvals_together")
add_screen("approvals/undo/", UndoTogether, name="approvals_undo_together")
