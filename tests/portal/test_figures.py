"""A customer's figures: every way an invitation travels by is called by a word of the reader's language."""

import pytest
from django.utils import translation

from customers.models import Customer
from referrals import visits
from referrals.models import Code, Touch
from rewards.portal import figures
from tests.make import AT
from tests.portal.walking import inside

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("channel", sorted(visits.CHANNELS))
def test_every_way_that_is_stored_has_a_word_and_none_is_shown_as_it_is_stored(channel: str, language: str) -> None:
    with translation.override(language):
        assert figures.Way(channel, 1, 0, 0).label != channel
    assert channel in figures.CHANNELS


def test_nothing_is_called_alike_in_one_language() -> None:
    for language in ("en", "de"):
        with translation.override(language):
            labels = [figures.Way(channel, 1, 0, 0).label for channel in visits.CHANNELS]
        assert len(set(labels)) == len(visits.CHANNELS)


def test_who_came_by_a_social_network_stands_in_german_in_the_figures(code: Code) -> None:
    Customer.objects.filter(pk=code.customer_id).update(language="de")
    visits.record_visit(code_id=code.pk, at=AT, channel="social", user_agent="Mozilla/5.0 Firefox/140.0", address="192.0.2.1")
    assert Touch.objects.get().channel == "social"
    page = inside(code.customer).get("/my/numbers/", headers={"accept-language": "de"}).content.decode()
    assert "Soziales Netzwerk" in page and ">social<" not in page
