"""What a chat shows of a shared link: a picture and words per campaign, never more than the page itself says."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from PIL import Image

from campaigns import logos
from campaigns.models import Brand, Campaign
from referrals.models import Code, Touch
from referrals.sharing import chat_pictures
from tests.campaigns.logos import logo
from tests.make import make_campaign

pytestmark = pytest.mark.django_db


def said(html: str) -> dict[str, str]:
    """The words of the page's head for chats."""
    return dict(re.findall(r'<meta (?:property|name)="([a-z:_]+)" content="([^"]*)">', html))


def test_the_page_says_who_invites_to_what_and_where_the_picture_is(client: Client, code: Code, campaign: Campaign) -> None:
    head = said(client.get(f"/r/{code.code}/").content.decode())
    assert head["og:title"] == "Asha R. invites you: Bring a friend, borrow a camera"
    assert head["og:description"].startswith("Aero 7 camera. Yours for 14 days, free of charge")
    assert head["og:url"] == f"http://testserver/r/{code.code}/"
    assert head["og:image"] == chat_pictures.address_of(campaign)
    assert head["robots"] == "noindex"


@pytest.mark.parametrize("kept", [0, 5])
def test_the_words_are_each_codes_own_when_the_page_is_kept(client: Client, code: Code, settings: object, kept: int) -> None:
    settings.LANDING_KEPT_SECONDS = kept  # type: ignore[attr-defined]
    for _ in range(2):
        assert said(client.get(f"/r/{code.code}/").content.decode())["og:url"] == f"http://testserver/r/{code.code}/"


def test_the_picture_is_of_the_size_chats_want_light_and_kept_for_ever(client: Client, campaign: Campaign) -> None:
    path = chat_pictures.address_of(campaign).removeprefix("http://testserver")
    answer = client.get(path)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 60_000
    assert "immutable" in answer["Cache-Control"]
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert not Touch.objects.exists()


def test_another_headline_or_brand_is_another_picture_and_the_old_address_leads_there(client: Client, campaign: Campaign) -> None:
    old = chat_pictures.address_of(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(headline="Something new")
    Brand.objects.create(pk=1, name="Borrowdale")
    campaign.refresh_from_db()
    new = chat_pictures.address_of(campaign)
    assert new != old
    assert client.get(old)["Location"] == new.removeprefix("http://testserver")


def test_a_page_in_german_has_its_picture_in_german_and_each_is_its_own(client: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(translations={"de": {campaign.headline: "Bring jemanden mit"}})
    english, german = (said(client.get(f"/r/{code.code}/?lang={it}").content.decode())["og:image"] for it in ("en", "de"))
    assert english != german
    pictures = [client.get(address.removeprefix("http://testserver")) for address in (english, german)]
    assert [picture.status_code for picture in pictures] == [200, 200]
    assert pictures[0].content != pictures[1].content


@pytest.mark.parametrize("version", ["467d87d6cab0", "fr-467d87d6cab0", "no-language-467d87d6cab0"])
def test_an_address_that_names_no_language_of_ours_leads_to_the_campaigns_own(
    client: Client, campaign: Campaign, version: str
) -> None:
    with override("en"):
        current = chat_pictures.version_of(campaign, Brand.current())
    answer = client.get(f"/chat/{campaign.slug}/{version}.png", headers={"accept-language": "de"})
    assert answer["Location"] == f"/chat/{campaign.slug}/{current}.png"


def colours(picture: Image.Image) -> int:
    """How much of the drawing's own green there is on the right-hand side."""
    found = picture.convert("RGB").crop((720, 100, 1200, 530)).getcolors(maxcolors=480 * 430) or []
    return sum(count for count, (red, green, blue) in found if abs(red - 0x2B) + abs(green - 0x8A) + abs(blue - 0x7B) < 24)


def test_it_shows_the_thing_that_is_lent_and_another_thing_is_another_picture(campaign: Campaign) -> None:
    brand = Brand(pk=1, colour="#7a1f3d")
    seen, versions = {}, set()
    for drawing in ("img/models/aero-7-camera.svg", "img/models/tent-4.svg", ""):
        campaign.equipment_model.drawing = drawing
        versions.add(chat_pictures.version_of(campaign, brand))
        seen[drawing] = colours(Image.open(io.BytesIO(chat_pictures.draw(campaign, brand))))
    assert len(versions) == 3
    assert seen["img/models/aero-7-camera.svg"] > 1000 and seen["img/models/tent-4.svg"] > 1000
    assert seen[""] == 0


@pytest.mark.parametrize(
    "drawing", ["img/models/nothing.svg", "../../secret.svg", "/etc/passwd", "\x00", "img/models", ".", "fonts/OFL.txt"]
)
def test_without_a_drawing_it_shows_the_mark_and_never_fails(campaign: Campaign, drawing: str) -> None:
    brand = Brand(pk=1)
    campaign.equipment_model.drawing = ""
    marked = chat_pictures.draw(campaign, brand)
    campaign.equipment_model.drawing = drawing
    assert chat_pictures.draw(campaign, brand) == marked


@pytest.mark.parametrize("state", ["draft", "scheduled", "archived"])
def test_the_words_of_a_campaign_that_is_not_out_are_not_shown(client: Client, state: str) -> None:
    path = chat_pictures.address_of(make_campaign(state=state))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "headline", ["x", "W" * 120, "Wide words " * 10, "<b>&amp;</b>", "Für alle, die Ⓐ mögen 💩", "\u202e evil"]
)
@pytest.mark.parametrize("colour", ["#ffffff", "#000000"])
def test_any_words_in_any_colour_are_drawn(headline: str, colour: str) -> None:
    campaign = make_campaign(headline=headline)
    brand = Brand(pk=1, name="B" * 60, colour=colour)
    picture = Image.open(io.BytesIO(chat_pictures.draw(campaign, brand))).convert("L")
    low, high = picture.getextrema()
    assert high - low > 100


def test_nothing_of_a_headline_is_html_in_the_head(client: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(headline='"><script>alert(1)</script>')
    assert "<script" not in client.get(f"/r/{code.code}/").content.decode()


def test_the_logo_stands_in_the_picture_on_white_and_another_one_is_another_picture(
    client: Client, campaign: Campaign, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    brand = Brand(pk=1, colour="#224488")
    plain = chat_pictures.version_of(campaign, brand)
    logos.put_on(brand, logos.read(io.BytesIO(logo(ink="#ee0000")), size=1))
    brand.save()
    assert chat_pictures.version_of(campaign, brand) != plain
    picture = Image.open(io.BytesIO(chat_pictures.draw(campaign, brand))).convert("RGB")
    found = {pixel for _, pixel in picture.crop((80, 40, 400, 140)).getcolors(40_000) or []}
    assert any(min(pixel) > 245 for pixel in found) and any(pixel[0] > 220 and pixel[1] < 40 for pixel in found)
