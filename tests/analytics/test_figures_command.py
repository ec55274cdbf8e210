import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.analytics.conftest import make_code, make_referral
from tests.make import AT, make_campaign

pytestmark = pytest.mark.django_db


def figures(*arguments: str) -> str:
    out = StringIO()
    call_command("figures", *arguments, stdout=out)
    return out.getvalue()


def test_figures_are_printed_as_a_table() -> None:
    campaign = make_campaign(slug="summer")
    make_referral(make_code(campaign), signed_up_at=AT)
    text = figures("summer", "--from", "2026-03-01", "--to", "2026-03-31")
    assert "Bring a friend (summer), 2026-03-01 to 2026-03-31" in text
    assert "Total referrals" in text


def test_figures_are_printed_as_json_with_the_last_day_included() -> None:
    campaign = make_campaign(slug="summer")
    make_referral(make_code(campaign), signed_up_at=AT)
    found = json.loads(figures("summer", "--from", "2026-03-01", "--to", "2026-03-02", "--json"))
    assert found["total_referrals"] == 1
    assert found["to"] == "2026-03-02"
    assert json.loads(figures("summer", "--from", "2026-03-01", "--to", "2026-03-01", "--json"))["total_referrals"] == 0


def test_without_days_the_whole_life_of_the_campaign_is_shown() -> None:
    make_campaign(slug="summer")
    found = json.loads(figures("summer", "--json"))
    assert found["from"] == "2026-03-01"


def test_an_unknown_campaign_is_named_together_with_the_known_ones() -> None:
    make_campaign(slug="summer")
    with pytest.raises(CommandError, match=r"no campaign “winter”\. Campaigns: summer\."):
        figures("winter")


def test_a_day_that_is_none_is_explained() -> None:
    with pytest.raises(CommandError, match="Write it as 2026-03-01"):
        figures("summer", "--from", "yesterday")


def test_a_period_that_ends_before_it_starts_is_explained() -> None:
    make_campaign(slug="summer")
    with pytest.raises(CommandError, match="before it starts"):
        figures("summer", "--from", "2026-03-05", "--to", "2026-03-01")
