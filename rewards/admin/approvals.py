"""The queue of approvals: what waits at the left, everything needed to decide at the right."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.screens import READING, ActingScreen
from campaigns.models import Campaign
from desk import menu, needs
from desk.badges import badge
from desk.menu import Item
from desk.needs import Need, need_of
from desk.refusals import Refused
from desk.screens import add_screen
from notices.refusals import NoticeRefused
from rewards import deciding, evidence, messages, waiting
from rewards.models import Reward
from rewards.states import RewardState

PERMISSION = "rewards.decide_reward"
NOTE_STANDS_HERE = "[Your note stands here.]"


class FilterForm(forms.Form):
    """Which part of the queue is looked at."""

    campaign = forms.ChoiceField(required=False)
    risk = forms.ChoiceField(
        required=False, choices=[("", "Every risk"), *((word, label) for word, (label, _) in waiting.RISKS.items())]
    )
    asked = forms.ChoiceField(
        required=False, label="Answer", choices=[("", "Asked or not"), ("no", "Not asked"), ("yes", "Asked for more")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "filter_%s", **kwargs})
        rows = Campaign.objects.filter(referrals__rewards__state=RewardState.HELD).distinct().order_by("name")
        field = self.fields["campaign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All campaigns"), *rows.values_list("slug", "name")]

    def chosen(self) -> dict[str, str]:
        """What was chosen and makes sense; everything else is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DecisionForm(forms.Form):
    """What somebody decided, and in which words."""

    decision = forms.ChoiceField(choices=[("approve", "Approve"), ("decline", "Decline"), ("ask", "Ask for more")])
    note = forms.CharField(label="Note to the customer", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self) -> dict[str, Any]:
        """A customer who is declined or asked reads why."""
        data = super().clean() or {}
        if data.get("decision") == "decline" and not data.get("note", "").strip():
            self.add_error("note", "Write why: the customer reads exactly this. Say which criterion was not met.")
        if data.get("decision") == "ask" and not data.get("note", "").strip():
            self.add_error("note", "Write what is missing: the customer reads exactly this.")
        return data


class Approvals(ActingScreen):
    """Rewards that wait for a person, oldest first, and the one that is looked at."""

    title = "Approvals"
    permission = PERMISSION
    help = "approvals"
    how = (
        "The oldest waits on top. Read the checks, then approve, decline with a note the customer reads, or ask for more. "
        "For a minute a decision can be undone; nothing goes out before."
    )
    template_name = "rewards/approvals.html"
    is_readable = True
    who_acts = "Deciding takes the role Approver."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The queue, and the chosen reward or the first one."""
        at = timezone.now()
        form = FilterForm(self.request.GET)
        chosen = form.chosen()
        rows = waiting.waiting(**chosen)
        page = waiting.page(rows, after=self.request.GET.get("after", ""))
        reward = kwargs.pop("reward", None) or self._chosen(page)
        context = {
            "queue": [self._line(row, chosen, at) for row in page.rewards],
            "lead": _how_many(rows.count(), is_filtered=bool(chosen)),
            "filters": form,
            "chosen": chosen,
            "more_url": _here(**chosen, after=page.after) if page.after else "",
            "after": self.request.GET.get("after", ""),
            "fresh": waiting.fresh_decisions_of(self.actor.name, at=at),
            "at": at,
        }
        return super().get_context_data(**{**context, **(self._detail(reward, at) if reward else {}), **kwargs})

    def _chosen(self, page: waiting.Page) -> Reward | None:
        reference = self.request.GET.get("item", "")
        if not reference:
            return page.rewards[0] if page.rewards else None
        return found(reference)

    def _line(self, reward: Reward, chosen: dict[str, str], at: Any) -> dict[str, Any]:
        return {
            "reward": reward,
            "risk": risk_badge(reward),
            "what": messages.what(reward),
            "waited": waited(reward, at),
            "url": _here(**chosen, after=self.request.GET.get("after", ""), item=reward.reference) + "#chosen",
        }

    def _detail(self, reward: Reward, at: Any) -> dict[str, Any]:
        known = waiting.dossier(reward, at=at)
        newest = deciding.newest_decision(reward)
        may_see_signals = self.request.user.has_perm("referrals.view_signal")
        return {
            "reward": reward,
            "dossier": known,
            "what": messages.what(reward),
            "risk": risk_badge(reward),
            "waited": waited(reward, at),
            "is_waiting": reward.state == RewardState.HELD,
            "is_late": reward.promised_by < at.date(),
            "decided": deciding.in_words(newest) if newest and reward.state != RewardState.HELD else "",
            "checks": evidence.checks_of(reward, with_signals=may_see_signals),
            "form": DecisionForm(initial={"seen": deciding.version_of(reward, newest)}),
            "letters": letters(reward) if self.may_act(self.request) else (),
        }


class Decide(Approvals):
    """What somebody decided about one reward. Then the next one opens."""

    is_readable = False
    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Call the verb; what is wrong is said beside the reward, as it is now, with what was typed."""
        reward, form = found(reference), DecisionForm(request.POST)
        if not form.is_valid():
            return self._again(reward, form, 422)
        data = form.cleaned_data
        try:
            _decide(data["decision"], reward, data["note"], data["seen"], self.actor)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return self._again(found(reference), form, refusal.status)
        return redirect(_next(request, reward))

    def _again(self, reward: Reward, form: DecisionForm, status: int) -> HttpResponse:
        context = self.get_context_data(reward=reward)
        now = context["form"].initial["seen"]
        form.data = {**dict(form.data.items()), "seen": now}
        return self.render_to_response({**context, "form": form}, status=status)


class Undo(ActingScreen):
    """Takes back a decision of the last minute."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Back to the reward, which waits again or says why it does not."""
        reward = found(reference)
        self.attempt(
            lambda: deciding.undo(reward=reward, at=timezone.now(), by=self.actor),
            "Undone: the reward waits for a decision again, and nobody was told anything.",
        )
        return redirect(_here(item=reference))


def found(reference: str) -> Reward:
    """The reward of this name, whatever its state. Raises `Http404`."""
    reward = waiting.with_people(Reward.objects.filter(reference=reference)).first()
    if reward is None:
        raise Http404("There is no such reward.")
    return reward


def risk_badge(reward: Reward) -> SafeString:
    """The risk of its referral, coloured by the threshold of the campaign."""
    risk, limit = reward.referral.risk, reward.referral.campaign.risk_threshold
    return badge("bad" if risk > max(limit, 50) else "warn" if risk > min(limit, 25) else "ok", f"Risk {risk}")


def waited(reward: Reward, at: Any) -> str:
    """How long it has waited, in words."""
    minutes = max(0, int((at - reward.created_at).total_seconds() // 60))
    for size, word in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {word}{'' if count == 1 else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def letters(reward: Reward) -> Sequence[tuple[str, str, str]]:
    """What the customer would read: label, text before the note, text after it; nothing when no words are published."""
    kinds = (("If you decline", "reward_declined", "note"), ("If you ask for more", "reward_question", "question"))
    found_letters = []
    for label, kind, fact in kinds:
        try:
            text = messages.letter(kind, reward, {fact: NOTE_STANDS_HERE}).text
        except NoticeRefused:
            continue
        before, _, after = text.partition(NOTE_STANDS_HERE)
        found_letters.append((label, before, after))
    return found_letters


def _decide(decision: str, reward: Reward, note: str, seen: str, by: Any) -> None:
    at = timezone.now()
    if decision == "approve":
        deciding.approve(reward=reward, at=at, by=by, seen=seen)
    elif decision == "decline":
        deciding.decline(reward=reward, note=note, at=at, by=by, seen=seen)
    else:
        deciding.ask(reward=reward, note=note, at=at, by=by, seen=seen)


def _next(request: HttpRequest, reward: Reward) -> str:
    """The queue after this reward, filtered as before; from the start when it was the last."""
    form = FilterForm(request.GET)
    chosen = form.chosen()
    rows = waiting.waiting(**chosen).exclude(pk=reward.pk)
    following = waiting.page(rows, after=reward.reference).rewards[:1] or rows[:1]
    return _here(**chosen, item=following[0].reference if following else "") + "#chosen"


def _here(**query: str) -> str:
    wanted = {name: value for name, value in query.items() if value}
    return reverse("admin:approvals") + (f"?{urlencode(wanted)}" if wanted else "")


def _how_many(count: int, *, is_filtered: bool) -> str:
    if not count:
        return "Nothing waits here." if is_filtered else ""
    return f"{count} reward{' waits' if count == 1 else 's wait'} for a decision. Oldest first."


def _count() -> int:
    return Reward.objects.filter(state=RewardState.HELD).count()


def _to_decide(at: Any) -> Need:
    held = Reward.objects.filter(state=RewardState.HELD)
    return need_of(held, "Rewards waiting for your decision", reverse("admin:approvals"), since="created_at")


add_screen("approvals/", Approvals, name="approvals")
add_screen("approvals/<slug:reference>/decide/", Decide, name="approvals_decide")
add_screen("approvals/<slug:reference>/undo/", Undo, name="approvals_undo")
needs.register("rewards.to_decide", _to_decide, permission=PERMISSION)
menu.register(Item("approvals", "Today", "Approvals", "admin:approvals", "check", PERMISSION, 10, 2, _count, reading=READING))
