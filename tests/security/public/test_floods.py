"""Test 8 and sheer numbers: guessing codes, a thousand sign-ups in a minute, ten megabytes."""

import http.client
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from config.models import Tally
from config.supervising import web
from customers.models import Customer
from notices.models import Notice
from referrals.models import Code, Referral
from tests.faults.background import command_of, database_url, processes, wait_for
from tests.notices.mail_server import free_port
from tests.referrals.pages.rows import counts
from tests.security.public.walking import addresses

TEN_MEGABYTES = 10_000_000


@pytest.mark.django_db
def test_of_a_thousand_sign_ups_in_a_minute_from_one_address_twenty_are_taken_and_nothing_is_kept_of_the_others(
    browser: Client, code: Code, typed: dict[str, str]
) -> None:
    answers = []
    for number in range(1000):
        if number == 20:
            before = counts()
        if number % 50 == 0:
            cache.clear()  # each time another web process, which has refused nobody yet
        answers.append(browser.post(f"/r/{code.code}/", {**typed, "email": f"friend{number}@example.net"}))
    assert [answer.status_code for answer in answers] == [302] * 20 + [429] * 980
    assert counts() == before
    assert (Referral.objects.count(), Customer.objects.count()) == (20, 21)
    for answer in answers[20:]:
        assert 0 < int(answer["Retry-After"]) <= 600
        assert "That was tried too often from your connection. Wait 10 minutes, then try again." in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.9").post(f"/r/{code.code}/", {**typed, "email": "chloe@example.net"})
    assert elsewhere.status_code == 302
    assert Notice.objects.filter(address="chloe@example.net").exists()


@pytest.mark.django_db
def test_a_thousand_guesses_are_thirty_by_whatever_page_and_under_whatever_invented_address(browser: Client, code: Code) -> None:
    pages = ("/r/{}/", "/r/{}/check-your-mail/", "/r/{}/remember/", "/r/{}/qr.svg", "/r/{}/qr.png", "/r/{}/card.pdf")
    statuses = []
    for number in range(1000):
        if number % 100 == 0:
            cache.clear()
        invented = {"x-forwarded-for": f"198.51.100.{number % 250}", "forwarded": "for=198.51.100.1"}
        guess = f"NSCH{number:06d}"
        if number % 7 == 6:
            statuses.append(browser.post("/join/", {"code": guess}, headers=invented).status_code)
        else:
            statuses.append(browser.get(pages[number % 7].format(guess), headers=invented).status_code)
    assert statuses == [404] * 30 + [429] * 970
    assert browser.get(f"/r/{code.code}/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.9").get(f"/r/{code.code}/").status_code == 200
    assert Tally.objects.count() == 1


class Unread:
    """A body of which nobody may read a byte."""

    def read(self, *size: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = readlines = __iter__ = read


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"])
def test_ten_megabytes_are_refused_in_words_on_every_page_without_reading_them(ben: Referral, kind: str) -> None:
    before = counts()
    walked = [address.url for address in addresses(ben)] + [
        "/my/sign-in/",
        "/my/feedback/",
        "/webhooks/sms/replies/",
        "/no/such/page/",
    ]
    for url in walked:
        body: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(TEN_MEGABYTES)}
        answer = Client().post(url, b"", content_type=kind, **body)
        assert answer.status_code == 413, url
        assert "This is too much at once" in answer.content.decode(), url
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["", "-1", "1e9", "ten", "\u0663", "99999999999999999999999"])
def test_a_length_that_is_no_number_breaks_nothing(code: Code, length: str) -> None:
    answer = Client().post("/join/", b"", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH=length)
    assert answer.status_code in (400, 413, 422)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    """The web server of `manage.py serve` with one process, on the database of this test: its port."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(tmp_path / "var"),
        "EMAIL_URL": "filemail://",
        "SECRET_KEY": settings.SECRET_KEY,
        "SEAL_KEY": settings.SEAL_KEY,
    }
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        web(host="127.0.0.1", port=port, workers=1).command,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(lambda: is_answering(port), 60, "the web server answers")
        yield port
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def is_answering(port: int) -> bool:
    """Whether a page comes."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/join/")
            return connection.getresponse().status == 200
    except OSError:
        return False


def memory_of(port: int) -> int:
    """Bytes that the processes of the server on `port` hold."""
    pids = [one.pid for one in processes() if f"127.0.0.1:{port}" in command_of(one.pid)]
    pages = [int((Path("/proc") / str(pid) / "statm").read_text().split()[1]) for pid in pids]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def head_of(path: str, length: int) -> bytes:
    """The head of a POST that announces so many bytes."""
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {length}",
    )
    return "\r\n".join((*lines, "", "")).encode()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_the_real_server_refuses_ten_megabytes_before_a_byte_of_them_came_and_its_memory_does_not_grow(server: int) -> None:
    before = memory_of(server)
    for _ in range(12):
        with socket.create_connection(("127.0.0.1", server), timeout=20) as line:
            line.sendall(head_of("/join/", TEN_MEGABYTES))
            answer = line.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
            with suppress(OSError):  # hung up on is as good as not read
                line.sendall(b"code=" + b"x" * (TEN_MEGABYTES - 5))
    assert memory_of(server) - before < TEN_MEGABYTES
    assert is_answering(server)
