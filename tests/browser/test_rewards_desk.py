"""Payouts, accounts, objections, what is asked back, and the calendar of promotions in a real browser, in all four looks."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from campaigns.models import Promotion, Step
from notices.default_templates import install
from rewards import appealing, payouts, redeeming, revoking
from rewards.models import Reward
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.staff import sign_in
from tests.make import make_campaign, make_customer, make_pool, make_tier
from tests.rewards.given import FRIENDS, earned, paying
from tests.stories import hand_over

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def shown(page: Page, path: str) -> None:
    """Open a page and look at it; with LOOKS set, keep a picture of it there."""
    page.goto(path)
    assert_page_is_clean(page)
    folder = os.environ.get("LOOKS")
    if folder:
        size = page.viewport_size or {"width": 0}
        theme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=f"{folder}/{path.strip('/').replace('/', '-')[:40]}-{size['width']}-{theme}.png", full_page=True)


def test_payouts_are_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now() - 3 * DAY
    install(at=at)
    campaign = paying(kind="cash")
    rewards = [earned(campaign, make_customer(f"Asha Rao {n}"), FRIENDS[n], at=at) for n in range(4)]
    batch = payouts.gather(currency="EUR", at=at + DAY, by=SYSTEM)
    told = [payouts.Told(2, batch.lines.order_by("pk")[0].reference, "paid", "20.00"),
            payouts.Told(3, batch.lines.order_by("pk")[1].reference, "failed", "", "The account is closed.")]  # fmt: skip
    payouts.reconcile(batch=batch, told=told, at=at + DAY, by=SYSTEM)
    assert Reward.objects.count() == len(rewards)
    sign_in(page, "Accounts", base_url=live_server.url)
    shown(page, "/admin/payouts/")
    shown(page, f"/admin/payouts/{batch.reference}/")


def test_the_accounts_of_a_customer_are_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now() - 9 * DAY
    install(at=at)
    asha = make_customer("Asha Rao")
    reward = earned(paying(balance_days=90), asha, at=at)
    earned(paying(kind="points", amount="100", cost="1"), asha, "Cem Aydin", at=at)
    redeeming.redeem(
        customer=asha, kind="credit", unit="EUR", amount=Decimal(15), external_id="1", at=at + DAY, by=SYSTEM, memo="Order 17"
    )
    revoking.revoke(reward=reward, reason="The order was sent back.", at=at + 2 * DAY, by=SYSTEM)
    sign_in(page, "Accounts", base_url=live_server.url)
    shown(page, f"/admin/customers/{asha.reference}/accounts/")


def test_discount_codes_are_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now() - 9 * DAY
    install(at=at)
    campaign = paying(kind="discount", amount="15", claim_within_days=60)
    codes = [str(Reward.objects.get(pk=earned(campaign, name=name, at=at).pk).voucher) for name in FRIENDS[:3]]
    redeeming.use_code(code=codes[0], at=at + DAY, by=SYSTEM)
    sign_in(page, "Accounts", base_url=live_server.url)
    shown(page, "/admin/discounts/")
    shown(page, f"/admin/discounts/?code={codes[0]}")
    shown(page, f"/admin/discounts/?code={codes[1]}")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Mark as used").press("Enter")
    expect(page.get_by_text("This code was used on")).to_be_visible()


def test_objections_are_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now() - 9 * DAY
    install(at=at)
    reward = earned(paying(), at=at)
    revoking.revoke(reward=reward, reason="The order was sent back.", at=at + DAY, by=SYSTEM)
    words = "I sent back the small one only. The tent stays with me, and it cost more than fifty. Please look at order 17 again."
    made = appealing.appeal(reward=Reward.objects.get(), words=words, at=at + 2 * DAY, by=SYSTEM)
    sign_in(page, "Approver", base_url=live_server.url)
    shown(page, "/admin/approvals/objections/")
    shown(page, f"/admin/approvals/objections/{made.reference}/")


def test_what_is_asked_back_is_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now() - 9 * DAY
    install(at=at)
    pool = make_pool(open_days="1111111")
    reward = earned(make_campaign(pool=pool, both_sides=False), at=at)
    assert reward.loan is not None
    hand_over(reward.loan, pool.units.order_by("pk")[0], at=at + DAY)
    revoking.revoke(reward=reward, reason="The order was sent back.", at=at + 2 * DAY, by=SYSTEM)
    sign_in(page, "Handover desk", base_url=live_server.url)
    shown(page, "/admin/asked-back/")


def test_the_tab_tiers_with_steps_choices_and_a_calendar_is_clean_in_every_look(page: Page, live_server) -> None:
    at = timezone.now()
    campaign = paying(slug="staged")
    step = Step.objects.create(campaign=campaign, key="order", title="A first order of 50", proof="first_purchase", amount=50)
    make_tier(campaign, kind="credit", amount=30, title="30 EUR for the order", step=step)
    make_tier(campaign, kind="points", amount=500, title="500 points", instead_of="thanks")
    for n, (key, start, days) in enumerate((("spring", -40, 20), ("easter", -3, 10), ("summer", 60, 45))):
        Promotion.objects.create(
            campaign=campaign, key=key, name=f"{key.title()} offer", effect="multiply", amount=n + 2, starts_at=at + start * DAY,
            ends_at=at + (start + days) * DAY,
        )  # fmt: skip
    sign_in(page, "Marketing manager", base_url=live_server.url)
    shown(page, "/admin/campaigns/staged/tiers/")
    shown(page, "/admin/campaigns/staged/tiers/step/order/")
    shown(page, "/admin/campaigns/staged/set-up/")
