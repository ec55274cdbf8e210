"""The share kit: everything there is to pass an invitation on, from one selector."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from audit.actors import Actor
from campaigns.models import Campaign
from customers.models import Customer
from referrals.models import Code
from referrals.sharing.kit import share_kit
from referrals.sharing.promo_codes import choose_promo_code
from tests.make import AT, make_campaign, make_tier
from tests.stories import issue_to

pytestmark = pytest.mark.django_db


def test_it_has_the_link_the_pictures_the_card_and_the_words(code: Code) -> None:
    kit = share_kit(code, at=AT)
    assert kit.link == f"http://testserver/r/{code.code}/"
    assert kit.join_address == "http://testserver/join/"
    assert (kit.qr_svg, kit.qr_png, kit.card) == (
        f"/r/{code.code}/qr.svg",
        f"/r/{code.code}/qr.png",
        f"/r/{code.code}/card.pdf",
    )
    assert "You get: Aero 7 camera, on loan for 14 days" in kit.text
    assert kit.message == f"{kit.text}\n\n{kit.link}"
    assert kit.closed is None
    assert not kit.is_own_text


def test_every_way_names_its_channel_in_the_link_it_carries(code: Code) -> None:
    ways = {way.name: way.href for way in share_kit(code, at=AT).ways}
    assert list(ways) == ["whatsapp", "sms", "email", "social"]
    for name, href in ways.items():
        assert f"{code.code}/?via={name}" in unquote(href)
        assert " " not in href and '"' not in href


def test_the_mail_has_its_subject_and_line_breaks_as_mail_wants_them(code: Code) -> None:
    href = next(way.href for way in share_kit(code, at=AT).ways if way.name == "email")
    fields = parse_qs(urlsplit(href).query)
    assert fields["subject"] == ["An invitation from Asha R."]
    assert "\r\n\r\nhttp://testserver/r/" in fields["body"][0]


def test_own_words_cannot_put_fields_into_a_mail(code: Code) -> None:
    code.invitation_text = "Hi&bcc=eve@example.org\r\nBcc: eve@example.org?cc=eve@example.org"
    href = next(way.href for way in share_kit(code, at=AT).ways if way.name == "email")
    assert set(parse_qs(urlsplit(href).query)) == {"subject", "body"}
    assert href.count("?") == 1 and "\r" not in href


def test_what_is_said_on_the_telephone_is_the_promo_code_where_there_is_one(code: Code, herself: Actor) -> None:
    assert share_kit(code, at=AT).spoken == code.code
    for text in ("ASHA-TENT", "ASHA-CAMERA"):
        choose_promo_code(code=code, text=text, at=AT, by=herself)
    kit = share_kit(code, at=AT)
    assert (kit.spoken, kit.promo_code, kit.past_promo_codes) == ("ASHA-CAMERA", "ASHA-CAMERA", ["ASHA-TENT"])


def test_it_says_when_nobody_can_join_by_the_code(code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    closed = share_kit(Code.objects.select_related("campaign", "customer").get(pk=code.pk), at=AT).closed
    assert closed is not None
    assert closed.title == "We are taking a short break"


def test_a_campaign_that_gives_the_friend_nothing_says_its_headline(asha: Customer) -> None:
    campaign = make_campaign(both_sides=False)
    make_tier(campaign, kind="credit", amount=5, title="5 EUR of credit")
    assert "Bring a friend, borrow a camera." in share_kit(issue_to(asha, campaign), at=AT).text
