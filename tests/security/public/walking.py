"""Every address that needs no log-in and no session, found in the routes themselves, so that a new page is walked without being named here."""

from dataclasses import dataclass

from django.urls import reverse

from campaigns.models import Brand
from customers.urls import urlpatterns as of_terms
from notices import unsubscribing
from notices.public_urls import urlpatterns as of_notices
from referrals import tokens
from referrals.models import Referral, SubstituteOffer
from referrals.sharing import chat_pictures
from referrals.urls import urlpatterns as of_codes
from tests.make import AT

FOR_PROVIDERS = {"email_events", "sms_status", "sms_replies"}
"""Asked by providers of mail and SMS, not by people; tried in `tests/security/test_inbound_webhooks.py`."""


@dataclass(frozen=True)
class Address:
    """One page: the name of its route and where it is."""

    name: str
    url: str

    @property
    def is_words(self) -> bool:
        """Whether it is read, not a picture or a paper."""
        return not self.url.endswith((".svg", ".png", ".pdf"))


def addresses(referral: Referral) -> list[Address]:
    """All of them, for a friend who signed up: their code, their mailed links, an offer that waits for an answer, the terms."""
    code, campaign = referral.code, referral.campaign
    offer = SubstituteOffer.objects.select_related("promise__loan").get()
    assert campaign.campaign_terms is not None
    values = {
        "code": code.code,
        "token": tokens.make_verification(referral, at=AT),
        "word": unsubscribing.address_for(referral.referee, "email").rstrip("/").rsplit("/", 1)[1],
        "slug": campaign.slug,
        "version": chat_pictures.version_of(campaign, Brand.current()),
    }
    of_terms_page = {"slug": campaign.campaign_terms.slug, "number": campaign.campaign_terms.versions.latest("number").number}
    special = {"substitute": {"token": tokens.make_answer(offer)}, "terms": of_terms_page}
    routes = [route for route in (*of_codes, *of_notices, *of_terms) if route.name not in FOR_PROVIDERS]
    found = [Address("home", "/")]
    for route in routes:
        wanted = route.pattern.converters
        given = special.get(str(route.name)) or {name: values[name] for name in wanted}
        found.append(Address(str(route.name), reverse(str(route.name), kwargs=given)))
    return found
