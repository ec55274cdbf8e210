"""A customer's own pages in a real browser: every page in every look, with and without scripts, light to load."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from audit.actors import customer as acting
from campaigns.models import Brand
from campaigns.states import RewardKind
from customers.models import Customer
from equipment import requesting
from equipment.models import EquipmentModel, Loan
from referrals.models import Code
from rewards.models import Reward
from rewards.portal import exporting, sessions, signing_in
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.test_public_pages import BUDGET_BYTES, BUDGET_REQUESTS
from tests.browser.world import World, make_world
from tests.make import make_tier
from tests.stories import give, hand_over, sign_up, verify

HEADERS = 450
"""Bytes of the headers of an answer, roughly."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: object) -> World:
    """Asha has a camera, three friends at different stages, rewards, and something asked."""
    world = make_world()
    EquipmentModel.objects.update(setup_guide="Charge it first.\n\nThen press the button.", return_protocol="Put it into its bag.")
    make_tier(world.campaign, kind=RewardKind.CREDIT, amount=25, title="25 on account")
    referral = verify(sign_up(world.code, "Rosa Novak", email="rosa@example.net", at=world.at), at=world.at)
    give(referral, at=world.at)
    loan = Loan.objects.get(promise__referral=referral, borrower=world.asha)
    hand_over(loan, world.pool.units.all()[0], at=world.at)
    sign_up(world.code, "Chloe Doyle", email="chloe@example.net", at=world.at)
    by = acting(world.asha.reference)
    requesting.tell_problem(loan=loan, words="The lid is loose.", at=world.at, by=by)
    exporting.make(export=exporting.ask(customer=world.asha, at=world.at, by=by), at=world.at, by=SYSTEM)
    return world


def enter(page: Page, person: Customer, address: str) -> None:
    """The browser of somebody who is in."""
    _, key = sessions.begin(customer=person, device="Firefox on Linux", at=timezone.now())
    page.context.add_cookies([{"name": "portal", "value": key, "url": address, "httpOnly": True, "sameSite": "Lax"}])


def paths(world: World) -> list[tuple[str, str]]:
    """Every page with its heading."""
    loan = Loan.objects.get(borrower=world.asha, state="on_loan")
    held = Loan.objects.filter(borrower=world.asha).exclude(pk=loan.pk).first()
    reward = Reward.objects.filter(beneficiary=world.asha)[0]
    export = world.asha.data_exports.get()
    found = [
        ("/my/", "Hello Asha"),
        ("/my/loans/", "Your loans"),
        (f"/my/loans/{loan.reference}/", "Aero 7 camera"),
        ("/my/share/", "Invite friends"),
        ("/my/friends/", "Your friends"),
        (f"/my/friends/{world.asha.referrals_made.all()[0].reference}/", ""),
        ("/my/numbers/", "Your figures"),
        ("/my/leaderboard/", "Leaderboard"),
        ("/my/story/", "Tell your story"),
        ("/my/help/", "Help"),
        ("/my/feedback/?step=collecting", "How was it?"),
        ("/my/rewards/", "Your rewards"),
        (f"/my/rewards/{reward.reference}/", ""),
        ("/my/account/", "Your account"),
        ("/my/more/", "More"),
        ("/my/preferences/", "Name and language"),
        ("/my/news/", "News and offers"),
        ("/my/browsers/", "Where you are signed in"),
        ("/my/data/", "A copy of my data"),
        (f"/my/data/{export.reference}.html", "What we keep of you"),
        ("/my/forget-me/", "Forget me"),
        ("/my/loans/loan_0000000000000000/", "That did not work"),
    ]
    return [*found, (f"/my/loans/{held.reference}/", "Aero 7 camera")] if held else found


def test_every_page_is_clean_in_every_look(page: Page, world: World, live_server) -> None:
    enter(page, world.asha, live_server.url)
    for path, heading in paths(world):
        page.goto(path)
        expect(page.get_by_role("heading", level=1, name=heading), path).to_be_visible()
        assert_page_is_clean(page)
        for summary in page.locator("summary").all():
            summary.click()
        assert_page_is_clean(page)


def test_the_way_in_is_clean_in_every_look(page: Page, world: World) -> None:
    page.goto("/my/")
    expect(page.get_by_role("heading", name="Open your pages")).to_be_visible()
    assert_page_is_clean(page)
    page.get_by_label("Your e-mail address").fill("asha at home")
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_text("Write an e-mail address like")).to_be_visible()
    assert_page_is_clean(page)
    page.get_by_label("Your e-mail address").fill(world.asha.email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert_page_is_clean(page)
    page.get_by_label("Code from the mail").fill("000000")
    page.get_by_role("button", name="Open my pages").click()
    expect(page.get_by_text("This code does not fit.")).to_be_visible()
    assert_page_is_clean(page)
    page.goto("/my/in/")
    assert_page_is_clean(page)
    page.goto(link_for(world.asha))
    assert page.url.endswith("/my/in/")
    assert_page_is_clean(page)
    page.get_by_role("button", name="Open my pages").click()
    expect(page.get_by_role("heading", name="Hello Asha")).to_be_visible()
    page.goto("/my/more/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert_page_is_clean(page)


def link_for(person: Customer) -> str:
    """The path of a fresh link, as the mail carries it."""
    at = timezone.now()
    asked = signing_in.ask(email=person.email, at=at)
    notice = signing_in.look_up(asked=asked, at=at)
    assert notice is not None
    return f"/my/in/{signing_in.write_secrets(notice, at)['link']}/"


def test_mistakes_are_shown_clean_beside_their_fields(page: Page, world: World, live_server) -> None:
    enter(page, world.asha, live_server.url)
    loan = Loan.objects.get(borrower=world.asha, state="on_loan")
    page.goto(f"/my/loans/{loan.reference}/")
    for button in ("Book this day", "Ask for more time", "Report it"):
        page.get_by_role("button", name=button).click()
        expect(page.locator(".errorlist").first, button).to_be_visible()
        assert_page_is_clean(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_return_is_booked_without_scripts(window: Callable[..., Page], world: World, live_server, size: str) -> None:
    page = window(size, java_script_enabled=False)
    enter(page, world.asha, live_server.url)
    page.goto("/my/")
    page.get_by_role("link", name="Book the return").click()
    page.get_by_label("Which day suits you?").select_option(index=2)
    page.get_by_role("button", name="Book this day").click()
    assert page.get_by_role("status").inner_text() == "Booked. We expect you on that day."
    page.get_by_role("button", name="Cancel this day").click()
    assert page.get_by_role("status").inner_text() == "Taken back."


def test_the_pages_are_light_to_load(window: Callable[..., Page], world: World, live_server) -> None:
    for path, brand in (
        ("/my/", "#224488"),
        ("/my/share/", ""),
        (f"/my/loans/{Loan.objects.get(state='on_loan').reference}/", "#224488"),
    ):
        Brand.objects.all().delete()
        if brand:
            Brand.objects.create(pk=1, colour=brand)
        page = window("phone")
        enter(page, world.asha, live_server.url)
        sizes: dict[str, int] = {}
        addresses: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", lambda told, a=addresses: a.update({told["requestId"]: told["request"]["url"]}))
        session.on(
            "Network.loadingFinished",
            lambda told, a=addresses, s=sizes: s.update({a[told["requestId"]]: int(told["encodedDataLength"])}),
        )
        page.goto(path, wait_until="networkidle")
        # Pictures that stand in a page or that the browser draws itself are no requests.
        asked = {address: size for address, size in sizes.items() if not address.startswith("data:")}
        assert len(asked) <= BUDGET_REQUESTS, (path, asked)
        as_served = {address: compressed(address) or size for address, size in asked.items()}
        assert sum(as_served.values()) <= BUDGET_BYTES, (path, as_served)


def compressed(address: str) -> int:
    """Bytes of a stylesheet or script with its headers as production serves it (`STORAGES` in `config/settings/prod.py`); else 0."""
    name = urlsplit(address).path.removeprefix("/static/")
    if not name.endswith((".css", ".js")) or name == urlsplit(address).path:
        return 0
    return len(gzip.compress((Path("static") / name).read_bytes())) + HEADERS


def test_any_page_works_on_a_very_narrow_phone(window: Callable[..., Page], world: World, live_server) -> None:
    page = window("phone")
    page.set_viewport_size({"width": 320, "height": 640})
    enter(page, world.asha, live_server.url)
    for path, _ in paths(world):
        page.goto(path)
        assert_page_is_clean(page)


def test_a_link_is_copied_where_the_browser_can(window: Callable[..., Page], world: World, live_server) -> None:
    page = window("phone", permissions=["clipboard-read", "clipboard-write"])
    enter(page, world.asha, live_server.url)
    page.goto("/my/share/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    code = Code.objects.get(customer=world.asha)
    assert f"/r/{code.code}/" in page.evaluate("navigator.clipboard.readText()")
    assert_page_is_clean(page)


def test_a_session_that_ended_leads_to_the_door_and_back(window: Callable[..., Page], world: World, live_server) -> None:
    page = window("phone")
    enter(page, world.asha, live_server.url)
    world.asha.portal_sessions.update(
        seen_at=timezone.now() - timedelta(minutes=31), created_at=timezone.now() - timedelta(hours=1)
    )
    page.goto("/my/rewards/")
    expect(page.get_by_role("heading", name="Open your pages")).to_be_visible()
    page.goto(link_for(world.asha))
    page.get_by_role("button", name="Open my pages").click()
    expect(page.get_by_role("heading", name="Hello Asha")).to_be_visible()
