"""The pages that measuring needs: one that measures nothing but the way to it, and the invitation as one would write it at first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from config.urls import urlpatterns as pages
from referrals import landing
from referrals.forms import SignUpForm
from referrals.models import Code, Touch


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware as all pages."""
    return HttpResponse("")


def by_models(request: HttpRequest, code: str) -> HttpResponse:
    """The invitation through models and templates alone: everything is read, rendered and stored for each visit."""
    found = Code.objects.select_related("campaign", "customer", "equipment_model").get(code=code)
    page = landing.page_of(found, at=timezone.now())
    Touch.objects.create(code=found, at=timezone.now())
    form = SignUpForm(page=page)
    return render(request, "public/landing.html", {"form": form, "page": page, "form_word": "", "action": found.get_absolute_url()})


urlpatterns = [path("empty/", empty), path("by-models/<str:code>/", by_models), *pages]
