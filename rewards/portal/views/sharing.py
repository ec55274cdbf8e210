"""Passing one's invitations on: the customer's own apps send, never we."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.states import CampaignState
from customers.models import Customer
from desk.refusals import Refused
from referrals import wishing
from referrals.models import Code
from referrals.sharing import invitation_texts, promo_codes, spoken_names
from referrals.sharing.kit import ShareKit, share_kit
from referrals.states import CodeState
from rewards.portal.refusals import PortalNotFound
from rewards.portal.views.door import Visit, inside, show

_SHOWN = frozenset({CampaignState.LIVE, CampaignState.PAUSED, CampaignState.SCHEDULED})
SHARED = 10
"""Invitations on the page."""


def codes_of(customer: Customer) -> Sequence[Code]:
    """The customer's codes that can be passed on, or will be again; those of live campaigns first."""
    rows = Code.objects.filter(customer=customer, campaign__state__in=_SHOWN).exclude(state=CodeState.REVOKED)
    found = rows.select_related("campaign", "customer", "equipment_model").order_by("-issued_at", "-pk")[:SHARED]
    return sorted(found, key=lambda code: code.campaign.state != CampaignState.LIVE)


@inside()
def share(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All invitations, each with its ways."""
    return _page(request, visit)


@inside("POST")
def text(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Keep the invitation in the customer's own words; without a word, ours are back."""
    return _change(request, visit, code, "text", _write)


@inside("POST")
def promo(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Choose a code that is easy to say."""
    return _change(request, visit, code, "promo", _choose)


@inside("POST")
def name(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Be found by one's name; without a word, not any more."""
    return _change(request, visit, code, "name", _be_found)


@inside("POST")
def wish(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Say which of several rewards one would rather have."""
    return _change(request, visit, code, "tier", _wish)


def _wish(code: Code, typed: str, visit: Visit) -> None:
    wishing.wish(code=code, tier=typed, at=visit.at, by=visit.by)


def _write(code: Code, typed: str, visit: Visit) -> None:
    invitation_texts.write_invitation(code=code, text=typed, at=visit.at, by=visit.by)


def _choose(code: Code, typed: str, visit: Visit) -> None:
    promo_codes.choose_promo_code(code=code, text=typed, at=visit.at, by=visit.by)


def _be_found(code: Code, typed: str, visit: Visit) -> None:
    if typed.strip():
        spoken_names.be_found_by_name(code=code, name=typed, at=visit.at, by=visit.by)
    else:
        spoken_names.stop_being_found(code=code, at=visit.at, by=visit.by)


def _change(request: HttpRequest, visit: Visit, text: str, field: str, do: Callable[[Code, str, Visit], None]) -> HttpResponse:
    code = next((one for one in codes_of(visit.customer) if one.code == text), None)
    if code is None:
        raise PortalNotFound("no_code", _("There is no such code among yours."))
    typed = request.POST.get(field, "")[:2000]
    try:
        do(code, typed, visit)
    except Refused as refusal:
        wrong = {"code": code.code, "field": field, "typed": typed, "sentence": refusal.sentence}
        return _page(request, visit, wrong, status=refusal.status)
    return redirect(reverse("my_share", query={"done": "saved"}))


def _page(request: HttpRequest, visit: Visit, wrong: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    context = {"kits": kits_of(visit.customer, at=visit.at), "wrong": wrong or {}, "tab": "share"}
    return show(request, visit, "portal/share.html", context, status=status)


def kits_of(customer: Customer, *, at: datetime) -> list[ShareKit]:
    """All there is to pass the customer's invitations on."""
    return [share_kit(code, at=at) for code in codes_of(customer)]
