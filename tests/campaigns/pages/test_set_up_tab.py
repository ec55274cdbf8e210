"""The tab Set-up: read, changed, refused; what was typed stays, and nobody's work is lost to somebody else's."""

import pytest
from django.test import Client

from audit.models import Entry
from campaigns import changing, recipes
from campaigns.models import Campaign
from tests.make import make_campaign


@pytest.fixture
def campaign(clock: object) -> Campaign:
    """A draft, as a marketing manager would find it."""
    return make_campaign(slug="draft", name="Draft", state="draft", launched_at=None, starts_at=None, time_zone="Europe/Berlin")


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/{campaign.slug}/set-up/"


def as_shown(client: Client, campaign: Campaign, **typed: object) -> dict[str, object]:
    """What a browser would send: everything the form shows, with what is typed over it."""
    page = client.get(address(campaign))
    form = page.context["form"]
    values = {field.html_name: field.value() for field in form if not field.field.disabled}
    shown = {name: value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else value for name, value in values.items()}
    return {**{name: "" if value is None else value for name, value in shown.items()}, "seen": page.context["seen"], **typed}


def changes(campaign: Campaign) -> int:
    return Entry.objects.filter(subject_reference=campaign.slug, event="campaign.changed").count()


def test_every_group_is_there_with_units_and_the_clock_named(manager: Client, campaign: Campaign) -> None:
    words = manager.get(address(campaign)).content.decode()
    for said in ("Basics", "What customers read", "Who is credited", "Goals", "on the clock of Europe/Berlin", "Days, 1 to 365"):
        assert said in words


def test_what_is_saved_is_loaded_once_and_stands_on_the_trail(manager: Client, campaign: Campaign) -> None:
    typed = as_shown(manager, campaign, headline="Borrow one", ends_at="2026-06-01T18:00", budget="500", goal_total_referrals="300")
    answer = manager.post(address(campaign), typed)
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.headline, campaign.budget, campaign.goals) == ("Borrow one", 500, {"total_referrals": 300})
    assert campaign.ends_at is not None
    assert campaign.ends_at.isoformat() == "2026-06-01T16:00:00+00:00"
    assert changes(campaign) == 1


def test_saving_twice_changes_and_records_nothing_more(manager: Client, campaign: Campaign) -> None:
    manager.post(address(campaign), as_shown(manager, campaign, headline="Borrow one"))
    answer = manager.post(address(campaign), as_shown(manager, campaign), follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert changes(campaign) == 1


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"hold_days": "0"}, "hold_days", "greater than or equal to 1"),
        ({"ends_at": "2026-01-01T10:00", "starts_at": "2026-02-01T10:00"}, "ends_at", "Must be later than “Start”."),
        ({"proof": "n_purchases"}, "proof_count", "Is missing; “What the friend must do” is “Several purchases” needs it."),
        ({"news_cap_days": "7"}, "news_cap_days", "Goes with “News about it to one customer, at most” only."),
        ({"news_cap": "1001"}, "news_cap", "less than or equal to 1000"),
        ({"currency": "eur"}, "currency", "three capital letters"),
        ({"name": ""}, "name", "required"),
        ({"goal_conversion_rate": "35"}, "goal_conversion_rate", "less than or equal to 1"),
    ],
)
def test_bad_input_says_at_its_field_what_is_allowed_and_keeps_what_was_typed(
    manager: Client, campaign: Campaign, typed: dict[str, str], field: str, says: str
) -> None:
    answer = manager.post(address(campaign), as_shown(manager, campaign, pitch="Typed and kept.", **typed))
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert "Typed and kept." in answer.content.decode()
    assert changes(campaign) == 0


def test_since_the_launch_what_people_were_told_is_fixed_even_when_it_is_sent(manager: Client, clock: object) -> None:
    campaign = make_campaign(slug="live")
    words = manager.get(address(campaign)).content.decode()
    assert "fixed since the launch" in words
    answer = manager.post(address(campaign), as_shown(manager, campaign, currency="USD", rewarded="referrer", headline="New words"))
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert (campaign.currency, campaign.rewarded, campaign.headline) == ("EUR", "both", "New words")


def test_the_days_for_proof_can_only_grow_and_the_field_says_so(manager: Client, clock: object) -> None:
    campaign = make_campaign(slug="live")
    answer = manager.post(address(campaign), as_shown(manager, campaign, proof_within_days="10"))
    assert answer.status_code == 422
    assert "it can only grow" in " ".join(answer.context["form"].errors["proof_within_days"])


def test_the_second_of_two_who_edit_is_told_what_the_first_changed_and_loses_nothing(
    manager: Client, administrator: Client, campaign: Campaign
) -> None:
    mine = as_shown(manager, campaign, name="My name")
    administrator.post(address(campaign), as_shown(administrator, campaign, headline="Their headline"))
    answer = manager.post(address(campaign), mine)
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved in between" in words
    assert "Their headline" in words
    assert 'value="My name"' in words
    campaign.refresh_from_db()
    assert (campaign.name, campaign.headline) == ("Draft", "Their headline")
    mine["seen"] = answer.context["seen"]
    assert manager.post(address(campaign), mine).status_code == 302


def test_the_auditor_reads_it_and_can_change_nothing(eve: Client, manager: Client, campaign: Campaign) -> None:
    words = eve.get(address(campaign)).content.decode()
    assert "You can read this, but not change it" in words
    assert ">Save<" not in words
    assert eve.post(address(campaign), as_shown(manager, campaign, headline="Eve was here")).status_code == 403
    campaign.refresh_from_db()
    assert campaign.headline != "Eve was here"


def test_an_editor_who_publishes_nothing_can_still_change_words(signed_in_as, campaign: Campaign) -> None:
    carl = signed_in_as("Campaign editor")
    assert carl.post(address(campaign), as_shown(carl, campaign, headline="Carl's words")).status_code == 302


def test_an_ended_campaign_does_not_change_and_says_what_to_do(manager: Client, clock: object) -> None:
    campaign = make_campaign(slug="over", state="ended")
    assert "clone it" in manager.get(address(campaign)).content.decode()
    answer = manager.post(address(campaign), {"headline": "Too late"})
    assert answer.status_code in (302, 422)
    campaign.refresh_from_db()
    assert campaign.headline != "Too late"


def test_strangers_are_sent_to_the_log_in_page_and_other_methods_are_refused(
    client: Client, manager: Client, campaign: Campaign
) -> None:
    assert client.get(address(campaign))["Location"].startswith("/admin/login/")
    assert manager.put(address(campaign)).status_code == 405
    assert manager.get("/admin/campaigns/nobody/set-up/").status_code == 404


def test_the_desk_at_the_counter_sees_no_campaigns(desk: Client, campaign: Campaign) -> None:
    assert desk.get(address(campaign)).status_code == 403


def test_what_is_not_touched_stays_to_the_second(manager: Client, campaign: Campaign, at) -> None:
    odd = at.replace(second=37)
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=odd)
    manager.post(address(campaign), as_shown(manager, campaign, headline="Other words"))
    campaign.refresh_from_db()
    assert campaign.ends_at == odd
    assert changing.frozen_fields(campaign) == frozenset()
    assert recipes.recipe_of(campaign).campaign.headline == "Other words"
