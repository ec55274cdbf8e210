"""The cookie in which a browser remembers who invited it: what a page asks or says of it, and taking it away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse

from desk import cookies, languages
from referrals import remembering, wording
from referrals.models import Code
from referrals.visits import Visit

NAME = "invitation"
ANSWERED = "asked"
"""In the address of a page whose question was answered, so that it is not put again; nothing is stored for that."""

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Question:
    """What the bar of an invitation says: it asks for so many `days`, or says until which day (`until`) it remembers."""

    action: str
    days: int
    until: str = ""


@dataclass(frozen=True)
class Kept:
    """An invitation the browser remembers, as other pages offer it."""

    inviter: str
    headline: str
    path: str


def is_there(request: HttpRequest) -> bool:
    """Whether the browser brought the cookie."""
    return cookies.name_of(NAME) in request.COOKIES


def text_of(request: HttpRequest) -> str:
    """What the cookie holds, good or not."""
    return request.COOKIES.get(cookies.name_of(NAME), "")[:2000]


def visits_of(request: HttpRequest, *, at: datetime) -> list[Visit]:
    """The visits this browser remembers. None where staff have switched it off."""
    return remembering.read(text_of(request), at=at) if is_there(request) and remembering.is_on() else []


def question_for(request: HttpRequest, code: Code, *, at: datetime, path: str, is_asked: bool = True) -> Question | None:
    """What the page of a code at `path` asks or says. Nothing once it was answered, and on a form to be corrected.

    Whether anybody is asked at all, the page knows from its brand.
    """
    action = f"{path}remember/" + languages.carried("", languages.asked(request))
    days = remembering.days_of(code.campaign)
    for visit in visits_of(request, at=at):
        if visit.code_id == code.pk and at < remembering.until(visit, code.campaign):
            return Question(action, days, wording.day(code.campaign.day_of(remembering.until(visit, code.campaign))))
    return Question(action, days) if is_asked and not request.GET.get(ANSWERED) else None


def kept_invitation(request: HttpRequest, *, at: datetime) -> Kept | None:
    """The invitation this browser remembers, while it can be accepted."""
    visits = visits_of(request, at=at)
    code = remembering.open_invitation(visits, at=at) if visits else None
    return Kept(wording.short_name(code.customer.name), code.campaign.offer, code.get_absolute_url()) if code else None


def gone_when_off(view: View) -> View:
    """Take the cookie away from whoever still brings it where staff have switched remembering off."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if is_there(request) and not remembering.is_on():
            cookies.put_out(response, NAME)
        return response

    return answer
