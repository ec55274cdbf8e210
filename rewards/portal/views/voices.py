"""What customers say: a question, how they liked a step, a story for friends to read; and who brought most friends."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.refusals import Refused
from referrals.models import Code, Story
from referrals.states import CodeState, FeedbackStep
from referrals.voices import feedback, help_requests, leaderboard, stories
from rewards.portal.forms import FeedbackForm, HelpForm, StoryForm
from rewards.portal.refusals import PortalNotFound
from rewards.portal.views.door import Visit, inside, show

SHOWN = 50


@inside("GET", "HEAD", "POST")
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask us something, and read what we answered."""
    form = HelpForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            help_requests.ask_for_help(customer=visit.customer, question=form.cleaned_data["question"], at=visit.at, by=visit.by)
            return redirect(reverse("my_help", query={"done": "asked"}))
        except Refused as refusal:
            form.add_error("question", refusal.sentence)
            status = refusal.status
    if form.errors:
        form.focus_first_error()
        status = status if status != 200 else 422
    questions = help_requests.questions_of(visit.customer)[:SHOWN]
    return show(request, visit, "portal/help.html", {"form": form, "questions": questions, "tab": "more"}, status=status)


@inside("GET", "HEAD", "POST")
def liked(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say how a step was; said again about the same thing, the new word counts. The address may name step and thing."""
    step, about = request.GET.get("step", ""), request.GET.get("about", "")[:24]
    initial = {"step": step if step in FeedbackStep.values else "", "about": about}
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            feedback.give_feedback(customer=visit.customer, at=visit.at, by=visit.by, **form.cleaned_data)
            return redirect(reverse("my_feedback", query={"done": "liked"}))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    if form.errors:
        form.focus_first_error()
        status = status if status != 200 else 422
    return show(request, visit, "portal/feedback.html", {"form": form, "tab": "more"}, status=status)


@inside("GET", "HEAD", "POST")
def tell(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand a story in for friends to read, or take it back."""
    codes = {code.reference: code for code in _codes(visit)}
    if request.method == "POST" and "back" in request.POST:
        stories.withdraw_story(story=_own_story(request, visit), at=visit.at, by=visit.by)
        return redirect(reverse("my_story", query={"done": "withdrawn"}))
    offers = [(reference, code.campaign.offer) for reference, code in codes.items()]
    form = StoryForm(request.POST if request.method == "POST" else None, offers=offers)
    status = 200
    if request.method == "POST" and form.is_valid():
        typed, campaign = form.cleaned_data, codes[form.cleaned_data["offer"]].campaign
        try:
            stories.submit_story(
                customer=visit.customer, campaign=campaign, text=typed["text"], consents=typed["consents"], at=visit.at, by=visit.by
            )
            return redirect(reverse("my_story", query={"done": "told"}))
        except Refused as refusal:
            form.add_error("text", refusal.sentence)
            status = refusal.status
    if form.errors:
        form.focus_first_error()
        status = status if status != 200 else 422
    context = {"form": form, "stories": stories.stories_of(visit.customer)[:SHOWN], "has_offers": bool(codes), "tab": "share"}
    return show(request, visit, "portal/story.html", context, status=status)


@inside("GET", "HEAD", "POST")
def ranks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who brought most friends, for those who want to be seen; joining and leaving."""
    codes = _codes(visit)
    if request.method == "POST":
        code = next((one for one in codes if one.code == request.POST.get("code", "")), None)
        if code is None:
            raise PortalNotFound("no_code", _("There is no such code among yours."))
        change = leaderboard.leave_leaderboard if "leave" in request.POST else leaderboard.join_leaderboard
        change(code=code, at=visit.at, by=visit.by)
        return redirect(reverse("my_leaderboard", query={"done": "saved"}))
    boards = [(code, leaderboard.leaderboard(code.campaign, reader=code)) for code in codes]
    return show(request, visit, "portal/leaderboard.html", {"boards": boards, "tab": "share"})


def _codes(visit: Visit) -> Sequence[Code]:
    rows = Code.objects.filter(customer=visit.customer).exclude(state=CodeState.REVOKED)
    return list(rows.select_related("campaign", "customer").order_by("-issued_at", "-pk")[:10])


def _own_story(request: HttpRequest, visit: Visit) -> Story:
    story = stories.stories_of(visit.customer).filter(reference=request.POST["back"]).select_related("customer", "campaign").first()
    if story is None:
        raise PortalNotFound("no_story", _("There is no such story of yours."))
    return story
