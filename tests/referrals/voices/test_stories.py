"""Stories: told with consent, read by the desk, shown to friends, gone when they are taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from audit.actors import SYSTEM, Actor, customer
from audit.models import Entry
from campaigns.models import Campaign
from customers import erasing
from customers.models import Customer
from referrals.models import Code, Story
from referrals.refusals import ReferralRefused
from referrals.states import StoryState
from referrals.voices.stories import decline_story, publish_story, published, stories_of, submit_story, withdraw_story
from tests.make import AT, make_campaign, make_customer

pytestmark = pytest.mark.django_db

WORDS = "The camera was a joy, and bringing it back took two minutes."


@pytest.fixture
def story(code: Code, asha: Customer, campaign: Campaign, herself: Actor) -> Story:
    return submit_story(customer=asha, campaign=campaign, text=WORDS, consents=True, at=AT, by=herself)


def page(client: Client, code: Code) -> str:
    return client.get(f"/r/{code.code}/").content.decode()


def test_a_story_is_shown_to_friends_only_after_the_desk_has_read_it(client: Client, code: Code, story: Story) -> None:
    assert WORDS not in page(client, code)
    publish_story(story=story, at=AT, by=SYSTEM)
    words = page(client, code)
    assert WORDS in words
    assert "Rao" not in words
    assert list(Entry.objects.filter(subject_type="story").order_by("n").values_list("event", flat=True)) == [
        "story.submitted",
        "story.published",
    ]


def test_no_words_of_a_story_are_on_the_trail(story: Story) -> None:
    assert not any("camera" in entry.data + entry.sentence for entry in Entry.objects.filter(subject_type="story"))


def test_a_declined_story_is_shown_to_nobody_and_its_teller_reads_why(
    client: Client, code: Code, story: Story, asha: Customer
) -> None:
    publish_story(story=story, at=AT, by=SYSTEM)
    decline_story(story=story, reason="It names somebody else.", at=AT, by=SYSTEM)
    assert WORDS not in page(client, code)
    assert stories_of(asha).get().state_reason == "It names somebody else."
    with pytest.raises(ReferralRefused) as refusal:
        decline_story(story=story, reason=" ", at=AT, by=SYSTEM)
    assert refusal.value.code == "reason_missing"


def test_taking_it_back_works_at_once_and_a_second_time_changes_nothing(
    client: Client, code: Code, story: Story, asha: Customer, herself: Actor
) -> None:
    publish_story(story=story, at=AT, by=SYSTEM)
    for _ in range(2):
        withdraw_story(story=story, at=AT, by=herself)
    assert WORDS not in page(client, code)
    assert not stories_of(asha).exists()
    assert Entry.objects.filter(event="story.withdrawn").count() == 1


def test_one_at_a_time_and_another_after_it_was_taken_back(
    story: Story, asha: Customer, campaign: Campaign, herself: Actor
) -> None:
    values = {"customer": asha, "campaign": campaign, "text": f"{WORDS} Again.", "consents": True, "at": AT, "by": herself}
    with pytest.raises(ReferralRefused) as refusal:
        submit_story(**values)  # type: ignore[arg-type]
    assert refusal.value.code == "story_known"
    withdraw_story(story=story, at=AT, by=herself)
    assert submit_story(**values).state == StoryState.SUBMITTED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "consents", "why"),
    [
        (WORDS, False, "consent_missing"),
        ("Nice.", True, "story_too_short"),
        ("x" * 601, True, "story_too_long"),
        ("x" * 10_000_000, True, "story_too_long"),
        (f"{WORDS} https://evil.example/", True, "story_has_a_link"),
        (f"{WORDS} Write to me at eve@evil.example", True, "story_has_a_link"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(
    code: Code, asha: Customer, campaign: Campaign, herself: Actor, text: str, consents: bool, why: str
) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        submit_story(customer=asha, campaign=campaign, text=text, consents=consents, at=AT, by=herself)
    assert (refusal.value.code, refusal.value.status) == (why, 422)
    assert not Story.objects.exists()


def test_only_who_takes_part_tells_a_story_and_only_their_own(asha: Customer, code: Code, story: Story, herself: Actor) -> None:
    with pytest.raises(ReferralRefused) as refusal:
        submit_story(customer=asha, campaign=make_campaign(), text=WORDS, consents=True, at=AT, by=herself)
    assert refusal.value.code == "not_taking_part"
    eve = customer(make_customer("Eve Lund").reference)
    with pytest.raises(PermissionDenied):
        submit_story(customer=asha, campaign=code.campaign, text=WORDS, consents=True, at=AT, by=eve)
    with pytest.raises(PermissionDenied):
        withdraw_story(story=story, at=AT, by=eve)
    with pytest.raises(PermissionDenied):
        publish_story(story=story, at=AT, by=herself)


def test_scripts_in_a_story_are_shown_as_text(client: Client, code: Code, story: Story) -> None:
    Story.objects.filter(pk=story.pk).update(text="<script>alert(1)</script> and more", shown_name="<img src=x>")
    publish_story(story=story, at=AT, by=SYSTEM)
    words = page(client, code)
    assert "<script>alert" not in words and "<img src=x>" not in words
    assert "&lt;script&gt;" in words


def test_the_newest_three_are_shown(client: Client, code: Code, campaign: Campaign) -> None:
    for number in range(5):
        person = make_customer(f"Friend{number} Lund")
        Story.objects.create(
            campaign=campaign, customer=person, text=f"Story number {number} of five.", shown_name="F", consented_at=AT, submitted_at=AT,
            state="published", decided_at=AT + timedelta(minutes=number),
        )  # fmt: skip
    assert [row.text[13] for row in published(campaign)] == ["4", "3", "2"]


def test_erasing_the_customer_takes_the_story_off_the_page_and_its_words_away(client: Client, code: Code, story: Story) -> None:
    publish_story(story=story, at=AT, by=SYSTEM)
    erasing.erase(customer=story.customer, reason="Asked for it.", at=AT, by=SYSTEM)
    story.refresh_from_db()
    assert (story.text, story.shown_name, story.state) == ("", "", StoryState.WITHDRAWN)
    assert WORDS not in page(client, code)


def test_the_database_refuses_a_second_open_story_a_decline_without_reason_and_a_shown_one_without_words(story: Story) -> None:
    values = {"campaign": story.campaign, "customer": story.customer, "consented_at": AT, "submitted_at": AT}
    for wrong in ({"text": WORDS}, {"state": "declined", "text": WORDS}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Story.objects.create(**values, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(text="")
