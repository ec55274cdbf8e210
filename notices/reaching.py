"""Whom news by mail would reach, for many customers at once: the answers of `suppressing.why_not` and the cap, in a handful of queries."""

from collections.abc import Iterable
from datetime import datetime

from campaigns.models import Brand, Campaign
from customers.models import Consent, Customer
from notices import pacing
from notices.models import Suppression
from notices.states import Channel
from notices.suppressing import ERASED, NO_ADDRESS, NO_CONSENT, ON_THE_LIST, address_hash


def reasons_against(customers: Iterable[Customer], *, at: datetime, campaign: Campaign | None = None) -> dict[int, str]:
    """Why news, about this campaign if one is named, would not reach these customers, by key; those it would reach are not in it.

    Five queries at most, however many they are.
    """
    people = {customer.pk: customer for customer in customers}
    hashes = {pk: address_hash(person.email, Channel.EMAIL) for pk, person in people.items() if person.email}
    on_the_list = _on_the_list(hashes.values())
    wanting = _wanting(people)
    brand = Brand.current()
    heard = pacing.heard_by(people, at=at, days=brand.news_cap_days)
    about = _over_cap_of(campaign, people, at) if campaign and campaign.news_cap is not None else {}
    found = {}
    for pk, person in people.items():
        if person.erased_at is not None:
            found[pk] = ERASED
        elif not person.email:
            found[pk] = NO_ADDRESS
        elif hashes[pk] in on_the_list:
            found[pk] = ON_THE_LIST
        elif pk not in wanting:
            found[pk] = NO_CONSENT
        elif heard.get(pk, 0) >= brand.news_cap:
            found[pk] = pacing.too_many(heard.get(pk, 0), brand)
        elif pk in about:
            found[pk] = about[pk]
    return found


def _on_the_list(hashes: Iterable[str]) -> set[str]:
    rows = Suppression.objects.filter(channel=Channel.EMAIL, address_hash__in=list(hashes))
    return set(rows.values_list("address_hash", flat=True))


def _wanting(people: Iterable[int]) -> set[int]:
    """Whose newest word about news by mail is a yes."""
    words = Consent.objects.filter(customer__in=list(people), channel=Channel.EMAIL, purpose="marketing").order_by("at", "id")
    newest = dict(words.values_list("customer", "is_given"))
    return {pk for pk, is_given in newest.items() if is_given}


def _over_cap_of(campaign: Campaign, people: Iterable[int], at: datetime) -> dict[int, str]:
    assert campaign.news_cap is not None
    heard = pacing.heard_by(people, at=at, days=campaign.news_cap_days, campaign=campaign)
    return {pk: pacing.too_many_about(heard.get(pk, 0), campaign) for pk in people if heard.get(pk, 0) >= campaign.news_cap}
