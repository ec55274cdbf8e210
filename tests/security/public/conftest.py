"""Asha's open invitation, what Ben types there, Ben signed up with something of everything, and the clock of the public pages' tests."""

from datetime import timedelta

import pytest

from audit.actors import SYSTEM
from referrals.models import Code, Referral, SubstituteOffer
from referrals.voices import stories
from tests.make import AT
from tests.notices.conftest import mail_server
from tests.referrals.conftest import asha, campaign, code, pool
from tests.referrals.pages.conftest import browser, clock, link, referral, send, typed
from tests.stories import sign_up

__all__ = ["asha", "browser", "campaign", "clock", "code", "link", "mail_server", "pool", "referral", "send", "typed"]


@pytest.fixture
def ben(code: Code) -> Referral:
    """Ben has signed up, Asha told a story, and Ben is asked whether something else will do."""
    referral = sign_up(code)
    story = stories.submit_story(
        customer=code.customer, campaign=code.campaign, text="The camera was a joy to use.", consents=True, at=AT, by=SYSTEM
    )
    stories.publish_story(story=story, at=AT, by=SYSTEM)
    promise = referral.promises.order_by("pk")[0]
    SubstituteOffer.objects.create(
        promise=promise, loan=promise.loan, reason="It is free at once.", offered_at=AT, answer_by=AT + timedelta(days=3)
    )
    return referral
