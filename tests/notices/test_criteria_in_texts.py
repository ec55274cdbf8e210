"""A text states who can take part: as many whole sentences as it has room for, and the link leads to the rest."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from campaigns import criteria, recipes
from campaigns.models import Brand, Campaign
from campaigns.states import Side
from customers.models import Customer
from notices import outbox, publishing
from notices.examples import example_customer
from notices.fitting import as_many_as_fit
from notices.kinds import KINDS
from notices.models import Notice, Template
from notices.previewing import preview
from notices.refusals import NoticeRefused
from notices.segments import MOST, count, plain
from notices.states import Channel, NoticeState
from rewards import jobs
from rewards.models import Reward
from tests.admin.conftest import clock, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer, make_model, make_pool
from tests.notices.samples import facts_for, queued
from tests.occasions import STORIES
from tests.rewards.given import DAY, earned
from tests.stories import hand_over

__all__ = ["clock", "manager", "signed_in_as"]

URGENT = sorted(kind.name for kind in KINDS.values() if kind.is_urgent)
SKUS = ("aero-7-camera", "tent-4", "cargo-ebike", "field-spectrometer", "projector-xl", "rowing-machine")
PHONE = "+491701234567"

sentences = st.lists(st.text(st.sampled_from("abcdeä€ł🎁 .–"), min_size=1, max_size=180).filter(str.strip), max_size=8)
frames = st.tuples(st.text("xyz ", max_size=300), st.text("xyz ", max_size=300))


@pytest.fixture
def texts_are_on(settings: Any, tmp_path: Path) -> None:
    settings.SMS_PROVIDER = "file"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)


def text_of(kind: str) -> Notice:
    return Notice.objects.filter(kind=kind, channel=Channel.SMS).latest("pk")


def told(campaign: Campaign, side: Side, language: str = "en") -> list[str]:
    with translation.override(language):
        return criteria.sentences(campaign, side)


def old_words(body: str, kind: str = "loan_overdue") -> None:
    """A text as it may have been published before texts had to state the criteria, or none that fits."""
    Template.objects.create(
        kind=kind, channel=Channel.SMS, language="en", version=9, subject="", body=body, state="published", published_at=AT
    )


@given(sentences=sentences, frame=frames)
def test_a_text_never_gets_longer_than_allowed_unless_its_words_with_the_first_sentence_are(
    sentences: list[str], frame: tuple[str, str]
) -> None:
    def filled(words: str) -> str:
        return f"{frame[0]}{words}{frame[1]}"

    kept = as_many_as_fit(sentences, filled=filled)
    first = " ".join(sentences[0].split()) if sentences else ""
    assert count(plain(filled(kept)).strip()).parts <= max(MOST, count(plain(filled(first)).strip()).parts)


@given(sentences=sentences, frame=frames)
def test_sentences_are_kept_whole_in_their_order_and_one_more_would_not_have_fitted(
    sentences: list[str], frame: tuple[str, str]
) -> None:
    def filled(words: str) -> str:
        return f"{frame[0]}{words}{frame[1]}"

    tidy = [" ".join(sentence.split()) for sentence in sentences]
    beginnings = [" ".join(tidy[:length]) for length in range(len(tidy) + 1)]
    kept = as_many_as_fit(sentences, filled=filled)
    length = beginnings.index(kept)
    assert length >= min(1, len(tidy))
    if length < len(tidy):
        assert count(plain(filled(beginnings[length + 1])).strip()).parts > MOST


def test_what_does_not_fit_is_dropped_from_the_end() -> None:
    assert as_many_as_fit(["One.", "T" * 200 + ".", "Three."], filled="{}".format, most=1) == "One."
    assert as_many_as_fit(["O" * 200 + ".", "Two."], filled="{}".format, most=1) == "O" * 200 + "."
    assert as_many_as_fit(["One\n- more.", "Two."], filled="{}".format, most=1) == "One - more. Two."
    assert as_many_as_fit([], filled="{}".format) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("side", list(Side))
def test_a_text_states_the_criteria_of_the_readers_side_and_the_mail_those_of_both(texts_are_on: None, side: Side) -> None:
    campaign = make_campaign(referrer_cap=3)
    mail = queued("loan_overdue", to=make_customer(phone=PHONE), campaign=campaign, side=side)
    other = Side.REFEREE if side == Side.REFERRER else Side.REFERRER
    text = text_of("loan_overdue").body_text
    assert f"Conditions: {' '.join(told(campaign, side))}\n" in text
    assert told(campaign, other)[0] not in text
    assert all(sentence in mail.body_text for one in Side for sentence in told(campaign, one))


@pytest.mark.django_db
def test_a_text_to_somebody_whose_side_is_not_known_says_whom_it_means(texts_are_on: None) -> None:
    campaign = make_campaign()
    queued("loan_overdue", to=make_customer(phone=PHONE), campaign=campaign)
    text = text_of("loan_overdue").body_text
    assert f"If you refer a friend: {told(campaign, Side.REFERRER)[0]}" in text
    assert f"If a friend referred you: {told(campaign, Side.REFEREE)[0]}" in text


@pytest.mark.django_db
def test_a_text_drops_whole_sentences_until_it_fits_and_links_all_the_terms(texts_are_on: None) -> None:
    campaign = make_campaign(referrer_cap=3, proof="n_purchases", proof_count=2, proof_amount=25, ends_at=AT + 30 * DAY)
    queued("loan_overdue", to=make_customer(phone=PHONE), campaign=campaign, side=Side.REFERRER, facts={"place": "P" * 130})
    text = text_of("loan_overdue")
    first, *others = told(campaign, Side.REFERRER)
    assert text.state == NoticeState.QUEUED and count(text.body_text).parts <= MOST
    assert f"Conditions: {first}" in text.body_text and others[-1] not in text.body_text
    assert "http://testserver/terms/campaign-terms/1/" in text.body_text


@pytest.mark.django_db
def test_a_text_that_has_no_room_for_even_one_sentence_is_not_sent(texts_are_on: None) -> None:
    campaign = make_campaign()
    to = make_customer(phone=PHONE)
    room = 153 * MOST - 40
    old_words("P" * room + " {{ criteria }}")
    queued("loan_overdue", to=to, campaign=campaign, side=Side.REFERRER)
    text = text_of("loan_overdue")
    assert text.state == NoticeState.SUPPRESSED and "SMS, and 3 are the most" in text.reason
    assert told(campaign, Side.REFERRER)[0] in text.body_text


@pytest.mark.django_db
def test_a_text_published_before_it_had_to_state_them_is_sent_as_it_is(texts_are_on: None) -> None:
    old_words("Back? {{ terms_url }}")
    queued("loan_overdue", to=make_customer(phone=PHONE), side=Side.REFERRER)
    assert text_of("loan_overdue").body_text == "Back? http://testserver/terms/campaign-terms/1/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"), [("Back? {{ terms_url }}", "criteria_missing"), ("Back? {{ criteria }}", "terms_missing")]
)
def test_a_text_without_criteria_or_terms_is_not_published(body: str, code: str) -> None:
    words: dict[str, Any] = {"kind": "loan_overdue", "channel": Channel.SMS, "subject": "", "at": AT, "by": SYSTEM}
    lacking = publishing.draft(body=body, **words)
    with pytest.raises(NoticeRefused) as refusal:
        publishing.publish(template=lacking, at=AT, by=SYSTEM)
    assert refusal.value.code == code


@pytest.mark.django_db
@pytest.mark.parametrize("kind", URGENT)
def test_what_leads_to_an_urgent_text_says_on_which_side_its_reader_stands(
    texts_are_on: None, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    sides: list[tuple[str, Side | None]] = []
    queue = outbox.queue

    def noted(of: str, **given: Any) -> Notice:
        sides.append((of, given.get("side")))
        return queue(of, **given)

    monkeypatch.setattr(outbox, "queue", noted)
    STORIES[kind]("en")
    assert {side for of, side in sides if of == kind} == {Side.REFERRER}


@pytest.mark.django_db
def test_a_friend_reads_a_friends_criteria_in_the_text_about_their_own_loan(texts_are_on: None) -> None:
    campaign = make_campaign(pool=make_pool(open_days="1111111"))
    reward = Reward.objects.get(referral=earned(campaign).referral, side=Side.REFEREE)
    Customer.objects.filter(pk=reward.beneficiary_id).update(phone=PHONE)
    assert reward.loan is not None
    loan = hand_over(reward.loan, reward.loan.pool.units.order_by("pk")[0])
    assert loan.due_at is not None
    jobs.remind_borrowers(loan.due_at - DAY / 2)
    text = Notice.objects.get(kind="loan_due_today", channel=Channel.SMS).body_text
    assert " ".join(told(campaign, Side.REFEREE)) in text


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(recipes.shipped()))
def test_the_shipped_texts_state_criteria_of_every_shipped_recipe_within_three_messages(
    texts_are_on: None, settings: Any, name: str
) -> None:
    settings.SITE_URL = "https://referrals.a-shop-of-some-length.example"
    Brand.objects.create(pk=1, name="Lakeside Outdoor Rental")
    for sku in SKUS:
        make_pool(model=make_model("Family tent for four people", sku=sku), place="Berlin, Friedrichstrasse 100")
    campaign = recipes.load(recipe=recipes.parse(recipes.shipped()[name].read_text(encoding="utf-8")), at=AT, by=SYSTEM)
    long = {"item": "Family tent for four people", "place": "Berlin, Friedrichstrasse 100"}
    number = 0
    for language in ("en", "de"):
        for side in Side:
            for kind in URGENT:
                number += 1
                to = make_customer(phone=f"+4917012345{number:02}", language=language)
                facts = {name: long.get(name, fact) for name, fact in facts_for(kind).items()}
                outbox.queue(kind, to=to, about=f"x{number}", facts=facts, at=AT, campaign=campaign, side=side)
                text = Notice.objects.get(customer=to, channel=Channel.SMS)
                assert text.state == NoticeState.QUEUED, (language, side, kind, text.reason)
                assert count(text.body_text).parts <= MOST and count(text.body_text).alphabet == "GSM-7"
                assert plain(told(campaign, side, language)[0]) in text.body_text and campaign.campaign_terms is not None
                assert campaign.campaign_terms.slug in text.body_text


@pytest.mark.django_db
def test_the_tab_shows_what_the_text_states_and_how_many_messages_it_makes(manager: Client) -> None:
    campaign = make_campaign()
    page = manager.get(f"/admin/campaigns/{campaign.slug}/messages/", {"kind": "loan_overdue", "channel": "sms"})
    shown = page.content.decode()
    assert f"Conditions: {' '.join(told(campaign, Side.REFERRER))}" in page.context["seen"].text
    assert page.context["seen"].sms.parts <= MOST and page.context["seen"].sms.words in shown
    assert "as many sentences as fit into 3 messages" in " ".join(shown.split())


@pytest.mark.django_db
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_tab_shows_the_text_as_each_side_reads_it_and_keeps_the_side(manager: Client, side: Side, language: str) -> None:
    campaign = make_campaign(referrer_cap=3)
    base, chosen = f"/admin/campaigns/{campaign.slug}/messages/", {"kind": "loan_overdue", "channel": "sms", "language": language}
    page = manager.get(base, {**chosen, "side": side})
    other = Side.REFEREE if side == Side.REFERRER else Side.REFERRER
    assert " ".join(told(campaign, side, language)) in page.context["seen"].text
    assert not any(sentence in page.context["seen"].text for sentence in told(campaign, other, language))
    shown = page.content.decode()
    assert re.findall(r'<a href="([^"]*)" aria-current="true">(?:Somebody who refers|A friend)</a>', shown) == [
        f"?channel=sms&amp;kind=loan_overdue&amp;language={language}&amp;side={side}#preview"
    ]
    # In the links to other texts, and with the search, the draft and the buttons.
    assert shown.count(f"language=de&amp;side={side}#preview") >= len(KINDS)
    assert shown.count(f'name="side" value="{side}"') == 3
    drafted = manager.post(base, {**chosen, "side": side, "action": "draft", "body": "{{ criteria }} {{ terms_url }}"})
    assert drafted["Location"].endswith(f"&side={side}")


@pytest.mark.django_db
def test_a_mail_says_the_same_to_both_sides_so_there_is_no_switch(manager: Client) -> None:
    page = manager.get(f"/admin/campaigns/{make_campaign().slug}/messages/", {"kind": "loan_overdue", "side": "referee"})
    assert "Who reads it" not in page.content.decode() and 'name="side"' not in page.content.decode()


@pytest.mark.django_db
def test_a_text_that_does_not_always_know_its_reader_is_read_for_both_sides_first(manager: Client) -> None:
    campaign = make_campaign()
    words = "{{ criteria }} {{ terms_url }}"
    publishing.draft(kind="loan_returned", channel=Channel.SMS, subject="", body=words, campaign=campaign, at=AT, by=SYSTEM)
    base, chosen = f"/admin/campaigns/{campaign.slug}/messages/", {"kind": "loan_returned", "channel": "sms"}
    both, friend = manager.get(base, {**chosen, "side": "nobody"}), manager.get(base, {**chosen, "side": "referee"})
    assert "If you refer a friend: " in both.context["seen"].text and 'aria-current="true">Not known' in both.content.decode()
    assert friend.context["seen"].text.startswith(told(campaign, Side.REFEREE)[0])


@pytest.mark.django_db
def test_a_preview_drops_what_a_text_would_drop() -> None:
    campaign = make_campaign(referrer_cap=3, proof="n_purchases", proof_count=2, proof_amount=25, ends_at=AT + 30 * DAY)
    long = Template(kind="loan_overdue", channel=Channel.SMS, language="en", body="P" * 250 + " {{ criteria }} {{ terms_url }}")
    seen = preview(long, campaign, to=example_customer("en"), at=AT)
    assert seen.sms is not None and seen.sms.parts == MOST
    assert told(campaign, Side.REFERRER)[0] in seen.text and told(campaign, Side.REFERRER)[-1] not in seen.text
