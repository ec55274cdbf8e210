"""Addresses of the public pages of a code. They are printed on cards: they must never change."""

from django.urls import path

from referrals import views

urlpatterns = [
    path("r/<str:code>/", views.landing, name="landing"),
    path("r/<str:code>/check-your-mail/", views.signed_up, name="signed_up"),
    path("verify/<str:token>/", views.verify, name="verify"),
    path("join/", views.join, name="join"),
]
