"""The demo's mailbox: real mails in files, read by staff who may."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from notices import jobs, mailbox
from tests.make import AT, make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mailbox")
    return tmp_path / "mailbox"


def client_of(name: str, *permissions: str, is_staff: bool = True) -> Client:
    user = User.objects.create_user(name, is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dev() -> Client:
    return client_of("dev", "read_mailbox")


def send(about: str = "loan_1", at: datetime = AT, **changes: Any) -> None:
    notice = queued(changes.pop("kind", "loan_returned"), about, at=at, **changes)
    assert jobs.send_notice(notice.reference, at) == "sent"


def test_what_was_sent_is_there_newest_first(folder: Path) -> None:
    send(to=make_customer(email="asha@example.org"))
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    send("loan_2", at=AT + timedelta(hours=1), to=make_customer("Zoë Müller", email="zoe@example.org", language="de"))
    new, old = mailbox.newest()
    assert (new.to, old.to) == ("zoe@example.org", "asha@example.org")
    assert new.subject == "Danke fürs Zurückbringen: Aero 7 camera"
    assert new.sent_at == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert new.text.startswith("Hallo Zoë,")
    assert "<!DOCTYPE html>" in new.html
    assert new.message_id.startswith("<not_")
    assert mailbox.newest(limit=1) == [new]


def test_several_mails_in_one_file_are_told_apart(folder: Path) -> None:
    folder.mkdir()
    messages = [EmailMessage(f"Mail {n}", f"Text {n}\n{'-' * 79}\nstill {n}", "a@example.org", ["b@example.org"]) for n in (1, 2)]
    source = b"".join(message.message().as_bytes() + b"\n" + b"-" * 79 + b"\n" for message in messages)
    (folder / "20260302-120000-1.log").write_bytes(source)
    assert [(mail.position, mail.subject) for mail in mailbox.newest()] == [(2, "Mail 2"), (1, "Mail 1")]
    first = mailbox.find("20260302-120000-1.log", 1)
    assert first is not None
    assert first.text.split() == ["Text", "1", "-" * 79, "still", "1"]


def test_a_file_that_is_no_mail_breaks_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "20260302-120000-1.log").write_bytes(b"\xff\xfe\x00 nonsense")
    (folder / "notes.txt").write_text("mine")
    (mail,) = mailbox.newest()
    assert (mail.subject, mail.sent_at) == ("", None)


@pytest.mark.parametrize(
    "name", ["../secret.log", "20260302-120000-9.log", "..", "20260302-120000-1.log\n", "/etc/passwd", "20260302-120000-2.log"]
)
def test_only_the_mailboxs_own_files_are_read(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.log").write_text("Subject: secret\n\nx")
    (folder / "20260302-120000-1.log").write_text("Content-Type: text/plain\n\nx")
    (folder / "20260302-120000-2.log").symlink_to(folder.parent / "secret.log")
    assert mailbox.find(name, 1) is None
    assert mailbox.find("20260302-120000-1.log", 0) is None
    assert mailbox.find("20260302-120000-1.log", 2) is None


def test_where_mail_is_really_sent_there_is_no_mailbox(dev: Client) -> None:
    assert mailbox.newest() == []
    page = dev.get(reverse("notices:mailbox"))
    assert "real mail server" in page.content.decode()


def test_staff_see_the_list_and_open_a_mail(folder: Path, dev: Client) -> None:
    send(to=make_customer("Asha <b>Rao</b>", email="asha@example.org"))
    (mail,) = mailbox.newest()
    listing = dev.get(reverse("notices:mailbox")).content.decode()
    address = reverse("notices:mail", args=[mail.file, mail.position])
    assert address in listing
    assert "asha@example.org" in listing
    page = dev.get(address)
    body = page.content.decode()
    assert "Thank you for bringing it back" in body
    assert 'sandbox="allow-popups' in body
    assert '<a href="http://testserver/terms/campaign-terms/1/"' in body
    assert "<script" not in page.content.decode().split("As plain text")[1].split("As mail programs")[0]


def test_the_html_part_is_shown_under_a_policy_of_its_own_that_loads_the_brands_logo_alone(folder: Path, dev: Client) -> None:
    send()
    (mail,) = mailbox.newest()
    page = dev.get(reverse("notices:mail_html", args=[mail.file, mail.position]))
    assert page.content.decode().startswith("<!DOCTYPE html>")
    policy = page["Content-Security-Policy"]
    for part in ("default-src 'none'", "img-src data: http://testserver/brand/;", "sandbox allow-popups", "frame-ancestors 'self'"):
        assert part in policy
    assert "allow-scripts" not in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_the_menu_leads_there_only_where_mail_is_kept_in_files(folder: Path, dev: Client, settings: Any) -> None:
    link = f'href="{reverse("notices:mailbox")}"'
    assert link in dev.get("/admin/").content.decode()
    assert link not in client_of("eve").get("/admin/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert link not in dev.get("/admin/").content.decode()


def test_an_empty_mailbox_says_so(folder: Path, dev: Client) -> None:
    assert "No mail yet" in dev.get(reverse("notices:mailbox")).content.decode()


@pytest.mark.parametrize("name", ["mail", "mail_html"])
def test_a_mail_that_is_not_there_is_not_found(folder: Path, dev: Client, name: str) -> None:
    assert dev.get(reverse(f"notices:{name}", args=["20260302-120000-9.log", 1])).status_code == 404


@pytest.mark.parametrize("name", ["mailbox", "mail", "mail_html"])
def test_only_staff_with_the_permission_read_mail(folder: Path, name: str) -> None:
    address = reverse(f"notices:{name}", args=[] if name == "mailbox" else ["20260302-120000-9.log", 1])
    assert client_of("eve").get(address).status_code == 403
    for outsider in (Client(), client_of("chloe", "read_mailbox", is_staff=False)):
        answer = outsider.get(address)
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]


@pytest.mark.parametrize("name", ["mailbox", "mail", "mail_html"])
def test_the_mailbox_only_reads(folder: Path, dev: Client, name: str) -> None:
    address = reverse(f"notices:{name}", args=[] if name == "mailbox" else ["20260302-120000-9.log", 1])
    assert dev.post(address).status_code == 405
