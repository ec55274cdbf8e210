"""Sequences: what follows when, once, to whom the condition still holds for, without a burst after an outage."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from audit import timeline
from audit.actors import SYSTEM, staff
from campaigns.models import Campaign
from customers.consenting import record_consent
from customers.models import Customer
from notices import jobs
from notices.models import Notice, Sequence
from notices.refusals import NoticeRefused
from notices.sequences import editing, following
from notices.sequences.editing import USUAL, USUAL_NAME, StepPart
from notices.sequences.planning import plan
from referrals import sequence_parts
from referrals.models import Code
from tests.make import AT, make_campaign, make_customer
from tests.referrals.visiting import opened_by
from tests.stories import issue_to

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def usual(campaign: Campaign, *, is_on: bool = True, **changes: Any) -> Sequence:
    values: dict[str, Any] = {"name": USUAL_NAME, "trigger": "code_issued", "steps": USUAL, **changes}
    sequence = editing.save(campaign=campaign, at=AT, by=SYSTEM, **values)
    if is_on:
        editing.switch(sequence=sequence, is_on=True, at=AT, by=SYSTEM)
    return sequence


def wants_news(name: str = "Asha Rao", **changes: Any) -> Customer:
    customer = make_customer(name, **changes)
    record_consent(customer=customer, channel="email", purpose="marketing", is_given=True, how="a box", at=AT, by=SYSTEM)
    return customer


def follow(until: datetime, every: timedelta = DAY, start: datetime = AT) -> list[str]:
    """Run the sweep from `start` on; answers the kinds that were written, in order."""
    at = start
    while at <= until:
        jobs.follow_sequences(at)
        jobs.follow_sequences(at)
        at += every
    return list(Notice.objects.order_by("created_at").values_list("kind", flat=True))


def test_whoever_does_nothing_is_reminded_after_four_and_after_fourteen_days_and_then_left_alone() -> None:
    campaign = make_campaign()
    usual(campaign)
    issue_to(wants_news(), campaign)
    assert follow(AT + 60 * DAY) == ["share_reminder", "share_last_reminder"]
    first, last = Notice.objects.order_by("created_at")
    assert (first.created_at - AT, last.created_at - AT) == (4 * DAY, 14 * DAY)
    assert first.is_marketing
    assert "http://testserver/r/" in first.body_text


def test_it_stops_as_soon_as_somebody_opens_the_link() -> None:
    campaign = make_campaign()
    usual(campaign)
    code = issue_to(wants_news(), campaign)
    assert follow(AT + 6 * DAY) == ["share_reminder"]
    opened_by(code, "Chloe", at=AT + 7 * DAY)
    assert follow(AT + 60 * DAY, start=AT + 7 * DAY) == ["share_reminder"]


def test_a_machine_that_opens_the_link_does_not_stop_it() -> None:
    campaign = make_campaign()
    usual(campaign)
    code = issue_to(wants_news(), campaign)
    opened_by(code, "Googlebot", at=AT + DAY, is_bot=True)
    assert follow(AT + 5 * DAY) == ["share_reminder"]


def test_after_an_outage_nobody_gets_stale_reminders_in_a_burst() -> None:
    campaign = make_campaign()
    usual(campaign)
    issue_to(wants_news(), campaign)
    assert follow(AT + 40 * DAY, start=AT + 20 * DAY) == []
    usual(
        make_campaign(),
        name="Close together",
        steps=(StepPart(1, "always", "share_reminder"), StepPart(2, "always", "season_offer")),
    )
    other = Sequence.objects.get(name="Close together").campaign
    issue_to(wants_news("Ben Okoro"), other)
    assert follow(AT + 2 * DAY, start=AT + 2 * DAY) == ["season_offer"], "only the latest of those that are due"


def test_nobody_gets_two_in_a_day_from_two_campaigns() -> None:
    customer = wants_news()
    for _ in range(2):
        campaign = make_campaign()
        usual(campaign)
        issue_to(customer, campaign)
    jobs.follow_sequences(AT + 4 * DAY)
    jobs.follow_sequences(AT + 4 * DAY + timedelta(hours=3))
    assert Notice.objects.count() == 1
    jobs.follow_sequences(AT + 5 * DAY)
    assert Notice.objects.count() == 2


def test_nothing_is_sent_while_it_is_off_or_the_campaign_is_not_live() -> None:
    campaign = make_campaign()
    sequence = usual(campaign, is_on=False)
    issue_to(wants_news(), campaign)
    assert follow(AT + 5 * DAY) == []
    editing.switch(sequence=sequence, is_on=True, at=AT, by=SYSTEM)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    assert follow(AT + 5 * DAY) == []


def test_without_consent_it_is_kept_back_with_the_reason_and_not_tried_again() -> None:
    campaign = make_campaign()
    usual(campaign)
    issue_to(make_customer(), campaign)
    follow(AT + 5 * DAY)
    assert [(n.state, n.reason) for n in Notice.objects.all()] == [("suppressed", "no marketing consent")]


def test_a_message_that_went_out_does_not_go_again_when_the_sequence_is_written_anew() -> None:
    campaign = make_campaign()
    sequence = usual(campaign)
    issue_to(wants_news(), campaign)
    assert follow(AT + 4 * DAY) == ["share_reminder"]
    editing.save(
        campaign=campaign, sequence=sequence, name="Later", trigger="code_issued", steps=[StepPart(6, "always", "share_reminder")],
        at=AT, by=SYSTEM,
    )  # fmt: skip
    assert follow(AT + 9 * DAY, start=AT + 5 * DAY) == ["share_reminder"]


def test_the_dry_run_says_who_would_get_what_when_and_is_right() -> None:
    campaign = make_campaign()
    sequence = usual(campaign, is_on=False)
    wanting, other = wants_news(), make_customer("Chloe Stone")
    issue_to(wanting, campaign)
    issue_to(other, campaign)
    before = Notice.objects.count()
    found = plan(sequence, at=AT + DAY)
    assert [(one.due.start.customer, one.when, one.label) for one in found.planned] == [
        (person, AT + wait * DAY, label)
        for wait, label in ((4, "Your link is waiting"), (14, "Last reminder of your link"))
        for person in sorted((wanting, other), key=lambda each: Code.objects.get(customer=each).code)
    ]
    assert (found.total, found.goes, found.kept_back) == (4, 2, [("no marketing consent", 2)])
    assert Notice.objects.count() == before
    editing.switch(sequence=sequence, is_on=True, at=AT, by=SYSTEM)
    follow(AT + 15 * DAY)
    written = {(n.customer, n.kind, n.created_at) for n in Notice.objects.filter(state="queued")}
    assert written == {(wanting, one.due.step.kind, one.when) for one in found.planned if not one.reason}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"trigger": "full_moon"}, "trigger_unknown"),
        ({"steps": []}, "steps_missing"),
        ({"steps": [StepPart(n, "always", "share_reminder") for n in range(7)]}, "too_many_steps"),
        ({"steps": [StepPart(1, "if it rains", "share_reminder")]}, "condition_unknown"),
        ({"steps": [StepPart(1, "always", "reward_given")]}, "kind_unfit"),
        ({"steps": [StepPart(1, "always", "share_reminder"), StepPart(2, "always", "share_reminder")]}, "kind_twice"),
        ({"steps": [StepPart(1, "always", "share_reminder"), StepPart(1, "always", "season_offer")]}, "day_twice"),
        ({"steps": [StepPart(366, "always", "share_reminder")]}, "day_too_far"),
        ({"name": USUAL_NAME}, "name_taken"),
    ],
)
def test_what_cannot_be_followed_is_refused(changes: dict[str, Any], code: str) -> None:
    campaign = make_campaign()
    usual(campaign)
    with pytest.raises(NoticeRefused) as refusal:
        usual(campaign, **{"name": "Another", **changes})
    assert refusal.value.code == code
    assert Sequence.objects.count() == 1


def test_writing_switching_and_deleting_are_on_the_trail_once_each_and_need_permission() -> None:
    campaign = make_campaign()
    sequence = usual(campaign)
    editing.switch(sequence=sequence, is_on=True, at=AT, by=SYSTEM)
    with pytest.raises(NoticeRefused, match="Switch it off first"):
        editing.remove(sequence=sequence, at=AT, by=SYSTEM)
    editing.switch(sequence=sequence, is_on=False, at=AT, by=SYSTEM)
    eve = staff(User.objects.create_user("eve", is_staff=True))
    words: dict[str, Any] = {"name": "x", "trigger": "code_issued", "steps": USUAL}
    for act in (
        lambda: editing.save(campaign=campaign, sequence=sequence, **words, at=AT, by=eve),
        lambda: editing.switch(sequence=sequence, is_on=True, at=AT, by=eve),
        lambda: editing.remove(sequence=sequence, at=AT, by=eve),
    ):
        with pytest.raises(PermissionDenied):
            act()
    editing.remove(sequence=sequence, at=AT, by=SYSTEM)
    editing.remove(sequence=sequence, at=AT, by=SYSTEM)
    events = [entry.event for entry in timeline.of(sequence.reference)]
    assert events == ["sequence.saved", "sequence.switched", "sequence.switched", "sequence.removed"]


def test_every_trigger_can_fill_the_messages_it_offers(at: datetime) -> None:
    campaign = make_campaign()
    code = issue_to(wants_news(), campaign)
    facts = sequence_parts.sharing_facts(code, campaign, at)
    for trigger in following.triggers().values():
        assert trigger.kinds
        assert all(set(kind.variables) == set(facts) for kind in trigger.kinds)
