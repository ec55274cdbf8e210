"""Addresses that stand in messages, and those where providers tell what became of them."""

from django.urls import path

from notices.inbound import views as inbound
from notices.views import unsubscribe

urlpatterns = [
    path("unsubscribe/<str:word>/", unsubscribe, name="unsubscribe"),
    path("webhooks/email/<slug:provider>/", inbound.email_events, name="email_events"),
    path("webhooks/sms/status/", inbound.sms_status, name="sms_status"),
    path("webhooks/sms/replies/", inbound.sms_replies, name="sms_replies"),
]
