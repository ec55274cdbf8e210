"""The page that measures nothing but the way to it: what every other page is compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as pages


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware as all pages."""
    return HttpResponse("")


urlpatterns = [path("empty/", empty), *pages]
