"""The demo world is made by the real verbs, and never over real data."""

import logging
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from audit import verifying
from audit.models import Entry
from campaigns.models import Campaign
from config.demo import filling, voices
from customers.models import Acceptance, Customer
from equipment.models import ConditionReport, EquipmentModel, Loan
from equipment.receipts import IN_PERSON
from notices.models import Notice, Sequence
from referrals.models import Feedback, HelpRequest, Referral, Story
from rewards.models import Reward
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import give, issue_to, sign_up, verify

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_short_demo_world_is_complete_and_its_trail_intact(settings: LazySettings, caplog: pytest.LogCaptureFixture) -> None:
    settings.DEMO = True
    steps: list[str] = []
    with caplog.at_level(logging.ERROR):
        filling.fill(at=NOW, days=6, customers=120, progress=steps.append)
    assert caplog.records == []
    assert (Customer.objects.filter(external_id__startswith="D").count(), EquipmentModel.objects.count()) == (120, 6)
    assert set(Campaign.objects.values_list("state", flat=True)) == {"live", "draft"}
    assert Referral.objects.exists()
    assert {"sent", "suppressed"} <= set(Notice.objects.filter(is_marketing=True).values_list("state", flat=True))
    assert Loan.objects.filter(state="on_loan").exists()
    assert Sequence.objects.filter(is_on=False).exists()
    assert HelpRequest.objects.filter(state="open").count() == 2
    assert Reward.objects.filter(state="held").exists(), "somebody has something to decide"
    assert verifying.verify().is_intact
    assert len(steps) == 6 + 2
    assert set(ConditionReport.objects.values_list("by", flat=True)) == {"staff:hana"}, "what people do is not said of the system"
    ways = set(Acceptance.objects.values_list("how", flat=True))
    assert ways == {"web page", IN_PERSON}, "ways that customers' copies of their data say in their language"


@pytest.mark.django_db(transaction=True)
def test_a_world_made_early_in_the_morning_knows_nothing_of_the_day_to_come(settings: LazySettings) -> None:
    settings.DEMO = True
    early = NOW.replace(hour=2)
    filling.fill(at=early, days=14, customers=80, progress=lambda what: None)
    came_in = ConditionReport.objects.filter(direction="in")
    assert came_in.exists() and not came_in.filter(accessories=[]).exists(), "what went out came back whole"
    assert list(Entry.objects.filter(at__gt=early).values_list("event", "at")) == []


@pytest.mark.django_db
def test_who_brought_something_back_says_how_it_was_and_the_desk_reads_it() -> None:
    campaign = make_campaign(pool=make_pool(units=4))
    give(verify(sign_up(issue_to(make_customer("Asha Rao"), campaign))))
    loan = Loan.objects.get(borrower__name="Ben Okoro")
    chance = random.Random(1)
    for hour in range(60):
        voices.after_a_loan(chance, loan, at=NOW + timedelta(hours=hour))
        if Story.objects.exists():
            break
    assert Feedback.objects.filter(campaign=campaign, about=loan.reference).exists()
    assert loan.pool.model.name in Story.objects.get(state="submitted", shown_name="Ben").text
    voices.read_stories(at=NOW + timedelta(days=2))
    assert Story.objects.filter(state="submitted").exists(), "today there is something to read"
    voices.read_stories(at=NOW + timedelta(days=9))
    assert Story.objects.filter(state="published").exists()


@pytest.mark.django_db
def test_there_is_a_log_in_for_each_role_and_its_password_is_fresh() -> None:
    made = filling.make_colleagues()
    assert {role for _, role, _ in made} == {
        "Marketing manager", "Campaign editor", "Approver", "Accounts", "Handover desk", "Auditor", "Administrator",
    }  # fmt: skip
    assert User.objects.get(username="eve").check_password(made[0][2])
    assert all(User.objects.values_list("email", flat=True)), "a test of a text goes to the mailbox of whoever asks for it"
    assert filling.make_colleagues()[0][2] != made[0][2]


@pytest.mark.django_db
def test_it_is_never_made_over_real_data_or_without_being_asked_for(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(filling.DemoRefused, match="demo_off"):
        filling.fill(at=NOW, progress=lambda what: None)
    settings.DEMO = True
    make_campaign()
    with pytest.raises(filling.DemoRefused, match="not_empty"):
        filling.fill(at=NOW, progress=lambda what: None)
