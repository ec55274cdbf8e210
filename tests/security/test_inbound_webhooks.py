"""12: what is forged or told again at the addresses for providers changes nothing."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from django.core import checks
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from config.checks import check_channel
from config.urls import urlpatterns
from notices import jobs
from notices.inbound import views
from notices.inbound.signatures import twilio_signature
from notices.models import Notice, ProviderEvent, Suppression
from notices.states import Channel, NoticeState
from tests.make import make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db

PHONE = "+491701234567"
STATUS, REPLIES = "/webhooks/sms/status/", "/webhooks/sms/replies/"


@pytest.fixture(autouse=True)
def providers(settings: Any) -> None:
    cache.clear()
    settings.SMS_PROVIDER, settings.SMS_TOKEN = "twilio", "the-token"
    settings.SMS_ACCOUNT, settings.SMS_SENDER = "AC1", "+4930123456"
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "postmark:secret"}


@pytest.fixture
def strict() -> Client:
    """A client that checks for CSRF tokens, as browsers are checked."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def text(at: datetime) -> Notice:
    """A text that was sent."""
    notice = queued("loan_overdue", to=make_customer(email="", phone=PHONE))
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, sent_at=at, provider_id="SM1")
    notice.refresh_from_db()
    assert notice.channel == Channel.SMS
    return notice


def signed(client: Client, path: str, form: dict[str, str], token: str = "the-token", **extra: Any) -> Any:
    signature = twilio_signature(token, f"http://testserver{path}", form.items())
    return client.post(path, form, headers={"X-Twilio-Signature": signature, **extra.pop("headers", {})}, **extra)


def everything() -> tuple[int, int, Iterable[str]]:
    return ProviderEvent.objects.count(), Suppression.objects.count(), list(Notice.objects.values_list("state", flat=True))


def test_the_signature_is_the_one_of_the_providers_own_example() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_signature("12345", address, form.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_what_is_rightly_signed_is_kept_and_applied(strict: Client, text: Notice, at: datetime) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE}
    assert signed(strict, STATUS, form).status_code == 200
    assert jobs.apply_provider_events(at) == {"applied": 1, "failed": 0}
    text.refresh_from_db()
    assert text.state == NoticeState.DELIVERED


def test_told_again_it_changes_nothing(strict: Client, text: Notice, at: datetime) -> None:
    form = {"MessageSid": "SM9", "From": PHONE, "Body": "STOP"}
    first = signed(strict, REPLIES, form)
    assert b"<Message>" in first.content
    jobs.apply_provider_events(at)
    before = everything()
    again = signed(strict, REPLIES, form)
    assert (again.status_code, b"<Message>" in again.content) == (200, False)
    jobs.apply_provider_events(at)
    assert everything() == before


@pytest.mark.parametrize("path", [STATUS, REPLIES])
@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "AAAA"}, {"X-Twilio-Signature": "ä"}],
    ids=["none", "empty", "wrong", "not ascii"],
)
def test_a_forged_word_changes_nothing(strict: Client, text: Notice, path: str, headers: dict[str, str]) -> None:
    before = everything()
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30005", "From": PHONE, "To": PHONE, "Body": "STOP"}
    assert strict.post(path, form, headers=headers).status_code == 403
    assert everything() == before


def test_a_signature_for_another_form_address_or_account_is_refused(strict: Client, text: Notice) -> None:
    before = everything()
    good = {"MessageSid": "SM1", "MessageStatus": "failed", "To": PHONE}
    signature = twilio_signature("the-token", f"http://testserver{STATUS}", good.items())
    head = {"X-Twilio-Signature": signature}
    assert strict.post(STATUS, {**good, "MessageStatus": "delivered"}, headers=head).status_code == 403
    assert strict.post(REPLIES, good, headers=head).status_code == 403
    assert strict.post(f"{STATUS}?more=1", good, headers=head).status_code == 403
    assert signed(strict, STATUS, good, token="another").status_code == 403
    assert everything() == before


def test_the_address_signed_is_that_of_the_settings_whatever_the_request_says(strict: Client, text: Notice, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": PHONE}
    evil = twilio_signature("the-token", f"http://evil.example{STATUS}", form.items())
    assert strict.post(STATUS, form, headers={"X-Twilio-Signature": evil, "Host": "evil.example"}).status_code == 403
    assert signed(strict, STATUS, form, headers={"Host": "evil.example"}).status_code == 200


def test_without_a_token_nothing_is_rightly_signed(strict: Client, settings: Any) -> None:
    settings.SMS_TOKEN = ""
    assert signed(strict, STATUS, {"MessageSid": "SM1", "MessageStatus": "delivered"}, token="").status_code == 403


@pytest.mark.parametrize("path", [STATUS, REPLIES, "/webhooks/email/postmark/"])
def test_more_than_256_kb_is_not_read(strict: Client, path: str) -> None:
    before = everything()
    body = b"x" * (views.LIMIT + 1)
    assert strict.post(path, body, content_type="application/x-www-form-urlencoded").status_code == 413
    assert everything() == before


@pytest.mark.parametrize("path", [STATUS, REPLIES])
def test_looking_changes_nothing(strict: Client, path: str) -> None:
    assert strict.get(path).status_code == 405


def test_guessing_signatures_is_slowed_and_what_is_signed_is_told_from_elsewhere(strict: Client) -> None:
    codes = {strict.post(STATUS, {"MessageSid": "SM1"}, headers={"X-Twilio-Signature": "no"}).status_code for _ in range(40)}
    assert codes == {403, 429}
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert signed(strict, STATUS, form, REMOTE_ADDR="203.0.113.9").status_code == 200


@pytest.mark.parametrize("path", [STATUS, REPLIES])
def test_without_the_provider_the_address_is_not_there(strict: Client, path: str, settings: Any) -> None:
    settings.SMS_PROVIDER = "file"
    assert signed(strict, path, {"MessageSid": "SM1"}).status_code == 404


BOUNCE = {
    "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 42, "MessageID": "pm-1", "Email": "asha@example.org",
    "BouncedAt": "2026-03-02T12:00:00Z", "Metadata": {},
}  # fmt: skip


def bounce(client: Client, secret: str, provider: str = "postmark") -> Any:
    credentials = {"Authorization": f"Basic {secret}"} if secret else {}
    return client.post(f"/webhooks/email/{provider}/", json.dumps(BOUNCE), content_type="application/json", headers=credentials)


def test_a_mail_providers_bounce_needs_the_secret_and_is_applied_once(strict: Client, at: datetime) -> None:
    notice = queued(to=make_customer(email="asha@example.org"))
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, sent_at=at, provider_id="pm-1")
    for wrong in ("", "cG9zdG1hcms6d3Jvbmc="):
        assert bounce(strict, wrong).status_code in (400, 403)
    assert not ProviderEvent.objects.exists()
    for _ in range(2):
        assert bounce(strict, "cG9zdG1hcms6c2VjcmV0").status_code == 200
    assert jobs.apply_provider_events(at) == {"applied": 1, "failed": 0}
    notice.refresh_from_db()
    assert notice.state == NoticeState.BOUNCED
    assert Suppression.objects.count() == 1


def test_only_the_chosen_provider_is_heard_and_only_with_a_secret(strict: Client, settings: Any) -> None:
    assert bounce(strict, "cG9zdG1hcms6c2VjcmV0", "sparkpost").status_code == 404
    settings.ANYMAIL = {}
    assert bounce(strict, "").status_code == 404


@pytest.mark.parametrize(
    ("provider", "options", "is_wrong"),
    [
        ("", {}, False),
        ("postmark", {}, True),
        ("postmark", {"WEBHOOK_SECRET": "a:b"}, False),
        ("mailgun", {}, True),
        ("mailgun", {"MAILGUN_WEBHOOK_SIGNING_KEY": "k"}, False),
        ("sendgrid", {"SENDGRID_API_KEY": "k"}, True),
        ("amazon_ses", {}, True),
    ],
)
def test_the_product_does_not_start_with_a_provider_anybody_could_pretend_to_be(
    settings: Any, provider: str, options: dict[str, str], is_wrong: bool
) -> None:
    settings.EMAIL_PROVIDER, settings.ANYMAIL = provider, options
    assert [one.id for one in check_channel() if one.level == checks.ERROR] == (["lendwell.E030"] if is_wrong else [])


def test_the_product_does_not_start_with_half_an_sms_provider(settings: Any) -> None:
    settings.EMAIL_PROVIDER = settings.SMS_TOKEN = ""
    assert [one.id for one in check_channel() if one.level == checks.ERROR] == ["lendwell.E032"]
    settings.SMS_PROVIDER = "pigeon"
    assert "lendwell.E031" in [one.id for one in check_channel()]


def test_these_are_the_only_addresses_without_a_csrf_token() -> None:
    assert reverse("sms_status") == STATUS
    exempt = {address.name for address in _addresses(urlpatterns) if getattr(address.callback, "csrf_exempt", False)}
    assert exempt == {"unsubscribe", "email_events", "sms_status", "sms_replies"} | SIGNED_FORMS


SIGNED_FORMS = {"landing", "remember", "join", "my_link"}
"""Invitations store nothing on the device: their forms carry a signed word instead, see `tests/referrals/pages`. The link to a customer's
page answers GET and HEAD only."""


def _addresses(patterns: Iterable[Any]) -> Iterable[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns)
        else:
            yield pattern
