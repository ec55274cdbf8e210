"""A file on its way in, and the help, as people see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from config import roles
from customers import import_running
from customers.models import Customer, ImportRun
from tests.browser.cleanliness import assert_page_is_clean

pytestmark = pytest.mark.django_db(transaction=True)

FILE = (
    b"Customer No;First name;Last name;E-Mail;Land;Class;Since;Shoe size\n"
    b"1;Asha;Rao;asha@example.org;Germany;VIP;19.07.2024;38\n"
    b"2;Ben;Okafor;ben@example.org;France;VIP;02.03.2024;44\n"
    b"3;;;no-address;France;VIP;02.03.2024;41\n"
)


@pytest.fixture
def mina(page: Page, live_server: Any, settings: Any) -> Page:
    """A window in which a marketing manager is signed in."""
    settings.STAFF_SECOND_FACTOR = False
    roles.sync()
    user, _ = User.objects.get_or_create(username="mina", is_staff=True)
    user.groups.set([Group.objects.get(name="Marketing manager")])
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return page


def work() -> None:
    """The background work, here and now."""
    at = timezone.now() + timedelta(minutes=5)
    for run in ImportRun.objects.all():
        while import_running.carry_on(run=run, at=at):
            pass


def test_a_file_comes_in_step_by_step(mina: Page) -> None:
    mina.goto("/admin/import/")
    assert_page_is_clean(mina)
    mina.get_by_role("link", name="Import customers").click()
    assert_page_is_clean(mina)
    mina.set_input_files("#id_file", {"name": "crm.csv", "mimeType": "text/csv", "buffer": FILE})
    mina.get_by_role("button", name="Upload and look at it").click()
    mina.get_by_text("The first 3 lines").click()
    assert_page_is_clean(mina)
    mina.get_by_label("Read Since as").select_option("member_since")
    mina.get_by_label("Read Class as").select_option("membership")
    mina.get_by_role("button", name="See what would change").click()
    name_the_words(mina)
    assert_progress_and_check(mina)
    assert_the_import(mina)


def name_the_words(mina: Page) -> None:
    """The words of a column are asked, and the page that asks is clean too."""
    words = mina.get_by_label("Class: VIP means")
    words.select_option("active")
    assert_page_is_clean(mina)
    mina.get_by_role("button", name="See what would change").click()


def assert_progress_and_check(mina: Page) -> None:
    mina.get_by_role("heading", name="We are looking at every line").wait_for()
    assert_page_is_clean(mina)
    work()
    # The page looks by itself; nobody presses anything.
    mina.get_by_role("heading", name="What would change").wait_for()
    assert mina.locator(".count-created dd").inner_text() == "2"
    assert mina.locator(".count-rejected dd").inner_text() == "1"
    assert Customer.objects.count() == 0
    assert_page_is_clean(mina)


def assert_the_import(mina: Page) -> None:
    mina.get_by_role("button", name="Import the good lines").click()
    mina.get_by_role("heading", name="The import is running").wait_for()
    work()
    mina.get_by_role("heading", name="The import is done").wait_for()
    assert_page_is_clean(mina)
    assert Customer.objects.filter(membership="active").count() == 2
    with mina.expect_download() as download:
        mina.get_by_role("link", name="Download rejected lines").click()
    assert download.value.suggested_filename == "customers-rejected.csv"


def test_a_file_that_cannot_be_read_is_refused_at_the_field(mina: Page) -> None:
    mina.goto("/admin/import/customers/new/")
    mina.set_input_files("#id_file", {"name": "crm.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04" + b"0" * 100})
    mina.get_by_role("button", name="Upload and look at it").click()
    mina.get_by_role("alert").get_by_text("not a CSV file").wait_for()
    assert_page_is_clean(mina)


def test_the_help_can_be_read_and_searched(mina: Page) -> None:
    mina.goto("/admin/help/")
    assert_page_is_clean(mina)
    mina.get_by_role("searchbox", name="Search the help").fill("serial number")
    mina.get_by_role("button", name="Search").click()
    mina.get_by_role("heading", name="with “serial number”").wait_for()
    assert_page_is_clean(mina)
    mina.get_by_role("link", name="Importing customers and units").click()
    mina.get_by_role("link", name="When a spreadsheet has harmed the file").click()
    assert mina.url.endswith("/admin/help/import/#when-a-spreadsheet-has-harmed-the-file")
    assert_page_is_clean(mina)
