"""The tab with the figures of a campaign."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics import trends
from analytics.breakdowns import WORD_OF_MOUTH, by_channel, steps, top_referrers
from analytics.kpis import days, goal_of, percent
from analytics.periods import period
from campaigns.models import Campaign
from referrals.models import Credit, Touch
from tests.admin.conftest import clock, desk, eve, manager, signed_in_as
from tests.analytics.conftest import make_code, make_referral
from tests.make import AT, make_campaign, make_customer

__all__ = ["clock", "desk", "eve", "manager", "signed_in_as"]
pytestmark = pytest.mark.django_db


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/{campaign.slug}/performance/"


@pytest.fixture
def campaign() -> Campaign:
    """Asha brought two friends by link and word of mouth, one of whom qualified; Mila one, who is blocked."""
    made = make_campaign(launched_at=AT - timedelta(days=20), starts_at=AT - timedelta(days=20), goals={"total_referrals": 8})
    asha = make_code(made, make_customer("Asha Rao"), issued_at=AT - timedelta(days=12))
    touch = Touch.objects.create(code=asha, at=AT - timedelta(days=11), channel="whatsapp")
    Touch.objects.create(code=asha, at=AT - timedelta(days=11), channel="whatsapp", is_bot=True)
    one = make_referral(asha, signed_up_at=AT - timedelta(days=10), qualified_at=AT - timedelta(days=9))
    two = make_referral(asha, signed_up_at=AT - timedelta(days=3))
    for referral, seen in ((one, touch), (two, None)):
        Credit.objects.create(referral=referral, code=asha, touch=seen, model="last_click", weight=Decimal(1), reason="The last.")
    mila = make_code(made, make_customer("Mila Wagner"))
    make_referral(mila, signed_up_at=AT - timedelta(days=2), standing="blocked", standing_reason="Fraud.")
    return made


def test_the_page_shows_what_the_figures_command_prints(manager: Client, campaign: Campaign) -> None:
    out = io.StringIO()
    call_command("figures", campaign.slug, "--json", stdout=out)
    record = json.loads(out.getvalue())
    shown = {figure.kpi.title: figure.kpi.value for figure in manager.get(address(campaign)).context["figures"]}
    assert shown["Total referrals"] == str(record["total_referrals"]) == "2"
    assert shown["Conversion"] == percent(record["conversion_rate"]) == "50.0%"
    assert shown["Units distributed"] == str(record["units_distributed"])
    assert shown["Average time to referral"] == days(record["time_to_referral"]["mean_days"]) == "2.0 days"
    assert shown["Utilisation, net"] == percent(record["utilisation"]["net"])
    assert shown["Utilisation, gross"] == percent(record["utilisation"]["gross"])


def test_a_period_in_the_address_narrows_every_figure(manager: Client, campaign: Campaign) -> None:
    page = manager.get(address(campaign), {"span": "7"})
    assert [figure.kpi.value for figure in page.context["figures"]][:2] == ["1", "0.0%"]
    own = manager.get(address(campaign), {"first": "2026-02-19", "last": "2026-02-21"})
    assert own.context["figures"][0].kpi.value == "1"
    assert 'value="2026-02-19"' in own.content.decode()


def test_a_period_that_is_none_is_said_and_stays_as_typed(manager: Client, campaign: Campaign) -> None:
    answer = manager.get(address(campaign), {"first": "2026-03-02", "last": "2026-02-01"})
    assert answer.status_code == 422
    assert "The period ends before it starts." in answer.content.decode() and 'value="2026-02-01"' in answer.content.decode()
    assert manager.get(address(campaign), {"first": "someday", "last": "2026-02-01"}).status_code == 422


def test_days_steps_channels_and_referrers_add_up_to_the_total(campaign: Campaign) -> None:
    whole = period(campaign, AT.date() - timedelta(days=20), AT.date())
    daily = trends.per_day(campaign, whole)
    assert (sum(daily.signed_up), len(daily.days)) == (2, 21)
    assert steps(campaign, whole.start, whole.end)[:4] == [
        ("Opened the page", 1), ("Signed up", 2), ("Address confirmed", 1), ("Qualified", 1),
    ]  # fmt: skip
    channels = by_channel(campaign, whole.start, whole.end)
    assert [(one.name, one.visits, one.opened, one.qualified) for one in channels] == [
        ("WhatsApp", 1, 1, 1),
        (WORD_OF_MOUTH, 0, 1, 0),
    ]
    assert [(one.customer.name, one.opened, one.qualified) for one in top_referrers(campaign, whole.start, whole.end)] == [
        ("Asha Rao", 2, 1)
    ]


def test_a_day_is_a_day_of_the_campaigns_own_clock() -> None:
    campaign = make_campaign(time_zone="Pacific/Auckland")
    late = AT.replace(hour=23)
    make_referral(make_code(campaign), signed_up_at=late)
    days = period(campaign, AT.date(), AT.date() + timedelta(days=1))
    assert list(trends.per_day(campaign, days).signed_up) == [0, 1]


def test_a_campaign_of_many_months_is_drawn_by_week_and_its_page_stays_light(manager: Client, campaign: Campaign) -> None:
    days = {"first": (AT.date() - timedelta(days=364)).isoformat(), "last": AT.date().isoformat()}
    text = manager.get(address(campaign), days).content.decode()
    assert "<h2>Referrals per week</h2>" in text and "Referrals per day" not in text
    assert text.count('<tr><th scope="row">2 Mar</th>') == 1
    assert len(text) < 100_000


def test_a_goal_is_a_share_and_for_a_time_less_is_better() -> None:
    goals: dict[str, Any] = {"total_referrals": 8, "conversion_rate": 0.25, "time_to_referral": 4, "net": "much"}
    assert goal_of("total_referrals", 2, goals).words == "25% of the goal of 8"  # type: ignore[union-attr]
    assert goal_of("conversion_rate", "0.5000", goals).words == "200% of the goal of 25%"  # type: ignore[union-attr]
    assert goal_of("time_to_referral", "2.00", goals).share == 2  # type: ignore[union-attr]
    assert goal_of("net", "0.3", {"utilisation": 0.6}).words == "50% of the goal of 60%"  # type: ignore[union-attr]
    assert goal_of("net", "0.1", goals) is None and goal_of("gross", "0.1", goals) is None


def test_the_table_is_downloaded_as_a_file(manager: Client, campaign: Campaign) -> None:
    answer = manager.get(address(campaign), {"download": "csv", "span": "30"})
    text = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Channel", "WhatsApp", "1", "1.0000", "1.0000"] in rows
    assert ["Figure", "Total referrals", "2", "", ""] in rows
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_names_of_referrers_need_the_permission_to_see_customers(manager: Client, campaign: Campaign) -> None:
    assert "Asha Rao" in manager.get(address(campaign)).content.decode()
    user = manager.get(address(campaign)).wsgi_request.user
    group = user.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="view_customer"))
    text = manager.get(address(campaign)).content.decode()
    assert "Asha Rao" not in text and "cus_" in text


def test_the_auditor_reads_it_and_the_handover_desk_does_not_open_it(eve: Client, desk: Client, campaign: Campaign) -> None:
    for tab in ("performance", "referrals"):
        assert eve.get(f"/admin/campaigns/{campaign.slug}/{tab}/").status_code == 200
        assert desk.get(f"/admin/campaigns/{campaign.slug}/{tab}/").status_code == 403


def test_the_referrals_tab_counts_by_stage_and_filters(manager: Client, campaign: Campaign) -> None:
    url = f"/admin/campaigns/{campaign.slug}/referrals/"
    page = manager.get(url)
    assert {one["stage"].label: one["stage"].count for one in page.context["stages"]} == {
        "Signed up": 2, "Verified": 0, "Qualified": 1, "Expired": 0, "To be looked at": 0, "Blocked": 1,
    }  # fmt: skip
    assert len(page.context["rows"]) == 3
    assert len(manager.get(url, {"stage": "blocked"}).context["rows"]) == 1
    assert "Clear filters" in manager.get(url, {"stage": "expired"}).content.decode()
    full = manager.get(manager.get(url, {"stage": "blocked"}).context["full_list"])
    assert full.status_code == 200


def test_the_tabs_ask_as_often_for_many_as_for_few(manager: Client, campaign: Campaign) -> None:
    for tab in ("performance", "referrals"):
        url = f"/admin/campaigns/{campaign.slug}/{tab}/"
        counts = []
        for _ in range(2):
            manager.get(url)
            with CaptureQueriesContext(connection) as queries:
                manager.get(url)
            counts.append(len(queries))
            code = make_code(campaign)
            for n in range(4):
                make_referral(code, signed_up_at=AT - timedelta(days=n))
        assert counts[0] >= counts[1], tab
