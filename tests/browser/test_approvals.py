"""The queue of approvals in a real browser: by keyboard alone, many at once, two windows on one item, in all four looks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from config import roles
from customers.models import Customer
from notices.default_templates import install
from referrals.models import Referral
from rewards.models import Approval, Reward
from tests.browser.cleanliness import assert_page_is_clean
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import give, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(count: int) -> list[Reward]:
    """So many rewards that wait, the oldest first."""
    at = timezone.now() - timedelta(days=1)
    install(at=at)
    campaign = make_campaign(pool=make_pool(units=count + 2), approval="manual", both_sides=False, name="Cinema night")
    code = issue_to(make_customer("Asha Rao"), campaign, at)
    made = []
    for number in range(count):
        then = at + timedelta(minutes=7 * number)
        made += give(verify(sign_up(code, f"Friend{number:02} Lind", at=then), at=then), at=then)
    Referral.objects.update(standing="clear", standing_reason="")
    return made


def sign_in(page: Page, live_server, name: str = "ada", role: str = "Approver") -> None:
    """Let the window be somebody of this role."""
    roles.sync()
    user, _ = User.objects.get_or_create(username=name, is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])


def test_the_queue_is_clean_in_every_look(page: Page, live_server) -> None:
    rewards = waiting(3)
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    page.get_by_text("If you decline").click()
    assert_page_is_clean(page)
    page.get_by_label("Choose Asha Rao").first.check()
    page.get_by_role("button", name="Approve 1 chosen…").click()
    assert_page_is_clean(page)
    page.goto(f"/admin/rewards/reward/{rewards[0].pk}/change/")
    assert_page_is_clean(page)


def test_fifty_are_approved_at_once(window: Callable[..., Page], live_server) -> None:
    waiting(51)
    page = window()
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    page.get_by_label("Choose all 50 shown").check()
    page.get_by_role("button", name="Approve 50 chosen…").click()
    assert "50 of 50 would be approved" in page.locator("#content").inner_text()
    page.get_by_role("button", name="Approve 50").click()
    assert "50 approved. They go out in a minute" in page.locator("#content").inner_text()
    assert Reward.objects.filter(state="approved").count() == 50
    assert_page_is_clean(page)
    page.goto("/admin/approvals/")
    page.get_by_text("47 more").click()
    assert_page_is_clean(page)
    page.get_by_role("button", name="Undo all 50").click()
    assert "Undone: 50 rewards wait for a decision again" in page.locator("main").inner_text()
    assert Reward.objects.filter(state="held").count() == 51


def test_what_is_chosen_is_counted_on_the_button(window: Callable[..., Page], live_server) -> None:
    waiting(3)
    page = window()
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    whole, boxes = page.get_by_label("Choose all 3 shown"), page.locator("input[name=item]")
    boxes.first.check()
    assert whole.evaluate("box => box.indeterminate")
    page.get_by_role("button", name="Approve 1 chosen…").wait_for()
    whole.check()
    boxes.last.uncheck()
    page.get_by_role("button", name="Approve 2 chosen…").click()
    assert "2 of 2 would be approved" in page.locator("#content").inner_text()
    page.go_back()
    page.get_by_role("button", name="Approve 2 chosen…").wait_for()
    page.get_by_label("Choose all 3 shown").check()
    page.get_by_label("Choose all 3 shown").uncheck()
    page.get_by_role("button", name="Approve the chosen…").wait_for()


def test_declining_and_undoing_by_keyboard_alone(window: Callable[..., Page], live_server) -> None:
    first, second = waiting(2)
    page = window()
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    reach(page, "document.activeElement.name === 'note'")
    page.keyboard.type("The purchase was returned.")
    assert page.locator("[data-note]").first.text_content() == "The purchase was returned."
    reach(page, "document.activeElement.value === 'decline'")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**item={second.reference}**")
    first.refresh_from_db()
    assert (first.state, first.reason) == ("rejected", "The purchase was returned.")
    reach(page, "document.activeElement.innerText === 'Undo'")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**item={first.reference}**")
    first.refresh_from_db()
    assert first.state == "held"
    assert "Undone: the reward waits for a decision again" in page.locator("body").inner_text()


def test_approving_by_keyboard_alone(window: Callable[..., Page], live_server) -> None:
    first, second = waiting(2)
    page = window()
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    reach(page, "document.activeElement.value === 'approve'")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**item={second.reference}**")
    first.refresh_from_db()
    assert (first.state, second.state) == ("approved", "held")


def test_the_keyboard_gets_past_a_long_queue_with_one_key(window: Callable[..., Page], live_server) -> None:
    waiting(3)
    page = window()
    sign_in(page, live_server)
    page.goto("/admin/approvals/")
    reach(page, "document.activeElement.matches('.queue-skip')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#chosen') !== null")


def test_two_windows_on_one_item(window: Callable[..., Page], live_server) -> None:
    waiting(2)
    ada, dev = window(), window()
    sign_in(ada, live_server)
    sign_in(dev, live_server, "dev")
    for page in (ada, dev):
        page.goto("/admin/approvals/")
    ada.get_by_role("button", name="Approve and unlock the unit").click()
    dev.get_by_label("Note to the customer").fill("No purchase.")
    dev.get_by_role("button", name="Decline").click()
    dev.get_by_text("ada approved this reward on").first.wait_for()
    assert Approval.objects.count() == 1
    assert_page_is_clean(dev)


def test_the_pages_of_people_referrals_messages_and_the_trail_are_clean(page: Page, live_server) -> None:
    reward = waiting(1)[0]
    asha = Customer.objects.get(pk=reward.referral.referrer_id)
    sign_in(page, live_server, "admin", "Administrator")
    for url in (
        f"/admin/customers/customer/{asha.pk}/change/",
        f"/admin/referrals/referral/{reward.referral_id}/change/",
        f"/admin/notices/notice/{asha.notices.order_by('pk')[0].pk}/change/",
        f"/admin/audit/search/?text={asha.reference}",
        "/admin/audit/search/?text=nobody",
    ):
        page.goto(url)
        assert_page_is_clean(page)


def reach(page: Page, condition: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"Tab never reached {condition}")
