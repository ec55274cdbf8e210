"""The tab History: before and after in words, who and when, newest first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from audit.actors import SYSTEM
from campaigns import changing, history
from campaigns.admin.history_tab import PER_PAGE
from campaigns.editing import new_rules_version
from campaigns.models import Campaign
from campaigns.recipe_parts import RulePart
from tests.make import AT, make_campaign

HISTORY = "/admin/campaigns/spring/history/"


@pytest.fixture(autouse=True)
def campaign(clock: object) -> Campaign:
    """A draft nobody has touched."""
    return make_campaign(slug="spring", state="draft", launched_at=None, owner="Mina Marketing")


def change(campaign: Campaign, minutes: int = 0, **values: object) -> None:
    changing.change(
        campaign=campaign,
        to=lambda recipe: replace(recipe, campaign=replace(recipe.campaign, **values)),
        seen=None,
        at=AT + timedelta(minutes=minutes),
        by=SYSTEM,
    )


def test_nothing_yet_is_said_in_words(manager: Client) -> None:
    assert "Nothing has been recorded about this campaign yet." in manager.get(HISTORY).content.decode()


def test_a_change_says_before_and_after_in_words(manager: Client, campaign: Campaign) -> None:
    change(campaign, approval="manual", ends_at=AT + timedelta(days=5))
    step = manager.get(HISTORY).context["steps"][0]
    assert step.sentence == "2 things were changed."
    assert [(one.label, one.before, one.after) for one in step.changes] == [
        ("Who lets a reward go out", "Automatic", "A person"),
        ("End", "nothing", "7 Mar 2026, 12:00 UTC"),
    ]


def test_texts_and_names_are_not_on_the_trail_so_only_that_they_changed_is_said(manager: Client, campaign: Campaign) -> None:
    change(campaign, owner="Ada Approver", pitch="New words")
    words = manager.get(HISTORY).content.decode()
    assert "another text" in words
    assert "Ada Approver" not in words


def test_rules_that_came_and_went_are_named(manager: Client, campaign: Campaign) -> None:
    rule = RulePart("referrer", "country", "is", "DE", "You live in Germany.")
    new_rules_version(campaign=campaign, rules=[rule], at=AT, by=SYSTEM)
    new_rules_version(campaign=campaign, rules=[replace(rule, value="FR", sentence="You live in France.")], at=AT, by=SYSTEM)
    step = manager.get(HISTORY).context["steps"][0]
    assert [(one.before, one.after) for one in step.changes] == [
        ("Referrer: You live in Germany. (country is DE)", "nothing"),
        ("nothing", "Referrer: You live in France. (country is FR)"),
    ]


def test_newest_first_and_a_page_at_a_time(manager: Client, campaign: Campaign) -> None:
    for number in range(PER_PAGE + 2):
        change(campaign, minutes=number, name=f"Name {number}")
    first, second = (manager.get(HISTORY, {"page": page}).context["steps"] for page in (1, 2))
    assert len(first) == PER_PAGE
    assert [step.n for step in [*first, *second]] == sorted((step.n for step in [*first, *second]), reverse=True)
    assert manager.get(HISTORY, {"page": "nonsense"}).status_code == 200


def test_a_move_stands_there_with_its_reason(manager: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="live", launched_at=AT)
    manager.post("/admin/campaigns/spring/do/pause/", {"reason": "New cameras arrive."})
    step = manager.get(HISTORY).context["steps"][0]
    assert (step.sentence, step.reason, step.by) == ("Paused.", "New cameras arrive.", "staff:marketing")


def test_what_somebody_has_not_seen_yet_is_found(campaign: Campaign) -> None:
    seen = history.last_step(campaign)
    change(campaign, name="Another")
    assert [step.sentence for step in history.steps_since(campaign, seen)] == ["One thing was changed."]
    assert history.steps_since(campaign, history.last_step(campaign)) == []


def test_who_may_read_it(eve: Client, desk: Client, client: Client, manager: Client) -> None:
    assert eve.get(HISTORY).status_code == 200
    assert desk.get(HISTORY).status_code == 403
    assert client.get(HISTORY)["Location"].startswith("/admin/login/")
    assert manager.post(HISTORY).status_code == 405
