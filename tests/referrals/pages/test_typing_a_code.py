"""A code typed by hand."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from audit.actors import SYSTEM
from referrals.models import Code, Credit, Touch
from referrals.sharing.promo_codes import choose_promo_code
from tests.make import AT, make_campaign, make_customer
from tests.stories import issue_to


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{}".lower(), "{0:.5}-{0}"])
def test_a_typed_code_leads_to_its_page(browser: Client, code: Code, spelling: str) -> None:
    text = spelling.format(code.code) if "0" not in spelling else f"{code.code[:5].lower()}-{code.code[5:]}"
    answer = browser.post("/join/", {"code": text})
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == f"/r/{code.code}/"


def test_it_is_one_visit_kept_as_typed_and_credited_as_such(browser: Client, code: Code, typed: dict[str, str]) -> None:
    page = browser.get(browser.post("/join/", {"code": code.code})["Location"])
    assert page.status_code == 200
    touch = Touch.objects.get()
    assert (touch.is_typed, touch.channel) == (True, "typed")
    browser.post(f"/r/{code.code}/", {**typed, "touch": page.context["form"].initial["touch"]})
    assert Credit.objects.get().touch == touch


def test_a_promo_code_works_like_the_code(browser: Client, code: Code) -> None:
    choose_promo_code(code=code, text="ASHA-CAMERA", at=AT, by=SYSTEM)
    assert browser.post("/join/", {"code": "asha-camera"}).status_code == 302


@pytest.mark.parametrize("text", ["NOSUCHCODE", "x" * 10_000, "\x00", "<script>alert(1)</script>", "💩", "%s%s", "' OR 1=1 --"])
def test_an_unknown_code_is_asked_for_again_and_stays_typed(browser: Client, db: None, text: str) -> None:
    answer = browser.post("/join/", {"code": text})
    assert answer.status_code == 404
    assert "We know no such code." in answer.content.decode()
    assert "<script" not in answer.content.decode()
    assert not Touch.objects.exists()


def test_nothing_typed_is_said_so(browser: Client, db: None) -> None:
    answer = browser.post("/join/", {})
    assert answer.status_code == 422
    assert "Type the code you were given." in answer.content.decode()


def test_the_word_of_another_campaigns_visit_is_not_taken(browser: Client, code: Code) -> None:
    other = issue_to(make_customer("Chloe Dubois"), make_campaign())
    query = urlsplit(browser.post("/join/", {"code": other.code})["Location"]).query
    browser.get(f"/r/{code.code}/?{query}")
    assert Touch.objects.filter(code=code, is_typed=False).count() == 1


def test_looking_changes_nothing_and_other_methods_are_refused(browser: Client, db: None) -> None:
    assert browser.get("/join/").status_code == 200
    assert browser.head("/join/").status_code == 200
    assert browser.put("/join/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/join/", {"code": "X"}).status_code == 404


def test_whoever_tries_many_codes_is_slowed_down(browser: Client, db: None) -> None:
    answers = [browser.post("/join/", {"code": f"NOSUCH{n}"}).status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
