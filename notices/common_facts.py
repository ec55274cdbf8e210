"""The facts every notice carries without being asked: the reader's name, the brand's voice, the criteria and the terms."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from campaigns import criteria, voice
from campaigns.models import Brand, Campaign
from campaigns.states import Side
from customers.models import Customer
from notices import unsubscribing
from notices.refusals import NoticeRefused
from notices.states import Channel

_SIDES = {Side.REFERRER: _("If you refer a friend"), Side.REFEREE: _("If a friend referred you")}


def common_facts(*, to: Customer, campaign: Campaign | None, language: str, channel: Channel = Channel.EMAIL) -> dict[str, str]:
    """Facts for the placeholders of `kinds.COMMON`. Without a campaign, criteria and terms are empty.

    Refuses with `terms_missing` a campaign without published terms.
    """
    brand = Brand.current()
    return {
        "name": to.first_name(),
        "brand_name": brand.name,
        "greeting": voice.greeting(brand, language),
        "sign_off": voice.sign_off(brand, language),
        "criteria": criteria_of(campaign, language) if campaign else "",
        "terms_url": terms_url_of(campaign) if campaign else "",
        "site_url": settings.SITE_URL,
        "unsubscribe_url": unsubscribing.address_for(to, channel),
    }


def criteria_of(campaign: Campaign, language: str) -> str:
    """What the campaign asks of both sides, a line each, in `language`; sentences that staff wrote stay as they are."""
    with translation.override(language):
        return "\n".join(f"{label}: {criteria.text(campaign, side)}" for side, label in _SIDES.items())


def sentences_of(campaign: Campaign, language: str, side: Side | None) -> list[str]:
    """The same, sentence by sentence: of the reader's side, or of both, each led by whom it is about, where that is not known."""
    with translation.override(language):
        if side is not None:
            return criteria.sentences(campaign, side)
        return [sentence for side, label in _SIDES.items() for sentence in _led(str(label), criteria.sentences(campaign, side))]


def _led(label: str, sentences: list[str]) -> list[str]:
    first, *others = sentences
    return [f"{label}: {first}", *others]


def terms_url_of(campaign: Campaign) -> str:
    """The full address of the campaign's current terms. Refuses with `terms_missing`."""
    version = campaign.campaign_terms.current() if campaign.campaign_terms else None
    if version is None:
        raise NoticeRefused(
            "terms_missing",
            f"The campaign “{campaign.name}” has no published terms, and every notice links them. Publish them first.",
        )
    return f"{settings.SITE_URL}{version.get_absolute_url()}"
