"""Tests 2, 3, 15, 16, 18, 19 and 23 on all public pages: what looking changes, whom they name, what becomes HTML, where they lead."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Brand, Campaign, EligibilityRule, Tier
from customers.models import AgreementVersion, Customer
from equipment.models import EquipmentModel, Loan, Pool
from referrals.models import Code, Referral, Story, SubstituteOffer, Touch
from tests.make import AT
from tests.referrals.pages.rows import counts
from tests.security.forms import posted_forms
from tests.security.public.walking import Address, addresses
from tests.security.sign_in.test_headers import wrong_with
from tests.security.test_mass_assignment import payload, tampered

pytestmark = pytest.mark.django_db
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ settings.SECRET_KEY }}{% debug %}"
ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "data:text/html,x", " https://evil.example", "\thttps://evil.example", "/\r\nSet-Cookie: x=1",
    "http://testserver@evil.example/", "/%09/evil.example", "%2f%2fevil.example", ".evil.example", "@evil.example",
]  # fmt: skip
PARAMETERS = ("next", "url", "return", "lang", "touch", "for", "via", "asked", "path", "action", "redirect_to")


class Became(HTMLParser):
    """What of the hostile words a browser would take for tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {name}>" for name, value in attrs if name.startswith("on") or value == "x" and tag == "img"]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "alert(1)" in data:
            self.found.append("<script>")


def said(address: Address) -> str:
    """What a stranger reads there."""
    answer = Client().get(address.url)
    assert answer.status_code in (200, 302), (address, answer.status_code)
    return answer.content.decode()


def test_the_walk_knows_every_kind_of_page(ben: Referral) -> None:
    walked = addresses(ben)
    assert {"home", "landing", "join", "signed_up", "verify", "substitute", "unsubscribe", "terms", "remember", "card"} <= {
        address.name for address in walked
    }
    assert all(Client().get(address.url).status_code in (200, 302) for address in walked)


def test_looking_at_every_page_by_get_and_head_changes_nothing_but_the_count_of_visits(ben: Referral) -> None:
    before = counts()
    states = list(Referral.objects.values()), list(SubstituteOffer.objects.values()), list(Customer.objects.values())
    for address in addresses(ben):
        for _ in range(2):
            Client().head(address.url)
            Client().get(address.url)
    more = {name: number - before[name] for name, number in counts().items() if number != before[name]}
    more.pop("config.Tally", None)
    assert more == {"referrals.Touch": 2}
    assert states == (list(Referral.objects.values()), list(SubstituteOffer.objects.values()), list(Customer.objects.values()))


def test_no_page_names_more_of_anybody_than_a_first_name_and_an_initial(ben: Referral) -> None:
    asha, friend = ben.referrer, ben.referee
    Customer.objects.filter(pk=asha.pk).update(phone="+4930123456", city="Potsdam", external_id="crm-77", birth_year=1983)
    secret = (
        "Rao",
        "Okoro",
        asha.email,
        friend.email,
        asha.reference,
        friend.reference,
        "+4930123456",
        "Potsdam",
        "crm-77",
        "1983",
    )
    for address in addresses(ben):
        if address.is_words:
            text = said(address)
            # Whole words: three letters of a name turn up within signed words and tokens once in a while.
            assert [word for word in secret if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == [], address


def test_what_anybody_typed_is_shown_as_words_on_every_page(ben: Referral) -> None:
    Customer.objects.update(name=EVIL[:120])
    Campaign.objects.update(name=EVIL[:120], headline=EVIL[:120], pitch=EVIL)
    Brand.objects.update_or_create(pk=Brand.current().pk, defaults={"name": EVIL[:60], "greeting": EVIL[:60]})
    EquipmentModel.objects.update(name=EVIL[:120], summary=EVIL[:120], drawing=EVIL[:100])
    Pool.objects.update(place=EVIL[:80])
    Tier.objects.update(title=EVIL[:80])
    Story.objects.update(text=EVIL, shown_name=EVIL[:40])
    Code.objects.filter(pk=ben.code_id).update(invitation_text=EVIL)
    SubstituteOffer.objects.update(reason=EVIL[:200])
    EligibilityRule.objects.create(
        campaign=ben.campaign, side="referee", field="country", operator="is", value="DE", sentence=EVIL[:150]
    )
    AgreementVersion.objects.create(agreement=ben.campaign.campaign_terms, number=2, body=EVIL, sha256="e" * 64, published_at=AT)
    shown = 0
    for address in addresses(ben):
        if address.is_words:
            text = said(address)
            assert Became(text).found == [], address
            shown += "alert(1)" in text
    assert shown >= 5


def test_nothing_typed_into_an_address_becomes_html(ben: Referral) -> None:
    for address in addresses(ben):
        if address.is_words:
            text = Client().get(address.url, dict.fromkeys(PARAMETERS, EVIL)).content.decode()
            assert Became(text).found == [], address


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_page_leads_to_another_site(ben: Referral, wanted: str) -> None:
    asked = dict.fromkeys(PARAMETERS, wanted)
    for address in addresses(ben):
        for answer in (Client().get(address.url, asked), Client().post(f"{address.url}?lang=de", asked)):
            where = answer.headers.get("Location", "/")
            assert where.startswith("/") and not where.startswith(("//", "/\\")), (address, where)
            assert "evil.example" not in where.split("?")[0], (address, where)
    for path in (
        f"//evil.example/r/{ben.code.code}",
        f"/r/{ben.code.code}//evil.example",
        "//evil.example/..",
        "/join//evil.example",
    ):
        where = Client().get(path).headers.get("Location", "/")
        assert where.startswith("/") and not where.startswith("//"), (path, where)


def test_no_page_takes_a_file_and_one_that_is_sent_is_not_kept(ben: Referral) -> None:
    for address in addresses(ben):
        if address.is_words:
            text = said(address)
            assert "multipart/form-data" not in text, address
            assert not [one for form in posted_forms(text) for one in form.controls if one.kind == "file"], address


def test_refusals_have_every_header_and_are_kept_nowhere(ben: Referral) -> None:
    browser = Client()
    asked = {
        404: browser.get("/r/NOSUCHCODE/"),
        403: browser.post(f"/r/{ben.code.code}/", {"name": "Ben"}, headers={"sec-fetch-site": "cross-site"}),
        413: browser.post("/join/", {"code": "x" * 1_100_000}),
        405: browser.put(f"/r/{ben.code.code}/"),
    }
    for number in range(31):
        asked[429] = browser.get(f"/r/NOSUCH{number}/")
    for status, answer in asked.items():
        assert answer.status_code == status
        assert wrong_with(answer, is_desk=False) == [], status
        assert "Set-Cookie" not in answer, status


def test_a_sign_up_writes_no_column_it_does_not_ask_for(send: Callable[..., Any], code: Code) -> None:
    columns = payload(Customer, {"name", "email"}) | payload(Referral, set()) | payload(Loan, set()) | payload(Touch, set())
    extra = {name: value for name, value in columns.items() if name not in ("name", "email", "touch", "terms", "form", "accept")}
    assert len(extra) > 40
    assert send(**{**extra, "customer": str(code.customer_id), "referrer": "1", "verified": "on"}).status_code == 302
    (referral,) = Referral.objects.all()
    for row in (referral, referral.referee, referral.promises.get(side="referee").loan, code.customer, code):
        row.refresh_from_db()
        for field in row._meta.concrete_fields:
            assert getattr(row, field.attname) != tampered(field) or tampered(field) is None, (row, field.name)
    assert (referral.progress, referral.referee.membership, referral.referrer) == ("signed_up", "prospect", code.customer)


def test_the_reader_sees_what_a_browser_would() -> None:
    assert Became(f"<p>{EVIL}</p>").found == ["<script>", "<img src>", "<img onerror>"]
    assert Became('<p title="onerror=alert(1)">&lt;script&gt;alert(1)').found == []
