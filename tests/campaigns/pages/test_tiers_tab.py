"""The tab Tiers: the ladder in words, and one form for each of its parts."""

import pytest
from django.test import Client

from audit.models import Entry
from campaigns.models import Campaign, Promotion, Quota, Tier, Variant
from equipment.models import EquipmentModel
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up


@pytest.fixture
def campaign(clock: object) -> Campaign:
    """A draft that lends a camera to both."""
    return make_campaign(pool=make_pool(), slug="draft", state="draft", launched_at=None)


def address(campaign: Campaign, *parts: str) -> str:
    return "/".join(["/admin/campaigns", campaign.slug, "tiers", *parts, ""])


def tier(**typed: object) -> dict[str, object]:
    plain = {
        "side": "referrer",
        "rhythm": "every",
        "nth": 10,
        "kind": "credit",
        "amount": "25",
        "title": "25 on account",
        "cost": "25",
    }
    return {**plain, **typed}


def test_the_ladder_reads_as_sentences(manager: Client, campaign: Campaign) -> None:
    words = manager.get(address(campaign)).content.decode()
    assert "The referrer gets the Aero 7 camera for 14 days, for each friend." in words
    assert "The friend gets the Aero 7 camera for 14 days, for joining." in words
    assert "No dated window changes what is given." in words


def test_a_model_lent_for_a_day_is_said_so_in_the_ladder(manager: Client, campaign: Campaign) -> None:
    EquipmentModel.objects.update(loan_days=1)
    assert "The friend gets the Aero 7 camera for 1 day, for joining." in manager.get(address(campaign)).content.decode()


def test_a_tier_is_added_changed_and_removed(manager: Client, campaign: Campaign) -> None:
    assert manager.post(address(campaign, "tier"), tier()).status_code == 302
    row = Tier.objects.get(key="25-on-account")
    assert (row.nth, row.rhythm, row.amount) == (10, "every", 25)
    assert "at every 10th friend" in manager.get(address(campaign)).content.decode()
    assert manager.post(address(campaign, "tier", row.key), tier(amount="30")).status_code == 302
    row.refresh_from_db()
    assert row.amount == 30
    assert manager.post(address(campaign, "tier", row.key), {"remove": "yes"}).status_code == 302
    assert not Tier.objects.filter(key="25-on-account").exists()
    assert manager.post(address(campaign, "tier", row.key), {"remove": "yes"}).status_code == 404
    assert Entry.objects.filter(subject_reference="draft", event="campaign.changed").count() == 3


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"amount": ""}, "amount", "needs it"),
        ({"kind": "discount", "amount": "120"}, "amount", "at most 100"),
        ({"kind": "equipment"}, "equipment", "names the SKU"),
        ({"nth": "0"}, "nth", "greater than or equal to 1"),
        ({"title": ""}, "title", "required"),
    ],
)
def test_bad_input_is_told_at_its_field_and_stays(
    manager: Client, campaign: Campaign, typed: dict[str, object], field: str, says: str
) -> None:
    answer = manager.post(address(campaign, "tier"), tier(**{"cost": "12.34", **typed}))
    assert answer.status_code == 422
    assert says in " ".join(answer.context["form"].errors[field])
    assert 'value="12.34"' in answer.content.decode()
    assert Tier.objects.count() == 2


def test_what_was_promised_is_marked_and_cannot_be_removed_or_changed(manager: Client, clock: object) -> None:
    campaign = make_campaign(pool=make_pool(), slug="live")
    sign_up(issue_to(make_customer(), campaign))
    promised = Tier.objects.filter(campaign=campaign, side="referee").get()
    assert "Promised: what it gives is fixed" in manager.get(address(campaign)).content.decode()
    answer = manager.post(address(campaign, "tier", promised.key), {"remove": "yes"})
    assert answer.status_code == 422
    assert "has promises or rewards and cannot be removed" in answer.content.decode()
    answer = manager.post(address(campaign, "tier", promised.key), tier(side="referee"))
    assert "what it gives and when is fixed" in answer.content.decode()
    assert Tier.objects.filter(pk=promised.pk, kind="equipment").exists()


def test_a_promotion_runs_in_a_window_on_the_campaigns_clock(manager: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(time_zone="Europe/Berlin")
    window = {"name": "Easter", "starts_at": "2026-04-03T00:00", "ends_at": "2026-04-07T00:00", "effect": "multiply", "amount": "2"}
    assert manager.post(address(campaign, "promotion"), window).status_code == 302
    row = Promotion.objects.get(key="easter")
    assert row.starts_at.isoformat() == "2026-04-02T22:00:00+00:00"
    words = manager.get(address(campaign)).content.decode()
    assert "3 Apr 2026 to 7 Apr 2026" in words
    assert "Amounts are multiplied by 2." in words
    answer = manager.post(address(campaign, "promotion", "easter"), {**window, "ends_at": "2026-04-01T00:00"})
    assert "Must be later than “Start”." in " ".join(answer.context["form"].errors["ends_at"])


def test_a_limit_of_a_pool_is_set_and_lifted(manager: Client, campaign: Campaign) -> None:
    pool = f"{campaign.equipment_model.sku}@Berlin"
    assert manager.post(address(campaign, "limit"), {"pool": pool, "units": "2"}).status_code == 302
    assert Quota.objects.get().units == 2
    answer = manager.post(address(campaign, "limit"), {"pool": pool, "units": "3"})
    assert answer.status_code == 422
    assert manager.post(address(campaign, "limit", pool), {"units": "4"}).status_code == 302
    assert Quota.objects.get().units == 4
    assert manager.post(address(campaign, "limit", pool), {"remove": "yes"}).status_code == 302
    assert not Quota.objects.exists()


def test_a_step_is_added_and_a_tier_is_due_after_it(manager: Client, campaign: Campaign) -> None:
    step = {"title": "A first order", "proof": "first_purchase", "amount": "50", "within_days": "60", "position": "1"}
    assert manager.post(address(campaign, "step"), step).status_code == 302
    row = campaign.steps.get()
    assert (row.key, row.amount, row.within_days) == ("a-first-order", 50, 60)
    assert manager.post(address(campaign, "tier"), tier(step="a-first-order", title="For the order")).status_code == 302
    text = manager.get(address(campaign)).content.decode()
    assert "The friend makes a purchase of at least 50 EUR, within 60 days of signing up." in text
    assert "Gives: For the order." in text and "once “A first order” is done" in text


def test_an_upgrade_a_choice_and_a_fixed_discount_are_set(manager: Client, campaign: Campaign) -> None:
    beside = campaign.tiers.filter(side="referrer").order_by("pk")[0]
    first = beside.key
    typed = tier(kind="discount", discount="fixed", amount="15", instead_of=first, title="15 EUR off")
    assert manager.post(address(campaign, "tier"), typed).status_code == 302
    row = campaign.tiers.get(title="15 EUR off")
    assert (row.discount, row.instead_of) == ("fixed", first)
    text = manager.get(address(campaign)).content.decode()
    assert "15 EUR off" in text and f"Instead of “{beside.title}”, as the customer likes." in text
    assert manager.post(address(campaign, "tier"), tier(replaces=first, instead_of=first, title="Both")).status_code == 422


def test_promotions_are_drawn_on_a_strip_of_months_with_today(manager: Client, campaign: Campaign) -> None:
    window = {"name": "Spring", "starts_at": "2026-03-01T00:00", "ends_at": "2026-04-01T00:00", "effect": "multiply", "amount": "2"}
    manager.post(address(campaign, "promotion"), window)
    text = manager.get(address(campaign)).content.decode()
    assert "calendar-today" in text and "window-running" in text


def test_arms_share_the_visitors(manager: Client, campaign: Campaign) -> None:
    for key, weight in (("plain", 1), ("loud", 3)):
        typed = {"key": key, "weight": weight, "headline": f"{key} words"}
        assert manager.post(address(campaign, "arm"), typed).status_code == 302
    assert "Seen by 75 % of visitors." in manager.get(address(campaign)).content.decode()
    assert set(Variant.objects.values_list("key", flat=True)) == {"plain", "loud"}


def test_who_saw_an_older_state_is_told(manager: Client, administrator: Client, campaign: Campaign) -> None:
    seen = manager.get(address(campaign, "tier")).context["seen"]
    administrator.post(address(campaign, "tier"), tier())
    answer = manager.post(address(campaign, "tier"), tier(title="Mine", seen=seen))
    assert answer.status_code == 409
    assert "Somebody else saved in between" in answer.content.decode()
    assert Tier.objects.count() == 3


def test_the_auditor_reads_everything_and_changes_nothing(eve: Client, campaign: Campaign) -> None:
    key = campaign.tiers.order_by("pk")[0].key
    for url in (address(campaign), address(campaign, "tier", key), address(campaign, "promotion")):
        page = eve.get(url)
        assert page.status_code == 200
        assert "Save the" not in page.content.decode()
    for url in (address(campaign, "tier"), address(campaign, "tier", key)):
        assert eve.post(url, tier()).status_code == 403
        assert eve.post(url, {"remove": "yes"}).status_code == 403
    assert Tier.objects.count() == 2


def test_strangers_unknown_parts_and_other_methods(client: Client, manager: Client, campaign: Campaign) -> None:
    assert client.get(address(campaign))["Location"].startswith("/admin/login/")
    assert manager.get(address(campaign, "nonsense")).status_code == 404
    assert manager.get(address(campaign, "tier", "unknown")).status_code == 404
    assert manager.post(address(campaign), {}).status_code == 405
