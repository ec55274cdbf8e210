"""Addresses of the public pages of a code. They are printed on cards: they must never change."""

from django.urls import path

from referrals.sharing import views as sharing
from referrals.substitutes import views as substitutes
from referrals.views import pages, remembering

urlpatterns = [
    path("r/<str:code>/", pages.landing, name="landing"),
    path("r/<str:code>/check-your-mail/", pages.signed_up, name="signed_up"),
    path("r/<str:code>/remember/", remembering.remember, name="remember"),
    path("r/<str:code>/qr.svg", sharing.qr_svg, name="qr_svg"),
    path("r/<str:code>/qr.png", sharing.qr_png, name="qr_png"),
    path("r/<str:code>/card.pdf", sharing.card, name="card"),
    path("chat/<slug:slug>/<slug:version>.png", sharing.chat_picture, name="chat_picture"),
    path("verify/<str:token>/", pages.verify, name="verify"),
    path("instead/<str:token>/", substitutes.substitute, name="substitute"),
    path("join/", pages.join, name="join"),
]
