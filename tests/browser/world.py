"""A small world to look at: Asha's code in a live campaign, and friends at every stage."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Pool
from referrals import tokens
from referrals.models import Code, Referral
from tests.make import make_campaign, make_customer, make_model, make_pool
from tests.stories import issue_to

PITCH = "Your friend is happy with us and thinks you would be too. When you join, you both borrow it for two weeks."
TERMS = (
    "You may borrow the thing named in the offer for the days named there, free of charge.\n\n"
    "Collect it in person, look after it as if it were your own, and bring it back clean and complete on the day agreed.\n\n"
    "The offer holds once per person. We may end it at any time; what has been promised by then still stands."
)


@dataclass(frozen=True)
class World:
    """What there is to look at."""

    at: datetime
    pool: Pool
    campaign: Campaign
    asha: Customer
    code: Code


def make_world() -> World:
    """A live campaign lending four cameras, and Asha with her code."""
    at = timezone.now()
    model = make_model(summary="Mirrorless camera with two lenses", drawing="img/models/aero-7-camera.svg")
    pool = make_pool(units=4, model=model)
    campaign = make_campaign(pool=pool, pitch=PITCH)
    asha = make_customer("Asha Rao")
    return World(at, pool, campaign, asha, issue_to(asha, campaign, at))


def verification_path(referral: Referral) -> str:
    """The path of the link in the friend's mail."""
    return f"/verify/{tokens.make_verification(referral, at=timezone.now())}/"
