"""The handover desk in a browser: lent and taken back on a phone, handed over by keyboard alone, clean in every look."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from audit.actors import SYSTEM
from equipment import finding, lending
from equipment.models import Loan
from tests.browser import staff
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.world import TERMS
from tests.equipment.pictures import picture
from tests.make import make_customer, make_model, make_pool, make_terms

CHECKLIST = ["Battery and charger", "Strap and bag"]
DESK = "/admin/handover/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def loans(transactional_db: None) -> list[Loan]:
    """Two unlocked loans of two cameras with easy serial numbers."""
    at = timezone.now()
    pool = make_pool(units=2, model=make_model("Aero 7 mirrorless camera", checklist=CHECKLIST))
    for n, unit in enumerate(pool.units.order_by("pk"), start=1):
        unit.serial = f"AER-BER-{n:03}"
        unit.save()
    terms = make_terms("loan-terms", TERMS)
    found = []
    for name in ("Asha Rao", "Ben Okoro"):
        until = at + timedelta(days=7)
        loan = lending.hold(pools=[pool], borrower=make_customer(name), purpose=name, until=until, at=at, by=SYSTEM, terms=terms)
        lending.unlock(loan=loan, at=at, by=SYSTEM)
        found.append(loan)
    return found


@pytest.fixture
def at_the_desk(live_server: Any) -> Callable[[Page], Page]:
    """Signs a window in as someone of the handover desk."""

    def sign_in(window: Page) -> Page:
        staff.sign_in(window, "Handover desk", base_url=live_server.url)
        return window

    return sign_in


@pytest.fixture
def photo(tmp_path: Path) -> Iterator[str]:
    file = tmp_path / "camera.jpg"
    file.write_bytes(picture(size=(1200, 900)))
    yield str(file)


def scan(page: Page, code: str) -> None:
    """What a scanner does: it types quickly and sends Enter, wherever the cursor is."""
    # The browser puts the cursor into the field a moment after the page has come; nobody scans within that moment.
    expect(page.locator("input:focus, textarea:focus")).to_have_count(1)
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_the_handover_desk_lends_and_takes_back_a_unit_on_a_phone_sized_screen(
    window: Callable[..., Page], at_the_desk: Callable[[Page], Page], loans: list[Loan], photo: str
) -> None:
    page = at_the_desk(window("phone"))
    loan = loans[0]
    page.goto(DESK)
    expect(page.get_by_label("Code on a receipt")).to_be_focused()
    scan(page, f"loan {finding.printed(loan).lower()}")
    expect(page.get_by_role("heading", name="Aero 7 mirrorless camera")).to_be_visible()

    page.get_by_label("Scan the label of the unit").focus()
    scan(page, "aer-ber-002")
    expect(page.get_by_text("Unit AER-BER-002 is ready for hand-over.")).to_be_visible()

    expect(page.get_by_text("bring it back clean and complete", exact=False)).to_be_attached()
    page.get_by_label("Name of the borrower").fill("Asha Rao")
    for thing in CHECKLIST:
        page.get_by_label(thing).check()
    page.locator("input[name=accessories], textarea[name=accessories]").fill("Spare battery")
    page.locator(".next input[type=file]").set_input_files([photo])
    expect(page.get_by_text("Photo 1: camera.jpg")).to_be_visible()
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_text("Unit AER-BER-002 is handed over.", exact=False)).to_be_visible()
    receipt = page.get_by_role("link", name="Print the handover receipt").first.get_attribute("href")
    assert page.request.get(str(receipt)).body().startswith(b"%PDF")
    assert_page_is_clean(page)

    page.goto(DESK)
    scan(page, "NO-SUCH-1")
    expect(page.get_by_text("Nothing is known as “NO-SUCH-1”.")).to_be_visible()
    scan(page, "AERBER OO2")
    for thing in (*CHECKLIST, "Spare battery"):
        page.get_by_label(thing).check()
    page.get_by_label("Condition", exact=True).select_option("Worn")
    page.locator(".next input[type=file]").set_input_files([photo])
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_text("Unit AER-BER-002 is back. Inspect it next.")).to_be_visible()
    pictures = page.locator(".photos img")
    before, after = (page.get_by_role("region", name=name).bounding_box() for name in ("At the check-out", "At the check-in"))
    assert before and after and before["y"] == after["y"], "before and after stand side by side"
    assert before["x"] + before["width"] < after["x"]
    expect(pictures).to_have_count(2)
    page.evaluate("document.querySelectorAll('.photos img').forEach((image) => image.loading = 'eager')")
    pictures.last.scroll_into_view_if_needed()
    expect(pictures.last).to_have_js_property("complete", True)
    assert pictures.last.evaluate("image => image.naturalWidth") == 1200
    assert_page_is_clean(page)

    page.get_by_label("All fine").check()
    page.get_by_role("button", name="Record the inspection").click()
    expect(page.get_by_text("in service again", exact=False).first).to_be_visible()
    expect(page.get_by_label("Scan the next one")).to_be_focused()
    loan.refresh_from_db()
    assert (loan.state, loan.photos.count()) == ("closed", 2)


def test_a_unit_is_handed_over_by_keyboard_alone(
    window: Callable[..., Page], at_the_desk: Callable[[Page], Page], loans: list[Loan]
) -> None:
    page = at_the_desk(window("desk"))
    page.goto(DESK)
    scan(page, finding.printed(loans[1]))
    expect(page.get_by_role("heading", name="Pick a unit")).to_be_visible()
    expect(page.get_by_label("Scan the label of the unit")).to_be_focused()
    page.keyboard.type("AER-BER-001")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Unit AER-BER-001 is ready for hand-over.")).to_be_visible()
    tab_to(page, "Name of the borrower, typed by them")
    page.keyboard.type("Ben Okoro")
    for thing in CHECKLIST:
        tab_to(page, thing)
        page.keyboard.press("Space")
    tab_to(page, "Check out")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Unit AER-BER-001 is handed over.", exact=False)).to_be_visible()
    loans[1].refresh_from_db()
    assert loans[1].state == "on_loan"


def test_on_a_phone_the_bar_covers_nothing_that_has_the_cursor(
    window: Callable[..., Page], at_the_desk: Callable[[Page], Page], loans: list[Loan]
) -> None:
    page = at_the_desk(window("phone"))
    page.goto(DESK)
    scan(page, finding.printed(loans[1]))
    expect(page.get_by_role("heading", name="Pick a unit")).to_be_visible()
    covered = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        covered.add(page.evaluate(_COVERED))
    assert covered - {""} == set()


_COVERED = """() => {
  const at = document.activeElement, bar = document.querySelector('.phone-bar');
  const isUnder = at.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
  return at === document.body || bar.contains(at) || !isUnder ? '' : at.outerHTML.slice(0, 120);
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the cursor is at what is called `name`, seeing where it is all the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found, is_seen = page.evaluate(_WHERE)
        assert is_seen, f"the cursor is not to be seen at “{found}”"
        if found == name:
            return
    raise AssertionError(f"Tab never comes to “{name}”")


_WHERE = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText;
  const style = getComputedStyle(at);
  const isSeen = at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return [(label || '').trim(), isSeen];
}"""


def test_the_desk_is_clean_in_every_look(page: Page, at_the_desk: Callable[[Page], Page], loans: list[Loan]) -> None:
    at_the_desk(page)
    first = f"/admin/handover/{loans[0].reference}/"
    unit = loans[0].pool.units.all()[0]
    lending.prepare(loan=loans[0], unit=unit, at=timezone.now(), by=SYSTEM)
    second = f"/admin/handover/{loans[1].reference}/"
    for path in (DESK, f"{DESK}?code=NO-SUCH-1", first, second, f"{DESK}bulk/"):
        page.goto(path)
        assert_page_is_clean(page)
    page.goto(first)
    page.locator("details.other summary").first.click()
    page.get_by_label("Name of the borrower").fill("Asha Rao")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_text("Still to be ticked", exact=False)).to_be_visible()
    assert_page_is_clean(page)
    page.goto(f"{DESK}bulk/")
    scan(page, unit.serial)
    scan(page, "NO-SUCH-1")
    page.get_by_role("button", name="Show the list").click()
    expect(page.get_by_text("can be checked in", exact=False)).to_be_visible()
    assert_page_is_clean(page)
