"""The invitation as it is opened most: rendered once in a while, and right for every code all the same."""

import re
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from equipment.models import Pool
from referrals.models import Code, Referral, Touch
from referrals.states import CodeState
from tests.make import make_campaign, make_customer
from tests.stories import issue_to, sign_up


@pytest.fixture(autouse=True)
def keeping(settings: Any) -> None:
    settings.LANDING_KEPT_SECONDS = 5


def words(browser: Client, code: Code, status: int = 200) -> str:
    answer = browser.get(f"/r/{code.code}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_a_kept_page_costs_one_read_and_the_row_of_the_visit(browser: Client, code: Code) -> None:
    words(browser, code)
    with CaptureQueriesContext(connection) as queries:
        words(browser, code)
    assert [query["sql"].strip().split()[0] for query in queries if "SAVEPOINT" not in query["sql"]] == ["SELECT", "INSERT"]
    assert Touch.objects.filter(code=code).count() == 2


def from_elsewhere(statement: str) -> None:
    """Run a statement on another connection to the same PostgreSQL."""
    of = connection.settings_dict
    server = {"host": of["HOST"] or None, "port": of["PORT"] or None, "user": of["USER"], "password": of["PASSWORD"] or None}
    with psycopg.connect(dbname=of["NAME"], autocommit=True, **server) as other:
        other.execute(statement)


def end_connection() -> None:
    """As the other end does it: PostgreSQL throws us out. SQLite has no other end."""
    if connection.vendor == "sqlite":
        return connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), pg_backend_pid() FROM pg_prepared_statements WHERE statement LIKE '%referrals_%'")
        planned, process = cursor.fetchone()
    assert planned == 2, "the read and the row of a visit are planned once for the connection"
    return from_elsewhere(f"SELECT pg_terminate_backend({process})")


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_ended_meanwhile_costs_nobody_their_page(browser: Client, code: Code) -> None:
    for _ in range(2):
        words(browser, code)
    end_connection()
    assert code.customer.first_name() in words(browser, code)
    assert Touch.objects.filter(code=code).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_the_tables_have_outgrown_costs_nobody_their_page(browser: Client, code: Code) -> None:
    words(browser, code)
    for length in (30, 16):
        if connection.vendor == "postgresql":
            from_elsewhere(f"ALTER TABLE referrals_code ALTER COLUMN code TYPE varchar({length})")
        assert code.customer.first_name() in words(browser, code)
    assert Touch.objects.filter(code=code).count() == 3


def test_it_reads_like_the_page_rendered_each_time(browser: Client, code: Code, settings: Any) -> None:
    words(browser, code)
    quick = words(browser, code)
    settings.LANDING_KEPT_SECONDS = 0
    slow = words(browser, code)
    assert without_words(quick) == without_words(slow)


def without_words(html: str) -> list[str]:
    """The page without the signed words, which differ by nature."""
    return [re.sub(r"touch=[^\"]+", "touch", line) for line in html.splitlines() if 'type="hidden"' not in line]


def test_each_language_has_a_page_of_its_own_and_nothing_of_another_visit_stays_in_it(browser: Client, code: Code) -> None:
    path = f"/r/{code.code}/"
    for _ in range(2):
        german = browser.get(f"{path}?via=qr&note=secret", headers={"accept-language": "de"}).content.decode()
        asked = browser.get(f"{path}?lang=de").content.decode()
        english = browser.get(path).content.decode()
    assert "hat dich eingeladen" in german and "hat dich eingeladen" in asked
    assert "invited you" in english
    assert f'action="{path}"' in german and f'action="{path}?lang=de"' in asked
    assert "secret" not in german + asked + english


def test_whoever_changes_the_language_came_but_once(browser: Client, code: Code) -> None:
    words(browser, code)
    html = words(browser, code)
    switch = html.split('href="?lang=de&amp;')[1].split('"')[0]
    assert "hat dich eingeladen" in browser.get(f"/r/{code.code}/?lang=de&{switch}").content.decode()
    assert Touch.objects.count() == 2


def test_each_code_gets_its_own_name_address_and_words(browser: Client, code: Code, campaign: Campaign) -> None:
    hers = words(browser, code)
    other = issue_to(make_customer('Dan "<b>" & Sons'), campaign)
    his = words(browser, other)
    assert "Asha R. invited you" in hers and "Asha" not in his
    assert "Dan S. invited you" in his
    assert f'action="/r/{other.code}/"' in his and code.code not in his


def test_what_is_typed_there_signs_up_and_the_visit_is_credited(
    browser: Client, code: Code, typed: dict[str, str], clock: Any
) -> None:
    words(browser, code)
    clock.shift(timedelta(seconds=1))
    html = words(browser, code)
    hidden = {name: html.split(f'name="{name}" value="')[1].split('"')[0] for name in ("form", "touch")}
    assert browser.post(f"/r/{code.code}/", {**typed, **hidden}).status_code == 302
    assert Referral.objects.get().credits.get().touch == Touch.objects.order_by("-pk").first()


def test_what_is_free_is_never_older_than_it_may_be(browser: Client, code: Code, pool: Pool, clock: Any) -> None:
    assert "2 free now" in words(browser, code)
    pool.units.update(service="repair")
    assert "2 free now" in words(browser, code)
    clock.shift(timedelta(seconds=6))
    assert "None free today" in words(browser, code)


def test_a_campaign_or_code_that_stopped_is_closed_at_once(browser: Client, code: Code, campaign: Campaign) -> None:
    words(browser, code)
    Code.objects.filter(pk=code.pk).update(state=CodeState.PAUSED)
    words(browser, code, status=404)
    Code.objects.filter(pk=code.pk).update(state=CodeState.ACTIVE)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    words(browser, code, status=404)
    assert Touch.objects.count() == 1


def test_a_friend_more_is_another_page_where_the_next_reward_differs(browser: Client, code: Code) -> None:
    words(browser, code)
    with CaptureQueriesContext(connection) as kept:
        words(browser, code)
    sign_up(code)
    with CaptureQueriesContext(connection) as rendered:
        words(browser, code)
    assert len(rendered) > len(kept)


def test_texts_of_a_campaign_cannot_pass_for_a_hole(browser: Client, db: None) -> None:
    campaign = make_campaign(headline="inviter path form touch {{ page.inviter }}")
    code = issue_to(make_customer(), campaign)
    words(browser, code)
    assert "inviter path form touch {{ page.inviter }}" in words(browser, code)


@pytest.mark.parametrize("text", ["x" * 65, "%00", "NOSUCHCODE"])
def test_what_is_no_code_goes_the_long_way(browser: Client, db: None, text: str) -> None:
    assert browser.get(f"/r/{text}/").status_code == 404


def test_the_short_way_has_every_header_of_the_long_one_and_sets_no_cookie(browser: Client, code: Code, settings: Any) -> None:
    quick = browser.get(f"/r/{code.code}/")
    settings.LANDING_KEPT_SECONDS = 0
    slow = browser.get(f"/r/{code.code}/")
    # The long way looks whether there is a session, and says so.
    changing = {"Request-Id", "Content-Length", "Expires", "Vary"}
    assert {name: value for name, value in quick.headers.items() if name not in changing} == {
        name: value for name, value in slow.headers.items() if name not in changing
    }
    assert not quick.cookies


def test_the_short_way_answers_under_no_name_that_is_not_ours(browser: Client, code: Code) -> None:
    assert browser.get(f"/r/{code.code}/", headers={"host": "evil.example"}).status_code == 400


def test_whoever_guessed_too_often_is_not_told_which_code_is_real(browser: Client, code: Code) -> None:
    for number in range(31):
        browser.get(f"/r/NOSUCH{number}/")
    assert browser.get(f"/r/{code.code}/", headers={"x-forwarded-for": "198.51.100.7"}).status_code == 429


def test_everybody_with_one_code_sees_the_same_arm_and_the_sign_up_is_counted_for_it(
    browser: Client, code: Code, campaign: Campaign, typed: dict[str, str]
) -> None:
    campaign.variants.create(key="plain", weight=0)
    campaign.variants.create(key="loud", weight=1, overrides={"headline": "Borrow a camera!"})
    for _ in range(2):
        assert "<h1>Borrow a camera!</h1>" in words(browser, code)
    assert set(Touch.objects.values_list("variant", flat=True)) == {"loud"}
    browser.post(f"/r/{code.code}/", typed)
    assert Referral.objects.get().variant == "loud"
