"""Whoever may read a message at the desk gets none of what its links can do: confirm, answer, stop news in a customer's name."""

import re

import pytest
from django.core import signing
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from notices.covering import COVER, covered
from notices.models import Notice
from tests.admin import world
from tests.notices.samples import queued
from tests.security.walking import addresses

_WORD = re.compile(r"/(?:verify|unsubscribe|instead)/([^/\"'\s<]+)/")


def test_no_page_of_the_desk_hands_out_a_link_that_acts_for_a_customer(administrator: Client) -> None:
    world.fill()
    notice = Notice.objects.get(pk=queued("season_offer").pk)
    assert len(_WORD.findall(notice.body_text)) == 1, "the message itself has the way out of news"
    own = [f"/admin/notices/notice/{notice.pk}/change/", f"/admin/messages/{notice.reference}/letter/"]
    walked = [address.url for address in addresses()] + own
    pages = {url: administrator.get(url) for url in walked if "mailbox" not in url}
    read = {url: page for url, page in pages.items() if page.status_code == 200 and page["Content-Type"].startswith("text/")}
    shown = {url: page.getvalue().decode() for url, page in read.items()}
    assert any(f"/unsubscribe/{COVER}/" in shown[url] for url in own)
    found = {url: [word for word in _WORD.findall(text) if word not in (COVER, "example")] for url, text in shown.items()}
    assert {url: words for url, words in found.items() if words} == {}


@pytest.mark.parametrize("quote", ["", "%3A"])
@given(said=st.lists(st.text(max_size=40), min_size=1, max_size=3), before=st.text(max_size=20), after=st.text(max_size=20))
def test_every_signed_word_is_cut_off_and_nothing_else(quote: str, said: list[str], before: str, after: str) -> None:
    before, after = before.replace("/", ""), after.replace("/", "")
    for word in (signing.dumps(said, salt="x"), signing.Signer(salt="x").sign_object(said)):
        word = word.replace(":", quote) if quote else word
        text = f"{before} https://a.example/verify/{word}/ {after}"
        assert covered(text) == f"{before} https://a.example/verify/{COVER}/ {after}"


def test_addresses_without_a_signed_word_stay() -> None:
    text = "http://localhost:8000/r/ABCD1234/ and https://a.example/terms/share-the-view-terms/1/ at 10:30"
    assert covered(text) == text
