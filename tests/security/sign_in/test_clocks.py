"""The clock of each colleague: chosen on their account, in force on pages of the desk only."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.admin.set_up_forms import LocalTime
from config.models import StaffClock
from config.signing_in import clocks
from config.signing_in.clocks import ClockRefused
from referrals.models import Referral
from tests.make import make_campaign, make_customer
from tests.security.sign_in.door import come_in, make_staff, with_factor
from tests.stories import issue_to, sign_up

CLOCK = "/admin/account/clock/"
REFERRALS = reverse("admin:referrals_referral_changelist")
LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""Half past midnight of the first of July in Berlin."""


@pytest.fixture
def root(db: None) -> User:
    return with_factor(make_staff("root", is_superuser=True))


@pytest.fixture
def late(db: None) -> Referral:
    """A referral of the last minutes of June, by UTC."""
    referral = sign_up(issue_to(make_customer("Asha"), make_campaign()), "Ben")
    Referral.objects.filter(pk=referral.pk).update(signed_up_at=LATE)
    return referral


def test_pages_go_by_utc_until_another_clock_is_chosen(root: User, late: Referral) -> None:
    browser = come_in("root")
    page = reverse("admin:referrals_referral_change", args=[late.pk])
    assert "30 Jun 2026, 22:30 UTC" in browser.get(page).content.decode()
    answer = browser.post(CLOCK, {"zone": "Europe/Berlin"}, follow=True)
    assert "Times are shown on the clock of Berlin now." in answer.content.decode()
    assert "1 Jul 2026, 00:30 CEST" in browser.get(page).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_next_log_in_brings_the_clock_along(root: User, late: Referral) -> None:
    clocks.choose(user=root, zone="America/New_York")
    page = come_in("root").get(reverse("admin:referrals_referral_change", args=[late.pk]))
    assert "30 Jun 2026, 18:30 EDT" in page.content.decode()


def test_the_installation_says_what_holds_for_whoever_chose_nothing(root: User, late: Referral, settings) -> None:
    settings.STAFF_TIME_ZONE = "Europe/Madrid"
    page = come_in("root").get(reverse("admin:referrals_referral_change", args=[late.pk]))
    assert "1 Jul 2026, 00:30 CEST" in page.content.decode()


def test_a_filter_by_day_means_the_day_of_that_clock(root: User, late: Referral) -> None:
    clocks.choose(user=root, zone="Europe/Berlin")
    browser = come_in("root")
    assert shown(browser, signed_up_from="2026-07-01") == shown(browser, signed_up_to="2026-07-01") == [late.pk]
    assert shown(browser, signed_up_to="2026-06-30") == []


def test_a_day_of_25_hours_is_filtered_whole(root: User, late: Referral) -> None:
    clocks.choose(user=root, zone="Europe/Berlin")
    browser = come_in("root")
    Referral.objects.update(signed_up_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))  # the last minute of a day of 25 hours
    assert shown(browser, signed_up_from="2026-10-25", signed_up_to="2026-10-25") == [late.pk]
    Referral.objects.update(signed_up_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    assert shown(browser, signed_up_to="2026-10-25") == []


def test_an_export_stays_in_utc(root: User, late: Referral) -> None:
    clocks.choose(user=root, zone="Europe/Berlin")
    answer = come_in("root").post(REFERRALS, {"export": "comma"})
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0]["Signed up"] == "2026-06-30T22:30:00Z"


def test_pages_of_customers_do_not_know_the_clock(root: User, late: Referral) -> None:
    clocks.choose(user=root, zone="Asia/Tokyo")
    browser = come_in("root")
    assert " JST" in browser.get(CLOCK).content.decode()
    assert " JST" not in browser.get(f"/r/{late.code.code}/").content.decode()


def test_a_zone_that_does_not_exist_is_refused_with_words(root: User) -> None:
    answer = come_in("root").post(CLOCK, {"zone": "Mars/Olympus"})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    with pytest.raises(ClockRefused, match="unknown_zone"):
        clocks.choose(user=root, zone="Mars/Olympus")
    assert not StaffClock.objects.exists()


def test_a_stranger_and_whoever_is_no_staff_have_no_such_page(db: None) -> None:
    assert Client().get(CLOCK)["Location"].startswith("/admin/login/")
    outsider = User.objects.create_user("outsider")
    client = Client()
    client.force_login(outsider)
    assert client.get(CLOCK).status_code in (302, 403)


def test_an_hour_that_the_own_clock_leaves_out_can_still_be_written_on_the_clock_of_a_campaign() -> None:
    with timezone.override("Europe/Berlin"):  # where 02:30 of this day does not exist
        assert str(LocalTime().clean("2026-03-29T02:30")) == "2026-03-29 02:30:00"


def shown(browser: Client, **asked: str) -> list[int]:
    """Keys of the referrals that are listed."""
    return [row.pk for row in browser.get(REFERRALS, asked).context["asked"].shown.rows]
