"""A code drawn: as QR codes on the screen, and on a card to print. They never change, because a code never does."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from campaigns import gift_words, offers
from campaigns.states import Side
from customers.models import AgreementVersion
from desk import paper
from referrals import wording
from referrals.links import link_of
from referrals.models import Code

_KEPT = 256
"""Pictures kept in each process; drawing one takes some hundredths of a second."""
_STYLE = "1"
"""Part of every tag: count it up when pictures are drawn differently, so that kept ones are asked for again."""


@dataclass(frozen=True)
class Card:
    """What the printed card says. It promises no unit: what is free stands on the page the QR code opens."""

    code: Code
    inviter: str
    headline: str
    gifts: Sequence[str]
    spoken: str
    join_address: str
    terms: AgreementVersion | None
    terms_address: str
    link: str


def svg(code: Code) -> bytes:
    """The QR code of the link as SVG."""
    return _svg(link_of(code, "qr"))


def png(code: Code) -> bytes:
    """The QR code of the link as PNG, large enough for print."""
    return _png(link_of(code, "qr"))


def tag_of(code: Code, *more: str) -> str:
    """An entity tag (RFC 9110) that is equal as long as the picture is."""
    text = "\n".join([_STYLE, link_of(code), *more])
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def card_of(code: Code, *, at: datetime) -> Card:
    """The card for `code` as of `at`."""
    campaign = code.campaign
    terms = campaign.campaign_terms.current() if campaign.campaign_terms else None
    return Card(
        code=code,
        inviter=wording.short_name(code.customer.name),
        headline=campaign.offer,
        gifts=[gift_words.gift(due) for due in offers.due(campaign, Side.REFEREE, nth=1, at=at)],
        spoken=code.promo_code or code.code,
        join_address=_bare(reverse("join")),
        terms=terms,
        terms_address=_bare(terms.get_absolute_url()) if terms else "",
        link=link_of(code, "card"),
    )


def draw(html: str, card: Card) -> bytes:
    """The card as a PDF, from the text of its template. Outside of any transaction: it takes a second."""
    return paper.pdf(html, pictures={"code.svg": _svg(card.link)})


def _bare(path: str) -> str:
    """An address as it is printed: without the scheme, which nobody types."""
    site = urlsplit(settings.SITE_URL)
    return f"{site.netloc}{site.path}{path}"


@lru_cache(maxsize=_KEPT)
def _svg(text: str) -> bytes:
    return paper.qr_svg(text)


@lru_cache(maxsize=_KEPT)
def _png(text: str) -> bytes:
    return paper.qr_png(text)
