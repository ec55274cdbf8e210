"""The public pages of a code: the invitation, what happens next, and the confirming of an address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit import actors
from desk import cookies, languages
from desk.addresses import client_address, hashed
from desk.refusals import Refused
from desk.speaking import Words, shown
from referrals import closing, hot_page, joining, outcome, qualifying, testing, tokens, turned_away, visits
from referrals import landing as landings
from referrals.forms import SignUpForm
from referrals.models import Code, Referral
from referrals.refusals import LinkExpired, LinkInvalid
from referrals.sharing import spoken_names
from referrals.sharing.kit import share_kit
from referrals.states import Progress
from referrals.views import cookie
from referrals.views.door import CONFIRM, GUESS, SIGN_UP, find, from_our_pages, limited, link_problem, unknown
from referrals.wording import short_name

NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"
"""What `never_cache` says."""

_VISITOR = actors.Actor(name="visitor")
_SALT = "referrals.signed_up"
_KEPT_HOURS = 24


@from_our_pages
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited
@cookie.gone_when_off
def landing(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a code. Opening it is a visit; sending its form signs a friend up."""
    at = timezone.now()
    found = find(request, code, at)
    if found is None:
        return unknown(request)
    closed = closing.closed(found, at=at)
    if closed is not None:
        if request.method == "POST":
            _turn_away(request, found, at)
        return _closed(request, found, closed, at)
    if request.method == "POST":
        return _sign_up(request, found, at)
    page = landings.page_of(found, at=at)
    return _show(request, SignUpForm(page=page, touch=_touch(request, found, at)), at=at)


def quick_landing(request: HttpRequest, code: str, *, at: datetime) -> HttpResponse | None:
    """The page of an open invitation: what is kept of it, and the visit stored. None for all that takes a longer look."""
    seen = None if _takes_longer(request, at) else hot_page.glimpse(code, at=at)
    if seen is None:
        return None
    variant = testing.kept_variant(seen.code, seen.campaign_id)

    def render_once(holes: Mapping[str, str]) -> str:
        row = Code.objects.select_related("campaign", "customer", "equipment_model").get(pk=seen.code_id)
        page = replace(landings.page_of(row, at=at), inviter=holes["inviter"])
        switch = _switch(request, holes["touch"])
        action = holes["path"] + switch.carried
        form = SignUpForm(page=page, touch=holes["touch"])
        question = cookie.question_for(request, row, at=at, path=holes["path"])
        context = {
            "form": form,
            "page": page,
            "form_word": holes["form"],
            "action": action,
            "language": switch,
            "question": question,
        }
        return render_to_string("public/landing.html", context, request)

    page = hot_page.kept(f"{seen.key}:{variant}:{translation.get_language()}:{languages.asked(request)}", render_once)
    touch = tokens.sign_visit(_visit(request, seen.code_id, variant, at))
    words = {"inviter": seen.inviter, "path": seen.path, "form": tokens.sign_form(seen.code, at=at), "touch": touch}
    return HttpResponse(hot_page.fill(page, words), headers={"Cache-Control": NEVER_KEPT})


def _takes_longer(request: HttpRequest, at: datetime) -> bool:
    """Whether there is more to a visit than opening the page: it was counted before, answers a question, or remembers something."""
    is_plain = not request.META.get("QUERY_STRING") or not {"touch", cookie.ANSWERED} & request.GET.keys()
    return not is_plain or cookie.is_there(request) or GUESS.is_shut(client_address(request), at=at)


@never_cache
@require_safe
@limited
def signed_up(request: HttpRequest, code: str) -> HttpResponse:
    """What happens next after a sign-up. The details show only to the browser that has just signed up."""
    at = timezone.now()
    found = find(request, code, at)
    if found is None:
        return unknown(request)
    shown = _just_said(request.GET.get("for", "")[:4000], found)
    steps = landings.steps_after_joining(found.campaign, at=at)
    return render(request, "public/check_your_mail.html", {"code": found, "outcome": shown, "steps": steps})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """The page a mailed link opens. Looking at it changes nothing, for mail scanners look too; its button confirms."""
    at = timezone.now()
    CONFIRM.check(client_address(request), at=at)
    try:
        link = tokens.read_verification(token)
        languages.greet(request, link.referral.referee.language)
        tokens.refuse_expired(link, at=at)
    except LinkExpired as refusal:
        CONFIRM.take(client_address(request), at=at)
        return link_problem(request, refusal.sentence, refusal.status, invitation=refusal.invitation)
    except LinkInvalid as refusal:
        CONFIRM.take(client_address(request), at=at)
        return link_problem(request, refusal.sentence, refusal.status)
    referral = link.referral
    if request.method == "POST":
        return _confirm(request, referral, at)
    if referral.progress == Progress.EXPIRED:
        over = tokens.too_late(referral)
        return link_problem(request, over.sentence, over.status, invitation=over.invitation)
    shown = outcome.outcome_of(referral, at=at)
    if referral.progress == Progress.SIGNED_UP:
        is_same_place = outcome.was_asked_from(referral, hashed(client_address(request)))
        return render(request, "public/verify.html", {"outcome": shown, "is_same_place": is_same_place})
    kit = share_kit(shown.own, at=at) if shown.own else None
    return render(request, "public/verified.html", {"outcome": shown, "kit": kit})


@from_our_pages
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited
@cookie.gone_when_off
def join(request: HttpRequest) -> HttpResponse:
    """A code typed by hand, or the name of whoever wants to be found by it: stored as such, then its page is shown."""
    at = timezone.now()
    if request.method != "POST":
        return render(request, "public/join.html", _join_context(request, at))
    typed = request.POST.get("code", "").strip()[:64]
    if not typed:
        return _ask_again(request, typed, _("Type the code you were given."), 422)
    code = find(request, typed, at, by_name=True)
    if code is None:
        return _ask_again(request, typed, _not_found(), 404)
    touch = _visit(request, code.pk, testing.kept_variant(code.code, code.campaign_id), at, is_typed=True)
    return redirect(f"{code.get_absolute_url()}?touch={tokens.sign_visit(touch)}")


def _touch(request: HttpRequest, code: Code, at: datetime) -> str:
    """The signed word for this visit: the one just stored, or the one a typed code left. A HEAD stores nothing."""
    brought = request.GET.get("touch", "")[:300]
    known = tokens.read_visit(brought, at=at) if brought else None
    if known is not None and known.code_id == code.pk:
        return brought
    if request.method == "HEAD":
        return ""
    return tokens.sign_visit(_visit(request, code.pk, testing.kept_variant(code.code, code.campaign_id), at))


def _visit(request: HttpRequest, code_id: int, variant: str, at: datetime, *, is_typed: bool = False) -> visits.Visit:
    return visits.record_visit(
        code_id=code_id,
        at=at,
        variant=variant,
        channel="typed" if is_typed else request.GET.get("via", "link"),
        referer=request.headers.get("Referer", ""),
        user_agent=request.headers.get("User-Agent", ""),
        address=client_address(request),
        is_typed=is_typed,
    )


def _sign_up(request: HttpRequest, code: Code, at: datetime) -> HttpResponse:
    address = client_address(request)
    SIGN_UP.take(address, at=at)
    form = SignUpForm(request.POST, page=landings.page_of(code, at=at))
    if not tokens.is_own_form(request.POST.get("form", ""), code.code, at=at):
        form.add_error(None, _("The form was open too long. What you typed is still here: send it again."))
        return _show(request, form, at=at, status=403)
    if not form.is_valid():
        return _show(request, form, at=at, status=422)
    typed = form.cleaned_data
    try:
        said = joining.join(code=code, application=_application(request, typed, at), at=at, by=_VISITOR)
    except Refused as refusal:
        form.tell(refusal)
        return _show(request, form, at=at, status=refusal.status)
    response = redirect(_next_page(code, said))
    if cookie.is_there(request):
        # What it was for is done.
        cookies.put_out(response, cookie.NAME)
    return response


def _application(request: HttpRequest, typed: Mapping[str, Any], at: datetime) -> joining.Application:
    return joining.Application(
        name=typed["name"],
        email=typed["email"],
        terms_version=typed["terms"],
        touch_token=typed["touch"],
        language=translation.get_language() or "",
        country=typed.get("country", ""),
        where=hashed(client_address(request)),
        remembered=cookie.visits_of(request, at=at),
    )


def _turn_away(request: HttpRequest, code: Code, at: datetime) -> None:
    """A form that was open when the offer closed is demand; whatever else is sent here is not."""
    SIGN_UP.take(client_address(request), at=at)
    if tokens.is_own_form(request.POST.get("form", ""), code.code, at=at):
        turned_away.count_sign_up(code=code, at=at)


def _show(request: HttpRequest, form: SignUpForm, *, at: datetime, status: int = 200) -> HttpResponse:
    if form.is_bound:
        form.show_current_terms()
        form.focus_first_error()
    code = form.page.code
    form_word = tokens.sign_form(code.code, at=at)
    switch = _switch(request, str(form["touch"].value() or ""))
    action = code.get_absolute_url() + _carried(request)
    question = cookie.question_for(request, code, at=at, path=code.get_absolute_url(), is_asked=not form.is_bound)
    context = {"form": form, "page": form.page, "form_word": form_word, "action": action, "language": switch, "question": question}
    return render(request, "public/landing.html", context, status=status)


def _switch(request: HttpRequest, touch: str) -> languages.PageLanguage:
    """The other languages of an invitation. The word for the visit goes along: whoever changes the language came but once."""
    said = {"touch": touch, cookie.ANSWERED: _answered(request)}
    return languages.PageLanguage(languages.asked(request), {name: value for name, value in said.items() if value})


def _carried(request: HttpRequest) -> str:
    """What goes behind the address of the form: the language that was asked for, and that the question was answered."""
    said = {languages.PARAMETER: languages.asked(request), cookie.ANSWERED: _answered(request)}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def _answered(request: HttpRequest) -> str:
    return request.GET.get(cookie.ANSWERED, "")[:3]


def _next_page(code: Code, said: Mapping[str, joining.Said]) -> str:
    """Where a sign-up leads. What the page says travels in its address, so that it names no referral: there may be none."""
    words = {
        language: [one.confirm_by, [[g.title, shown(g.title), g.sentence, g.drawing] for g in one.mine]]
        for language, one in said.items()
    }
    word = signing.dumps([code.code, words], salt=_SALT, compress=True)
    return f"{reverse('signed_up', args=[code.code])}?for={word}"


def _just_said(word: str, code: Code) -> joining.Said | None:
    """What the sign-up that led here said, in the language of the page; None for anybody else."""
    try:
        joined_by, words = signing.loads(word, salt=_SALT, max_age=_KEPT_HOURS * 3600)
    except signing.BadSignature:
        return None
    said = words.get(translation.get_language())
    if joined_by != code.code or said is None:
        return None
    # Nobody but us can have signed it, so that what was marked for a page is as we marked it.
    gifts = [outcome.Gift(Words(title, mark_safe(html)), sentence, drawing) for title, html, sentence, drawing in said[1]]  # noqa: S308
    return joining.Said(said[0], gifts)


def _confirm(request: HttpRequest, referral: Referral, at: datetime) -> HttpResponse:
    by = actors.customer(referral.referee.reference)
    try:
        qualifying.verify(referral=referral, how="the button in the e-mail", at=at, by=by)
    except Refused as refusal:
        if refusal.code == "referral_expired":
            return link_problem(request, refusal.sentence, 410, invitation=referral.code)
        return link_problem(request, _("We could not confirm this just now. Write to us and we will look at it together."), 409)
    return redirect(request.path)


def _ask_again(request: HttpRequest, typed: str, refusal: str, status: int) -> HttpResponse:
    context = _join_context(request, timezone.now()) | {"typed": typed, "refusal": refusal}
    return render(request, "public/join.html", context, status=status)


def _join_context(request: HttpRequest, at: datetime) -> dict[str, object]:
    return {"by_name": spoken_names.is_possible(), "kept": cookie.kept_invitation(request, at=at)}


def _not_found() -> str:
    if spoken_names.is_possible():
        return _("We know no such code, and nobody who wants to be found by this name. Ask your friend for the link or the code.")
    return _("We know no such code. Compare it with your friend’s message, letter by letter.")


def _closed(request: HttpRequest, code: Code, closed: closing.Closed, at: datetime) -> HttpResponse:
    """Says why nobody can join, and shows what the same person invites to besides."""
    others = closing.others_of(code, at=at)
    context = {"closed": closed, "others": others, "inviter": short_name(code.customer.name), "by_name": spoken_names.is_possible()}
    return render(request, "public/closed.html", context, status=closed.status)
