"""The tab on which rules are read, tried and changed: sentences, a live count, and one customer judged rule by rule."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.admin.rule_forms import Editor, as_sent, with_rule, without_rule
from campaigns.admin.tabs import CampaignTab, register_tab
from campaigns.editing import OVER, new_rules_version, stored_rules
from campaigns.recipe_parts import RulePart
from campaigns.rule_effect import Effect, effect, of_side
from campaigns.rule_versions import versions_of
from campaigns.states import CampaignState, Side
from campaigns.trying import PRIVATE, SCORE, Trial, asks_for_score, try_one
from customers import finding
from customers.facts import fields
from customers.models import Customer
from customers.reading import read_scores
from desk.refusals import Refused

_CHANGE = "campaigns.change_campaign"
_SCORE = "customers.read_credit_score"
_CONTACT = "customers.read_contact"
_FOUND = 8
"""Customers a search shows at most."""


@register_tab
class Rules(CampaignTab):
    """Who may take part: read it, try it, change it. What is typed counts in the answer before anything is saved."""

    slug = "rules"
    label = "Rules"
    order = 30
    permission = "campaigns.view_eligibilityrule"
    help = "rules"
    how = (
        "Each line is a rule; all must be met unless they are joined as “one of these”. The count shows who qualifies "
        "before you save. Saving makes a new version."
    )
    template_name = "campaigns/rules.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `part=live` only what follows from what was typed."""
        if request.GET.get("part") == "live" and self.may_change:
            return render(request, "campaigns/rules_live.html", self.get_context_data(**kwargs))
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
    def may_change(self) -> bool:
        """Whether this person may change the rules of this campaign now."""
        return self.request.user.has_perm(_CHANGE) and self.campaign.state not in OVER

    @cached_property
    def sent(self) -> QueryDict:
        """The rules as typed, or as they are in force."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        if not self.may_change or "total" not in data:
            return self._in_force(data)
        action, _, what = data.get("action", "").partition(":")
        if action == "add" and what in Side.values:
            return with_rule(data, what)
        return without_rule(data, what) if action == "remove" else data.copy()

    def _in_force(self, data: QueryDict) -> QueryDict:
        kept = {name: data.get(name, "") for name in ("q", "customer", "trial_side")}
        sent = as_sent(self.in_force, self.known)
        sent["base"] = str(self.campaign.rules_version)
        sent.update(kept)
        return sent

    @cached_property
    def known(self) -> Any:
        """The fields rules may ask about."""
        return fields()

    @cached_property
    def in_force(self) -> tuple[RulePart, ...]:
        """The rules in force."""
        return stored_rules(self.campaign)

    @cached_property
    def editor(self) -> Editor:
        """The rules as typed."""
        is_save = self.request.method == "POST" and self.request.POST.get("action") == "save"
        return Editor(self.sent, self.known, is_strict=is_save)

    def _save(self, request: HttpRequest) -> HttpResponse:
        problem = self._why_not()
        if not problem:
            try:
                version = new_rules_version(campaign=self.campaign, rules=self.editor.parts, at=timezone.now(), by=self.actor)
            except Refused as refusal:
                problem = refusal.sentence
            else:
                messages.success(request, f"Saved: version {version} of the rules is in force.")
                return redirect(self.address(self.campaign))
        messages.error(request, problem)
        return self.render_to_response(self.get_context_data(), status=422)

    def _why_not(self) -> str:
        if self.sent.get("base") != str(self.campaign.rules_version):
            return (
                f"Somebody else has saved version {self.campaign.rules_version} meanwhile. What you typed is still here: "
                "open this tab in a second window, compare, and save again."
            )
        return "" if self.editor.is_whole else "Nothing was saved. What is missing or wrong stands at the rules below."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rules, what they do, one customer tried, and the versions."""
        # A second try after “somebody else has saved” is made against what is in force by then.
        self.sent["base"] = str(self.campaign.rules_version)
        changed = self.editor.parts != self.in_force
        return super().get_context_data(
            sides=[self._side(side) for side in Side],
            editor=self.editor,
            may_change=self.may_change,
            is_over=self.campaign.state in OVER,
            is_live=self.campaign.state in (CampaignState.LIVE, CampaignState.PAUSED),
            is_changed=changed or not self.editor.is_whole,
            effect=self._effect(),
            versions=versions_of(self.campaign),
            **self._trial_context(),
            **kwargs,
        )

    def _side(self, side: Side) -> dict[str, Any]:
        return {
            "value": side.value,
            "title": "Who may refer" if side == Side.REFERRER else "What the friend must be",
            "blocks": self.editor.blocks(side),
            "nothing": "Every customer may refer friends." if side == Side.REFERRER else "Any friend may join.",
        }

    def _effect(self) -> Effect | None:
        """What the typed rules do; None for a new use of scores by someone who may not read one: counts would tell them."""
        new = [part for part in self.editor.parts if part.field == SCORE and part not in self.in_force]
        if new and not self.actor.may(_SCORE):
            return None
        return effect(self.campaign, self.editor.parts, self.known, on=self.campaign.day_of(timezone.now()))

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
        return try_one(rules, customer, self.known, on=self.campaign.day_of(at), sees_score=is_look, hides=self._hidden())

    def _hidden(self) -> frozenset[str]:
        """Facts this person may not be told."""
        return frozenset() if self.actor.may(_CONTACT) else PRIVATE
