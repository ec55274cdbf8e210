"""A page on which rules are read, tried and changed: sentences, a live count, and one customer judged rule by rule.

The rules of a campaign and those of a segment are pages of this kind; each says where its rules are kept and how they are saved.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.screens import ActingScreen
from campaigns.admin.rule_forms import Editor, as_sent, with_rule, without_rule
from campaigns.recipe_parts import RulePart
from campaigns.rule_effect import Effect, effect, of_side
from campaigns.states import Side
from campaigns.trying import PRIVATE, SCORE, Trial, asks_for_score, try_one
from customers import finding
from customers.facts import fields
from customers.models import Customer
from customers.reading import read_scores
from desk.refusals import Refused

_SCORE = "customers.read_credit_score"
_CONTACT = "customers.read_contact"
_FOUND = 8
"""Customers a search shows at most."""


class RulePage(ActingScreen, ABC):
    """What is typed counts in the answer before anything is saved.

    A page says by whom it `may_change`, which rules are `in_force`, by what their state is recognised (`base`), on which day they are
    judged, and how they are kept (`keep`).
    """

    help = "rules"
    sides: ClassVar[Sequence[tuple[Side, str, str]]]
    """The sides rules may be of: each with its title, and what is said while there is no rule."""
    live_template = "campaigns/rules_live.html"
    labels: ClassVar[Mapping[str, str]] = {}
    """What fields of a rule are called here, where that is not what a campaign calls them."""

    @property
    @abstractmethod
    def may_change(self) -> bool:
        """Whether this person may change these rules now."""

    @property
    @abstractmethod
    def in_force(self) -> tuple[RulePart, ...]:
        """The rules as they are kept."""

    @property
    @abstractmethod
    def base(self) -> str:
        """What changes whenever somebody saves."""

    @property
    @abstractmethod
    def on(self) -> date:
        """The day on which customers are judged."""

    @abstractmethod
    def keep(self) -> tuple[str, str]:
        """Save what was typed, and answer what is said then and where it goes on. Raises `Refused`."""

    @abstractmethod
    def changed_meanwhile(self) -> str:
        """What is said when somebody else has saved since the page was opened."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `part=live` only what follows from what was typed."""
        if request.GET.get("part") == "live" and self.may_change:
            return render(request, self.live_template, self.get_context_data(**kwargs))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show the page again with what was typed."""
        action = request.POST.get("action", "")
        if action == "look":
            self.actor.require(_SCORE)
        if action.startswith(("save", "add", "remove")) and not self.may_change:
            raise PermissionDenied
        if action == "save":
            return self._save(request)
        return self.render_to_response(self.get_context_data(**kwargs))

    @cached_property
    def sent(self) -> QueryDict:
        """The rules as typed, or as they are kept."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        if not self.may_change or "total" not in data:
            return self._stored(data)
        action, _, what = data.get("action", "").partition(":")
        if action == "add" and what in Side.values:
            return with_rule(data, what)
        return without_rule(data, what) if action == "remove" else data.copy()

    def _stored(self, data: QueryDict) -> QueryDict:
        kept = {name: data.get(name, "") for name in ("q", "customer", "trial_side")}
        sent = as_sent(self.in_force, self.known)
        sent["base"] = self.base
        sent.update(kept)
        return sent

    @cached_property
    def known(self) -> Any:
        """The fields rules may ask about."""
        return fields()

    @cached_property
    def is_save(self) -> bool:
        """Whether what was typed is to be kept."""
        return self.request.method == "POST" and self.request.POST.get("action") == "save"

    @cached_property
    def editor(self) -> Editor:
        """The rules as typed."""
        return Editor(self.sent, self.known, is_strict=self.is_save, labels=self.labels)

    def _save(self, request: HttpRequest) -> HttpResponse:
        problem = self.why_not()
        if not problem:
            try:
                said, address = self.keep()
            except Refused as refusal:
                problem = refusal.sentence
            else:
                messages.success(request, said)
                return redirect(address)
        messages.error(request, problem)
        return self.render_to_response(self.get_context_data(), status=422)

    def why_not(self) -> str:
        """Why what was typed is not saved; empty when nothing is against it."""
        if self.sent.get("base") != self.base:
            return self.changed_meanwhile()
        return "" if self.editor.is_whole else "Nothing was saved. What is missing or wrong stands at the rules below."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rules, what they do, and one customer tried."""
        # A second try after “somebody else has saved” is made against what is kept by then.
        self.sent["base"] = self.base
        changed = self.editor.parts != self.in_force
        return super().get_context_data(
            sides=[self._side(*side) for side in self.sides],
            editor=self.editor,
            may_change=self.may_change,
            is_changed=changed or not self.editor.is_whole,
            effect=self._effect(),
            **self._trial_context(),
            **kwargs,
        )

    def _side(self, side: Side, title: str, nothing: str) -> dict[str, Any]:
        return {"value": side.value, "title": title, "blocks": self.editor.blocks(side), "nothing": nothing}

    def _effect(self) -> Effect | None:
        """What the typed rules do; None for a new use of scores by someone who may not read one: counts would tell them."""
        new = [part for part in self.editor.parts if part.field == SCORE and part not in self.in_force]
        if new and not self.actor.may(_SCORE):
            return None
        return effect(self.in_force, self.editor.parts, self.known, on=self.on)

    def _trial_context(self) -> dict[str, Any]:
        """One customer judged by the rules as typed, and those a search found."""
        context = {"may_try": self.request.user.has_perm("customers.view_customer"), "sent": self.sent}
        words, reference = self.sent.get("q", "").strip(), self.sent.get("customer", "")
        if not context["may_try"] or not (words or reference):
            return context
        found = list(finding.people(words).filter(erased_at__isnull=True).order_by("name", "id")[: _FOUND + 1])
        chosen = next((one for one in found if one.reference == reference), found[0] if len(found) == 1 else None)
        if chosen is None and reference and not words:
            chosen = Customer.objects.filter(reference=reference, erased_at__isnull=True).first()
        return context | {
            "found": found[:_FOUND],
            "is_more": len(found) > _FOUND,
            "chosen": chosen,
            "trial": self._trial(chosen) if chosen else None,
            "may_look": self.actor.may(_SCORE),
            "sees_contact": self.actor.may(_CONTACT),
        }

    def _trial(self, customer: Customer) -> Trial:
        side = self.sent.get("trial_side", "")
        side = side if side in Side.values else Side.REFERRER
        rules = of_side(self.editor.parts, side, self.known)
        at = timezone.now()
        is_look = self.request.method == "POST" and self.request.POST.get("action") == "look" and asks_for_score(rules)
        if is_look:
            read_scores(customer=customer, at=at, by=self.actor)
        return try_one(rules, customer, self.known, on=self.on, sees_score=is_look, hides=self._hidden())

    def _hidden(self) -> frozenset[str]:
        """Facts this person may not be told."""
        return frozenset() if self.actor.may(_CONTACT) else PRIVATE
