"""Addresses of a customer's own pages, below `/my/`."""

from django.urls import path

from rewards.portal.views import browsers, entering, home

urlpatterns = [
    path("", home.overview, name="my_home"),
    path("sign-in/", entering.ask, name="my_door"),
    path("code/", entering.code, name="my_code"),
    path("in/", entering.enter, name="my_enter"),
    path("in/<str:key>/", entering.link, name="my_link"),
    path("out/", entering.leave, name="my_out"),
    path("browsers/", browsers.signed_in, name="my_browsers"),
]
