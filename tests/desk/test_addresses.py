"""Whose address it is, and who may say so."""

from typing import Any

import pytest
from django.test import RequestFactory

from desk.addresses import client_address, hashed


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", " , ,", "10.0.0.1"),
        ("10.0.0.1", "x" * 500, "x" * 64),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Any, remote: str, forwarded: str | None, address: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == address


def test_a_hash_names_an_address_without_telling_it() -> None:
    assert hashed("192.0.2.1") == hashed("192.0.2.1") != hashed("192.0.2.2")
    assert len(hashed("192.0.2.1")) == 64
