"""The sequences of a campaign: what follows when, as a timeline, written on a form and tried in a dry run."""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.admin.tabs import CampaignScreen, address_of_tab
from desk.parts import Empty
from desk.refusals import Refused
from desk.screens import Crumb, add_screen
from notices.kinds import title_of
from notices.models import Sequence
from notices.sequences import editing
from notices.sequences.editing import MOST_STEPS, StepPart
from notices.sequences.parts import conditions, label_of_condition, label_of_trigger, triggers
from notices.sequences.planning import AHEAD_DAYS, plan


@dataclass(frozen=True)
class Moment:
    """One point of a timeline: when, what, and under which condition."""

    when: str
    what: str
    condition: str = ""


def timeline_of(sequence: Sequence) -> list[Moment]:
    """A sequence from its trigger on."""
    start = Moment("Day 0", label_of_trigger(sequence.trigger))
    return [start, *(_moment(step) for step in sequence.steps.all())]


def _moment(step: Any) -> Moment:
    return Moment(f"Day {step.after_days}", title_of(step.kind), label_of_condition(step.condition))


class SequenceForm(forms.Form):
    """A name, a trigger, and up to six steps; empty steps are left out."""

    name = forms.CharField(label="Name", max_length=80, help_text="What it is for. Customers do not see it.")
    trigger = forms.ChoiceField(label="Begins when")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["trigger"].choices = [(one.name, one.label) for one in triggers().values()]  # type: ignore[attr-defined]
        kinds = {kind.name: kind.label for trigger in triggers().values() for kind in trigger.kinds}
        for n in range(1, MOST_STEPS + 1):
            self.fields[f"days_{n}"] = forms.IntegerField(
                label="Days after", min_value=0, max_value=editing.LONGEST_DAYS, required=False
            )
            self.fields[f"condition_{n}"] = forms.ChoiceField(
                label="Condition", choices=[(one.name, one.label) for one in conditions().values()], required=False
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label="Message", choices=[("", "– none –"), *kinds.items()], required=False
            )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each step."""
        return [[self[f"days_{n}"], self[f"condition_{n}"], self[f"kind_{n}"]] for n in range(1, MOST_STEPS + 1)]

    def clean(self) -> dict[str, Any]:
        """A step that has a message needs a day."""
        data: dict[str, Any] = super().clean() or {}
        for n in range(1, MOST_STEPS + 1):
            if data.get(f"kind_{n}") and data.get(f"days_{n}") is None and f"days_{n}" not in self.errors:
                self.add_error(f"days_{n}", "Say how many days after the beginning this message goes out.")
        return data

    @property
    def steps(self) -> list[StepPart]:
        """The steps that have a message, by day."""
        data = self.cleaned_data
        filled = [n for n in range(1, MOST_STEPS + 1) if data[f"kind_{n}"]]
        parts = [StepPart(data[f"days_{n}"], data[f"condition_{n}"] or "always", data[f"kind_{n}"]) for n in filled]
        return sorted(parts, key=lambda step: step.after_days)


def begin_with(name: str, trigger: str, steps: Several[Any]) -> dict[str, Any]:
    """What a form begins with."""
    begin: dict[str, Any] = {"name": name, "trigger": trigger}
    for n, step in enumerate(steps, start=1):
        begin |= {f"days_{n}": step.after_days, f"condition_{n}": step.condition, f"kind_{n}": step.kind}
    return begin


class _Beside(CampaignScreen):
    """A page beside the tab Messages."""

    permission: str | tuple[str, ...] = "notices.view_sequence"
    help = "messages"
    how = (
        "A sequence sends messages by itself: so many days after something happened, and only if the condition still holds on that day. "
        "Each goes once to a person, as news: with consent, by day, and under the cap of the brand."
    )

    @property
    def here(self) -> str:
        """Under the tab Messages."""
        return "messages"

    def crumbs(self) -> list[Crumb]:
        """Under the tab Messages."""
        return [*super().crumbs(), Crumb(self.campaign.name, address_of_tab("messages", self.campaign))]

    @cached_property
    def sequence(self) -> Sequence:
        """The sequence of the address. 404 when this campaign has none of this name."""
        rows = Sequence.objects.filter(campaign=self.campaign).select_related("campaign").prefetch_related("steps")
        found = rows.filter(reference=self.kwargs["reference"]).first()
        if found is None:
            raise Http404("This campaign has no such sequence.")
        return found

    def all_of_them(self) -> str:
        """Where the sequences of the campaign stand."""
        return reverse("admin:campaign_sequences", args=[self.campaign.slug])


class Sequences(_Beside):
    """All sequences of a campaign as timelines, with their switches."""

    template_name = "notices/sequences.html"

    def crumbs(self) -> list[Crumb]:
        """Among the campaigns, as the tab itself."""
        return super().crumbs()[:-1]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch one on or off, delete one, or begin with the usual one."""
        at, action = timezone.now(), request.POST.get("action", "")
        if action == "usual":
            usual: dict[str, Any] = {"name": editing.USUAL_NAME, "trigger": "code_issued", "steps": editing.USUAL}
            self.attempt(
                lambda: editing.save(campaign=self.campaign, **usual, at=at, by=self.actor),
                "The usual reminders are there. Look at who would get them, then switch them on.",
            )
            return redirect(self.all_of_them())
        chosen = Sequence.objects.filter(campaign=self.campaign, reference=request.POST.get("sequence", "")).first()
        if chosen is None:
            raise Http404("This campaign has no such sequence.")
        if action == "delete":
            self.attempt(
                lambda: editing.remove(sequence=chosen, at=at, by=self.actor), "Deleted. Messages that were sent stay on record."
            )
        elif action in ("on", "off"):
            done = "On: it sends from now on." if action == "on" else "Off: it sends nothing any more."
            self.attempt(lambda: editing.switch(sequence=chosen, is_on=action == "on", at=at, by=self.actor), done)
        return redirect(self.all_of_them())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each sequence with its timeline."""
        rows = Sequence.objects.filter(campaign=self.campaign).prefetch_related("steps")
        may_change = self.request.user.has_perm(editing.CHANGE)
        empty = Empty("Nothing is sent by itself here. Most campaigns remind of a link nobody uses, after 4 and after 14 days.")
        return super().get_context_data(
            sequences=[{"row": row, "timeline": timeline_of(row)} for row in rows],
            empty=empty,
            may_change=may_change,
            may_run=self.request.user.has_perm(editing.RUN),
            is_live=self.campaign.state == "live",
            **kwargs,
        )


class EditSequence(_Beside):
    """Write a sequence, new or known. Whoever only reads is led on to what it says and whom it would write to."""

    is_readable = True
    permission = editing.CHANGE
    template_name = "notices/sequence_form.html"

    @property
    def known(self) -> Sequence | None:
        """The sequence of the address; None for a new one."""
        return self.sequence if "reference" in self.kwargs else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it stands."""
        known = self.known
        if known and not self.may_act(request):
            return redirect("admin:campaign_sequence_plan", self.campaign.slug, known.reference)
        begin = begin_with(known.name, known.trigger, list(known.steps.all())) if known else {}
        return self.render_to_response(self.get_context_data(form=SequenceForm(initial=begin)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save it; what was typed stays when something is wrong."""
        form = SequenceForm(request.POST)
        if form.is_valid():
            words: dict[str, Any] = {
                "name": form.cleaned_data["name"],
                "trigger": form.cleaned_data["trigger"],
                "steps": form.steps,
            }
            try:
                saved = editing.save(campaign=self.campaign, sequence=self.known, **words, at=timezone.now(), by=self.actor)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return redirect("admin:campaign_sequence_plan", self.campaign.slug, saved.reference)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is edited."""
        leaf = self.known.name if self.known else "A new sequence"
        return super().get_context_data(sequence=self.known, leaf=leaf, back=self.all_of_them(), **kwargs)


class NewSequence(EditSequence):
    """Write one that there is not yet, so that there is nothing to read."""

    is_readable = False


class DryRun(_Beside):
    """Who would get what when, and who would not."""

    template_name = "notices/sequence_plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The next two weeks, as things stand."""
        return super().get_context_data(
            sequence=self.sequence,
            leaf=self.sequence.name,
            timeline=timeline_of(self.sequence),
            plan=plan(self.sequence, at=timezone.now()),
            days=AHEAD_DAYS,
            sees_names=self.request.user.has_perm("customers.view_customer"),
            may_change=self.request.user.has_perm(editing.CHANGE),
            may_run=self.request.user.has_perm(editing.RUN),
            back=self.all_of_them(),
            **kwargs,
        )


_HERE = "campaigns/<slug:campaign>/messages/sequences/"
add_screen(_HERE, Sequences, name="campaign_sequences")
add_screen(f"{_HERE}new/", NewSequence, name="campaign_sequence_new")
add_screen(f"{_HERE}<slug:reference>/", EditSequence, name="campaign_sequence")
add_screen(f"{_HERE}<slug:reference>/plan/", DryRun, name="campaign_sequence_plan")
