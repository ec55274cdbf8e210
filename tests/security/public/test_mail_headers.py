"""A name cannot write a header: mails with hostile names, read back from a real mail server."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from campaigns.models import Brand, Campaign
from customers.models import Customer
from equipment.models import EquipmentModel
from notices import jobs
from notices.models import Notice
from referrals.models import Code
from tests.make import AT
from tests.notices.mail_server import Behaviour
from tests.portal.walking import inside

HOSTILE = [
    "Ben\r\nBcc: everyone@evil.example\r\nX-Evil: 1",
    "Ben\nBcc: everyone@evil.example",
    "Ben\rBcc: everyone@evil.example",
    "Ben\u2028Bcc: everyone@evil.example",
    "Ben\x0b\x0cBcc: everyone@evil.example",
    "Ben\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?Ben=0D=0ABcc=3A_everyone=40evil.example?=",
    "Ben, everyone@evil.example, <everyone@evil.example>",
    "Ben%0d%0aBcc: everyone@evil.example",
]
OURS = {
    "Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Reply-To", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo", "Content-Language", "Feedback-ID", "List-Id",
}  # fmt: skip


def wrong_with(mail: EmailMessage, addresses: set[str]) -> list[str]:
    """What a mail says in its head that no mail of ours says."""
    found = [name for name in mail if name not in OURS]
    found += [f"{name} twice" for name in ("To", "From", "Subject") if len(mail.get_all(name, [])) != 1]
    to = {one.addr_spec for one in mail["To"].addresses}
    return found + [f"to {one}" for one in to - addresses] + [str(defect) for defect in mail.defects]


def sent(server: Behaviour) -> list[EmailMessage]:
    """Everything that waits goes out, and is read back."""
    jobs.send_queued_notices(AT)
    left = Notice.objects.filter(state__in=["queued", "sending", "failed", "dead"], channel="email")
    assert list(left.values_list("kind", "reason")) == []
    return server.mails()


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_typed_at_a_sign_up_writes_no_header_of_any_mail(
    mail_server: Callable[..., Behaviour], send: Callable[..., Any], asha: Customer, name: str
) -> None:
    server = mail_server()
    assert send(name=name).status_code in (302, 422)
    mails = sent(server)
    for mail in mails:
        assert wrong_with(mail, {"ben@example.net", asha.email}) == [], name
    if Customer.objects.filter(email="ben@example.net").exists():
        assert {one.addr_spec for mail in mails for one in mail["To"].addresses} == {"ben@example.net", asha.email}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_came_from_elsewhere_writes_none_either(
    mail_server: Callable[..., Behaviour], send: Callable[..., Any], asha: Customer, name: str
) -> None:
    Customer.objects.filter(pk=asha.pk).update(name=name)
    Campaign.objects.update(name=name, headline=name)
    EquipmentModel.objects.update(name=name)
    Brand.objects.update_or_create(pk=Brand.current().pk, defaults={"name": name[:60], "sign_off": name, "greeting": name[:60]})
    server = mail_server()
    assert send().status_code == 302
    mails = sent(server)
    assert len(mails) == 2
    for mail in mails:
        assert wrong_with(mail, {"ben@example.net", asha.email}) == [], name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email", ["ben@example.net\r\nBcc: x@evil.example", "ben@example.net, x@evil.example", "ben@example.net>x", "a\nb@example.net"]
)
def test_an_address_that_is_two_or_more_is_none(send: Callable[..., Any], email: str) -> None:
    assert send(email=email).status_code == 422
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE[:6])
def test_a_name_changed_in_the_portal_writes_none_either(
    mail_server: Callable[..., Behaviour], send: Callable[..., Any], code: Code, asha: Customer, name: str
) -> None:
    inside(asha).post("/my/preferences/", {"name": name, "language": "en"})
    server = mail_server()
    send()
    for mail in sent(server):
        assert wrong_with(mail, {"ben@example.net", asha.email}) == [], name
