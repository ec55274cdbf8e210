"""The bar of an invitation: clean in every look, in nobody's way, and whole without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Brand
from tests.browser.cleanliness import assert_page_is_clean
from tests.browser.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: object) -> World:
    return make_world()


def test_asking_remembering_and_forgetting_are_clean_in_every_look(page: Page, world: World) -> None:
    page.goto(f"/r/{world.code.code}/")
    yes, no = page.get_by_role("button", name="Yes, remember"), page.get_by_role("button", name="No, do not")
    expect(yes).to_be_visible()
    expect(no).to_be_visible()
    assert look_of(yes) == look_of(no)
    assert_page_is_clean(page)

    yes.click()
    expect(page.get_by_text("May this browser remember")).to_be_hidden()
    expect(page.get_by_text("This browser remembers until")).to_be_visible()
    assert [(one["httpOnly"], one["sameSite"]) for one in page.context.cookies()] == [(True, "Lax")]
    assert_page_is_clean(page)

    page.goto("/join/")
    expect(page.get_by_role("heading", name="Asha R. invited you")).to_be_visible()
    assert_page_is_clean(page)
    page.get_by_role("link", name="Go on with this invitation").click()

    page.get_by_role("button", name="Forget it").click()
    assert page.context.cookies() == []
    assert_page_is_clean(page)


def look_of(button: object) -> object:
    """Size and style of a button, without where it stands."""
    return button.evaluate(  # type: ignore[attr-defined]
        "(one) => { const box = one.getBoundingClientRect(), style = getComputedStyle(one);"
        "return [Math.round(box.width), Math.round(box.height), style.color, style.backgroundColor, style.fontWeight, style.borderColor] }"
    )


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_without_scripts_a_no_is_kept_for_the_visit_and_stores_nothing(
    window: Callable[..., Page], world: World, size: str
) -> None:
    page = window(size, "light", java_script_enabled=False)
    page.goto(f"/r/{world.code.code}/")
    page.get_by_role("button", name="No, do not").click()
    expect(page.get_by_role("button", name="Join and reserve mine")).to_be_visible()
    assert page.locator("aside").count() == 0
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("aside").count() == 0
    assert page.context.cookies() == []
    page.goto(f"/r/{world.code.code}/")
    page.get_by_role("button", name="Yes, remember").click()
    assert len(page.context.cookies()) == 1


def test_what_has_the_focus_is_never_hidden_behind_the_bar(page: Page, world: World) -> None:
    page.goto(f"/r/{world.code.code}/")
    for _ in range(14):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            "() => { const bar = document.querySelector('aside'), one = document.activeElement;"
            "return !bar.contains(one) && one.getBoundingClientRect().top >= bar.getBoundingClientRect().top }"
        )
        assert not hidden, page.evaluate("document.activeElement.outerHTML")


def test_switched_off_there_is_no_bar(page: Page, world: World) -> None:
    Brand.objects.create(pk=1, remembers_invitations=False)
    page.goto(f"/r/{world.code.code}/")
    assert page.locator("aside").count() == 0
