"""Objections of customers: what was decided, what they say against it, and the answer they will read."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin.screens import ActingScreen
from desk import needs
from desk.columns import page_of
from desk.needs import Need, need_of
from desk.parts import Empty
from desk.refusals import Refused
from desk.screens import Crumb, add_screen
from rewards import appealing, deciding, evidence, four_eyes, messages
from rewards.models import Appeal
from rewards.states import AppealState

PERMISSION = four_eyes.PERMISSION
ANSWERING = "Answering takes the role Approver."


class AnswerForm(forms.Form):
    """What the customer will read, and whether the decision stays."""

    outcome = forms.ChoiceField(choices=[("uphold", "The decision stays"), ("overturn", "Give it after all")])
    note = forms.CharField(label="Answer to the customer", max_length=300, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["note"].error_messages["required"] = "Write the answer: the customer reads exactly this."


class Appeals(ActingScreen):
    """Objections that wait for an answer, the most urgent first."""

    title = "Objections"
    subtitle = "Customers who think a decision was wrong. Each was promised an answer by a day."
    permission = PERMISSION
    help = "approvals"
    how = "Open one, read what was decided and what the customer says, then answer. The customer reads exactly what you write."
    template_name = "rewards/appeals.html"
    is_readable = True
    who_acts = ANSWERING

    def crumbs(self) -> list[Crumb]:
        """Beside the approvals."""
        return [Crumb("Approvals", reverse("admin:approvals"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that wait."""
        rows = (
            _open().select_related("reward__beneficiary", "reward__tier", "reward__referral__campaign").order_by("answer_by", "pk")
        )
        today = timezone.now().date()
        nothing = Empty("Nobody objects to a decision at the moment.")
        lines = [{"appeal": row, "url": _address(row), "is_late": row.answer_by < today} for row in rows[:100]]
        return super().get_context_data(lines=lines, empty=nothing, **kwargs)


class AppealScreen(ActingScreen):
    """One objection, and its answer."""

    title = "Objection"
    permission = PERMISSION
    help = "approvals"
    how = (
        "If the decision stays, the customer reads why. If you give it after all, the reward is approved with your answer and goes out "
        "in a minute; until then you can undo the approval."
    )
    template_name = "rewards/appeal.html"
    is_readable = True
    who_acts = ANSWERING

    def crumbs(self) -> list[Crumb]:
        """Under the objections."""
        return [Crumb("Approvals", reverse("admin:approvals")), Crumb("Objections", reverse("admin:appeals"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was decided, and what the customer says."""
        appeal = _found(self.kwargs["reference"])
        reward = appeal.reward
        may_see_signals = self.request.user.has_perm("referrals.view_signal")
        shown = {
            "appeal": appeal,
            "reward": reward,
            "what": messages.what(reward),
            "reward_url": page_of(reward),
            "not_yours": four_eyes.objection_to(reward, self.actor),
            "is_open": appeal.state == AppealState.OPEN,
            "decisions": [deciding.in_words(one) for one in reward.approvals.all()],
            "checks": evidence.checks_of(reward, with_signals=may_see_signals),
            "form": AnswerForm(),
            "title": f"{reward.beneficiary} objects",
        }
        return super().get_context_data(**{**shown, **kwargs})

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Answer. What was typed stays when it is refused."""
        appeal, form = _found(reference), AnswerForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            appealing.answer(
                appeal=appeal, overturn=form.cleaned_data["outcome"] == "overturn", note=form.cleaned_data["note"], at=timezone.now(),
                by=self.actor,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        return redirect("admin:appeals")


def _open() -> Any:
    return Appeal.objects.filter(state=AppealState.OPEN)


def _found(reference: str) -> Appeal:
    related = ("reward__beneficiary", "reward__tier", "reward__equipment_model", "reward__referral__campaign")
    appeal = Appeal.objects.filter(reference=reference).select_related(*related).first()
    if appeal is None:
        raise Http404("There is no such objection.")
    return appeal


def _address(appeal: Appeal) -> str:
    return reverse("admin:appeal", args=[appeal.reference])


def _need(at: datetime) -> Need:
    return need_of(_open(), "Objections to be answered", reverse("admin:appeals"), since="at")


add_screen("approvals/objections/", Appeals, name="appeals")
add_screen("approvals/objections/<slug:reference>/", AppealScreen, name="appeal")
needs.register("rewards.appeals", _need, permission=PERMISSION)
