"""Addresses that stand in messages."""

from django.urls import path

from notices.views import unsubscribe

urlpatterns = [path("unsubscribe/<str:word>/", unsubscribe, name="unsubscribe")]
