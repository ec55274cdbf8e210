"""The first page: for each role what waits and how things go, from the figures' own definitions."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analytics import figures, trends
from analytics.periods import last_days
from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Loan, Unit
from notices.models import Notice
from referrals.models import Referral
from rewards.models import Budget, Reward
from tests.admin import world
from tests.analytics.conftest import make_code, make_referral
from tests.config.world import make_notice
from tests.make import AT, make_campaign, make_customer

HOME = "/admin/"
NOW = AT + timedelta(minutes=10)


def text_of(client: Client, **query: str) -> str:
    response = client.get(HOME, query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def shown(client: Client, **query: str) -> dict[str, Any]:
    """What the section of figures was told."""
    return next(one.context for one in client.get(HOME, query).context["sections"] if "kpis" in one.context)


def needs(client: Client) -> dict[str, Any]:
    return {need.label: need for need in client.get(HOME).context["needs"]}


def test_the_manager_sees_figures_of_all_campaigns_by_their_definitions(manager: Client) -> None:
    world.fill()
    blocked = make_referral(make_code(make_campaign()), signed_up_at=AT, standing="blocked", standing_reason="Same person.")
    days = last_days("UTC", 30, at=NOW)
    told = shown(manager)
    expected = sum(figures.total_referrals(campaign, days.start, days.end) for campaign in Campaign.objects.all())
    assert (told["kpis"][0].title, told["kpis"][0].value) == ("New referrals, last 30 days", str(expected))
    assert expected == 2 < Referral.objects.count()
    assert [row.values[0] for row in told["chart"].rows][-1] == "2"
    steps = [(step.name, step.count) for step in told["funnel"].steps]
    assert steps == trends.way_to_the_loan(None, days.start, days.end)
    assert "Blocked" in text_of(manager) and str(blocked.referee) in text_of(manager), "a blocked one is among the latest, marked"


def test_the_change_is_against_as_many_days_before(manager: Client) -> None:
    code = make_code(make_campaign())
    for days in (1, 2, 3, 31, 40, 61):
        make_referral(code, signed_up_at=AT - timedelta(days=days))
    kpi = shown(manager)["kpis"][0]
    assert (kpi.value, kpi.change.words, kpi.compared_with) == ("3", "+50%", "compared with 2 in the 30 days before")


def test_the_goal_comes_from_the_campaign(manager: Client) -> None:
    campaign = make_campaign(goals={"total_referrals": 40})
    for days in (1, 2, 50):
        make_referral(make_code(campaign), signed_up_at=AT - timedelta(days=days))
    assert shown(manager, campaign=campaign.slug)["kpis"][0].goal.words == "3 of the goal of 40 in all"
    assert shown(manager)["kpis"][0].goal.words == "3 of the goal of 40 in live campaigns"
    assert shown(manager, campaign=make_campaign(slug="aimless").slug)["kpis"][0].goal is None


def test_the_address_carries_the_choice_and_the_form_shows_it(manager: Client) -> None:
    world.fill()
    other = make_campaign(slug="autumn", name="Autumn")
    make_referral(make_code(other), signed_up_at=AT - timedelta(days=2))
    text = text_of(manager, campaign="autumn", span="own", first="2026-02-27", last="2026-03-01")
    assert '<option value="autumn" selected>Autumn</option>' in text
    assert '<option value="own" selected>' in text
    assert 'name="first" value="2026-02-27"' in text and 'name="last" value="2026-03-01"' in text
    assert "New referrals, 27 Feb 2026 to 1 Mar 2026" in text
    told = shown(manager, campaign="autumn", span="own", first="2026-02-27", last="2026-03-01")
    assert [row["campaign"] for row in told["latest"]] == [other]
    assert told["performance_url"].endswith("/campaigns/autumn/performance/?span=own&first=2026-02-27&last=2026-03-01")


def test_with_one_campaign_its_own_rewards_and_units_are_counted(manager: Client) -> None:
    world.fill()
    Reward.objects.order_by("pk").filter(pk=Reward.objects.order_by("pk").values("pk")[:1]).update(state="held")
    busy, quiet = Reward.objects.get(state="held").referral.campaign, make_campaign()
    assert [shown(manager, campaign=one.slug)["kpis"][1].value for one in (busy, quiet)] == ["1", "0"]
    assert shown(manager, campaign=quiet.slug)["kpis"][2].foot == "0 of 3 units in service"


@pytest.mark.parametrize(
    "query",
    [
        {"span": "nonsense"},
        {"span": "own", "first": "2026-13-45", "last": "x"},
        {"first": "2026-03-09", "last": "2026-03-01"},
        {"campaign": "<script>alert(1)</script>"},
        {"campaign": "no-such", "span": "-1", "first": "\x00"},
    ],
)
def test_nonsense_in_the_address_falls_back_with_a_word(manager: Client, query: dict[str, str]) -> None:
    world.fill()
    text = text_of(manager, **query)
    assert "You see" in text and 'class="message message-warn"' in text
    assert "<script>alert" not in text
    assert "New referrals, last 30 days" in text


def test_before_the_first_campaign_the_page_says_what_to_do(manager: Client, eve: Client) -> None:
    assert no_campaign(manager).url == reverse("admin:campaign_start")
    assert "No campaign yet." in text_of(eve) and no_campaign(eve).action == ""


def no_campaign(client: Client) -> Any:
    """What stands in the place of the figures."""
    return next(one.context["empty"] for one in client.get(HOME).context["sections"] if "_no_campaign" in one.template)


def test_days_without_referrals_say_so(manager: Client) -> None:
    make_campaign()
    text = text_of(manager)
    assert "No referrals match what you chose." in text
    assert "Nobody has opened a page in these days." in text


def test_the_handover_desk_sees_its_work_first_and_no_campaigns(desk: Client) -> None:
    world.fill()
    text = text_of(desk)
    assert "At the handover desk" in text and "Open the handover desk" in text
    for hidden in ("New referrals", "Referrals per day", "Latest referrals", "Rewards waiting"):
        assert hidden not in text
    loan = Loan.objects.filter(state="unlocked").order_by("pk")[0]
    assert str(loan.borrower) in text and reverse("admin:handover_loan", args=[loan.reference]) in text


def test_the_auditor_sees_the_figures_and_is_offered_nothing_to_do(eve: Client) -> None:
    world.fill()
    Reward.objects.update(state="held")
    text = text_of(eve)
    assert "New referrals, last 30 days" in text and "Latest referrals" in text
    assert "Nothing waits for you." in text
    for action in ("New campaign", "Open the handover desk", "At the handover desk", "Review them"):
        assert action not in text
    assert not re.search(r'<form(?![^>]*(method="get"|id="logout-form"))', text), "no form but the choice and the log-out"


def test_the_approver_is_led_to_the_decisions_and_told_how_old_they_are(approver: Client, manager: Client) -> None:
    world.fill()
    Reward.objects.update(state="held", created_at=NOW - timedelta(days=6))
    need = needs(approver)["Rewards waiting for your decision"]
    assert (need.note, need.url) == ("the oldest for 6 days", reverse("admin:approvals"))
    kpi = shown(approver)["kpis"][1]
    assert (kpi.foot, kpi.link, kpi.url) == ("the oldest has waited 6 days", "Review them", reverse("admin:approvals"))
    assert shown(manager)["kpis"][1].url == "", "who may not decide is not sent there"


def test_what_needs_a_manager_is_listed_with_its_age(manager: Client, clock: Any) -> None:
    world.fill()
    notice = make_notice(customer=make_customer())
    Notice.objects.filter(pk=notice.pk).update(state="failed", created_at=NOW - timedelta(hours=5))
    Budget.objects.all().delete()
    campaign = make_campaign(name="Spring", budget=100)
    Budget.objects.create(campaign=campaign, spent=95)
    Unit.objects.update(service="repair")
    found = needs(manager)
    assert found["Messages that could not be sent"].note == "the oldest for 5 hours"
    assert found["Near its limit: Spring"].note == "95.00 of 100.00 EUR are committed."
    assert found["Promises at risk"].count > 0
    assert found["Promises at risk"].url == reverse("admin:promises_at_risk")


def test_the_page_of_promises_at_risk_says_why_for_each(manager: Client, desk: Client) -> None:
    url = reverse("admin:promises_at_risk")
    assert "Every promise can be kept" in manager.get(url).content.decode()
    world.fill()
    Unit.objects.update(service="repair")
    text = manager.get(url).content.decode()
    assert "0 units are in service, and" in text
    assert desk.get(url).status_code == 403


def test_campaigns_near_a_limit_are_named_when_there_are_several(manager: Client) -> None:
    for name in ("Autumn", "Spring"):
        Budget.objects.create(campaign=make_campaign(name=name, total_cap=10), rewards=9)
    assert needs(manager)["Campaigns near a limit"].note == "Autumn, Spring"


def test_an_erased_person_has_no_name_among_the_latest(manager: Client) -> None:
    world.fill()
    referee = Referral.objects.order_by("pk")[0].referee
    Customer.objects.filter(pk=referee.pk).update(name="", email="", email_key="", erased_at=AT)
    referee.refresh_from_db()
    assert str(referee) in text_of(manager)


def test_home_asks_as_often_for_many_referrals_as_for_few(administrator: Client) -> None:
    world.fill()
    Reward.objects.update(state="held")
    few = queries(administrator)
    for _ in range(3):
        world.fill()
    code = make_code(make_campaign())
    for number in range(20):
        make_referral(code, signed_up_at=AT - timedelta(days=number))
    Reward.objects.update(state="held")
    assert queries(administrator) <= few


def queries(client: Client) -> int:
    client.get(HOME)
    with CaptureQueriesContext(connection) as captured:
        client.get(HOME)
    return len(captured)


def test_home_stays_below_its_budget_of_bytes_also_over_a_year(administrator: Client) -> None:
    for _ in range(4):
        world.fill()
    page = administrator.get(HOME, {"first": "2025-03-02", "last": "2026-03-02"}).content
    assert b"2 Mar 2025" in page
    assert len(page) <= 200_000


def test_every_role_has_a_first_page_and_a_stranger_none(signed_in_as: Any, client: Client) -> None:
    world.fill()
    for role in ("Marketing manager", "Campaign editor", "Approver", "Handover desk", "Auditor", "Administrator"):
        assert "What needs you today" in text_of(signed_in_as(role)), role
    assert client.get(HOME)["Location"].startswith("/admin/login/")


def test_staff_without_any_role_see_an_empty_first_page(client: Client, clock: Any) -> None:
    client.force_login(User.objects.create(username="nobody", is_staff=True))
    text = text_of(client)
    assert "Nothing waits for you." in text and "New referrals" not in text


def test_all_records_are_for_those_who_see_everything(administrator: Client, eve: Client, manager: Client) -> None:
    url = reverse("admin:all_models")
    for client in (administrator, eve):
        text = client.get(url).content.decode()
        assert reverse("admin:referrals_touch_changelist") in text and reverse("admin:config_tally_changelist") in text
        assert f'href="{url}"' in text_of(client)
    assert 'class="btn"' not in eve.get(url).content.decode().split('id="content-main"')[1], "nothing is added"
    assert manager.get(url).status_code == 403
    assert f'href="{url}"' not in text_of(manager)


def test_what_the_auditor_only_reads_is_in_her_menu_and_not_in_the_bar_of_her_phone(eve: Client, administrator: Client) -> None:
    menu = eve.get(HOME).context["menu"]
    names = {link.item.name for group in menu.groups for link in group.links}
    assert names > {"approvals", "handover", "payouts", "discounts", "import", "background", "all_records"}
    assert [link.item.name for link in menu.bar] == ["home", "campaigns", "audit", "loans"]
    others = administrator.get(HOME).context["menu"].bar
    assert [link.item.name for link in others] == ["home", "handover", "campaigns", "approvals"]


def test_the_page_of_parts_is_for_auditor_and_administrator_and_in_the_menu_of_the_latter(
    administrator: Client, eve: Client, manager: Client
) -> None:
    url = reverse("admin:desk_parts")
    assert [client.get(url).status_code for client in (administrator, eve, manager)] == [200, 200, 403]
    assert f'href="{url}"' in text_of(administrator)
    assert f'href="{url}"' not in text_of(eve)
