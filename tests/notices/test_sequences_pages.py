"""The pages of sequences: written on a form, seen as a timeline, tried in a dry run, switched by whoever may."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from notices.models import Notice, Sequence
from tests.admin.conftest import As, clock, desk, eve, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer
from tests.stories import issue_to

__all__ = ["clock", "desk", "eve", "manager", "signed_in_as"]

FORM = {
    "name": "Remind", "trigger": "code_issued", "days_1": "4", "condition_1": "no_visit", "kind_1": "share_reminder",
    "days_2": "14", "condition_2": "no_friend", "kind_2": "share_last_reminder",
}  # fmt: skip


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign()


def base(campaign: Campaign) -> str:
    return f"/admin/campaigns/{campaign.slug}/messages/sequences/"


def write(client: Client, campaign: Campaign, **changes: str) -> Any:
    return client.post(f"{base(campaign)}new/", FORM | changes, follow=True)


def test_an_empty_page_offers_the_usual_reminders_and_they_come_switched_off(manager: Client, campaign: Campaign) -> None:
    assert "Begin with the usual reminders" in manager.get(base(campaign)).content.decode()
    page = manager.post(base(campaign), {"action": "usual"}, follow=True).content.decode()
    assert all(word in page for word in ("Day 0", "Day 4", "Day 14", "Your link is waiting", "Off"))
    assert not Sequence.objects.get().is_on
    again = manager.post(base(campaign), {"action": "usual"}, follow=True).content.decode()
    assert "has a sequence" in again
    assert Sequence.objects.count() == 1


def test_what_is_written_leads_to_the_dry_run_and_is_switched_on_there(manager: Client, campaign: Campaign) -> None:
    issue_to(make_customer("Chloe Stone"), campaign, AT - timedelta(days=5))
    page = write(manager, campaign).content.decode()
    assert "Who would get what in the next 14 days" in page
    assert "Chloe Stone" in page
    assert "no marketing consent" in page
    assert not Notice.objects.exists()
    sequence = Sequence.objects.get()
    for action, is_on in (("on", True), ("on", True), ("off", False)):
        manager.post(base(campaign), {"action": action, "sequence": sequence.reference})
        sequence.refresh_from_db()
        assert sequence.is_on is is_on
    manager.post(base(campaign), {"action": "delete", "sequence": sequence.reference})
    assert not Sequence.objects.exists()


def test_the_records_of_a_sequence_say_what_its_page_says(manager: Client, signed_in_as: As, campaign: Campaign) -> None:
    write(manager, campaign)
    step = Sequence.objects.get().steps.get(after_days=4)
    reader = signed_in_as("Administrator")
    for path in ("sequence/", f"sequence/{step.sequence_id}/change/", "step/", f"step/{step.pk}/change/"):
        page = reader.get(f"/admin/notices/{path}").content.decode()
        said = "A customer gets a code" if path.startswith("sequence") else "Your link is waiting"
        assert said in page and "code_issued" not in page and "share_reminder" not in page, path


def test_what_was_typed_stays_when_something_is_wrong(manager: Client, campaign: Campaign) -> None:
    response = write(manager, campaign, days_2="4", name="My own words")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Two messages on the same day would be a burst" in page
    assert "My own words" in page
    no_day = write(manager, campaign, days_2="").content.decode()
    assert "Say how many days after the beginning" in no_day
    assert not Sequence.objects.exists()


def test_editing_begins_with_what_is_there(manager: Client, campaign: Campaign) -> None:
    write(manager, campaign)
    sequence = Sequence.objects.get()
    page = manager.get(f"{base(campaign)}{sequence.reference}/").content.decode()
    assert 'value="14"' in page
    manager.post(f"{base(campaign)}{sequence.reference}/", FORM | {"days_2": "20"})
    assert list(sequence.steps.values_list("after_days", flat=True)) == [4, 20]


def test_an_editor_writes_and_does_not_switch(signed_in_as: As, campaign: Campaign) -> None:
    editor = signed_in_as("Campaign editor")
    assert write(editor, campaign).status_code == 200
    sequence = Sequence.objects.get()
    page = editor.get(base(campaign)).content.decode()
    assert "Switch on" not in page
    assert editor.post(base(campaign), {"action": "on", "sequence": sequence.reference}).status_code == 403
    assert not Sequence.objects.get().is_on


def test_an_auditor_looks_and_does_not_write(signed_in_as: As, campaign: Campaign, manager: Client) -> None:
    write(manager, campaign)
    auditor = signed_in_as("Auditor")
    page = auditor.get(base(campaign))
    assert page.status_code == 200 and 'class="btns">' in page.content.decode()
    one = f"{base(campaign)}{Sequence.objects.get().reference}/"
    assert auditor.get(one)["Location"] == f"{one}plan/", "what it says and whom it would write to"
    for url in (base(campaign), f"{one}plan/"):
        assert 'method="post"' not in auditor.get(url).content.decode().split('id="content-main"')[1]
    assert auditor.post(one, {"name": "x"}).status_code == 403
    assert auditor.get(f"{base(campaign)}new/").status_code == 403
    assert write(auditor, campaign, name="x").status_code == 403


def test_a_sequence_of_another_campaign_is_not_there(manager: Client, campaign: Campaign) -> None:
    write(manager, campaign)
    sequence, other = Sequence.objects.get(), make_campaign()
    assert manager.get(f"{base(other)}{sequence.reference}/").status_code == 404
    assert manager.get(f"{base(other)}{sequence.reference}/plan/").status_code == 404
    assert manager.post(base(other), {"action": "on", "sequence": sequence.reference}).status_code == 404
