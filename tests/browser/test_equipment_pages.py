"""What is done with units and places beside the daily hand-over, in a browser: every look is clean."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from equipment import closing, returning
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from tests.browser import staff
from tests.browser.cleanliness import assert_page_is_clean
from tests.equipment import walk
from tests.make import make_model, make_pool


@pytest.fixture
def pool(transactional_db: None) -> Pool:
    """Four cameras: one out, one back without its charger, one held; closed for a few days soon."""
    at = timezone.now()
    pool = make_pool(units=4, model=make_model("Aero 7 mirrorless camera", accessories=["Charger", "Strap"]))
    for state in (S.READY, S.READY):
        walk.check_out(walk.to(state, pool, at=at), at=at, accessories=["Charger", "Strap"])
    walk.to(S.HELD, pool, at=at)
    loan = Loan.objects.filter(state=S.ON_LOAN).latest("id")
    returning.check_in(loan=loan, grade="worn", accessories=["Strap"], at=at, by=SYSTEM)
    first = pool.opening().day(at) + timedelta(days=20)
    closing.close_place(place="Berlin", first_on=first, last_on=first + timedelta(days=4), reason="Holidays.", at=at, by=SYSTEM)
    return pool


@pytest.fixture
def admin_page(page: Page, live_server: Any) -> Page:
    staff.sign_in(page, "Administrator", base_url=live_server.url)
    return page


def test_the_page_of_a_pool_says_its_turnaround_and_closed_days(admin_page: Page, pool: Pool) -> None:
    admin_page.goto(f"/admin/equipment/pool/{pool.pk}/change/")
    expect(admin_page.get_by_text("as the model says").first).to_be_visible()
    expect(admin_page.get_by_text("Holidays.").first).to_be_visible()
    assert_page_is_clean(admin_page)


def test_availability_is_said_step_by_step(admin_page: Page, pool: Pool) -> None:
    admin_page.goto("/admin/availability/")
    admin_page.get_by_text("Step by step").click()
    expect(admin_page.get_by_role("region", name="Step by step")).to_contain_text("1 of 4 units can be promised; ")
    assert_page_is_clean(admin_page)


def test_what_runs_short_is_said_by_model_with_what_would_fix_it(admin_page: Page, pool: Pool) -> None:
    at = timezone.now()
    bonn = make_pool(units=1, model=pool.model, place="Bonn")
    walk.to(S.ON_LOAN, bonn, at=at)
    for _ in range(2):
        walk.hold(bonn, at=at)
    admin_page.goto("/admin/availability/")
    short = admin_page.get_by_role("region", name="What runs short, and what would fix it")
    expect(short.get_by_role("heading", name="Aero 7 mirrorless camera runs short now in Bonn: 2 units too few.")).to_be_visible()
    expect(short).to_contain_text("Any one of these would do:")
    assert_page_is_clean(admin_page)
    if folder := os.environ.get("LOOKS"):
        width = (admin_page.viewport_size or {"width": 0})["width"]
        is_dark = admin_page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        short.screenshot(path=f"{folder}/short-{width}-{is_dark}.png")


def test_a_unit_is_exchanged_and_a_missing_charger_settled(admin_page: Page, pool: Pool) -> None:
    out, back = Loan.objects.get(state=S.ON_LOAN), Loan.objects.get(state=S.RETURNED)
    admin_page.goto(f"/admin/handover/{out.reference}/")
    admin_page.locator("summary", has_text="Exchange the unit").click()
    assert_page_is_clean(admin_page)
    admin_page.goto(f"/admin/handover/{back.reference}/")
    admin_page.locator("summary", has_text="Settle missing things").click()
    assert_page_is_clean(admin_page)
    admin_page.get_by_label("How it ended").fill("Replaced from stock.")
    admin_page.get_by_role("button", name="Settle missing things").click()
    expect(admin_page.get_by_text("Settled: Charger.")).to_be_visible()


def test_the_list_of_loans_offers_moves_of_many(admin_page: Page, pool: Pool) -> None:
    admin_page.goto("/admin/equipment/loan/?state=on_loan")
    assert_page_is_clean(admin_page)
