"""The page of the brand: a logo is put on and taken off, colours must be readable, and the voice has words in each language."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Entry
from campaigns import logos, voice
from campaigns.models import Brand
from tests.campaigns.logos import logo

ADDRESS = "/admin/campaigns/brand/1/change/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def brand(db: None) -> Brand:
    return Brand.objects.create(pk=1, name="Borrowdale")


def typed(**changes: Any) -> dict[str, Any]:
    plain = Brand(name="Borrowdale")
    names = ("name", "colour", "colour_dark", "news_from_hour", "news_until_hour", "news_cap", "news_cap_days")
    return {**{name: getattr(plain, name) for name in names}, "texts_urgent": "on", "remembers_invitations": "on", **changes}


def file(body: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="image/png")


def save(client: Client, **changes: Any) -> str:
    """What the page says after saving; empty when it was saved."""
    answer = client.post(ADDRESS, typed(**changes))
    return "" if answer.status_code == 302 else answer.content.decode()


def said_on_the_trail() -> str:
    entry = Entry.objects.latest("id")
    assert (entry.event, entry.subject_reference) == ("row.edited", "brand")
    return str(entry.data)


def test_a_logo_is_put_on_shown_light_and_dark_and_recorded(manager: Client, brand: Brand) -> None:
    assert save(manager, logo_file=file(logo())) == ""
    brand.refresh_from_db()
    assert logos.body_of(brand.logo)
    assert "logo" in said_on_the_trail()
    page = manager.get(ADDRESS).content.decode()
    assert page.count(f'src="/brand/{brand.logo}.png"') == 2
    assert "Borrowdale, on a light page" in page and "Borrowdale, on a dark page" in page


def test_another_name_of_the_file_makes_no_difference(manager: Client, brand: Brand, folder: Any) -> None:
    assert save(manager, logo_file=file(logo(), "../../../static/evil.html")) == ""
    brand.refresh_from_db()
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [f"brand/{brand.logo}.png"]


def test_saving_something_else_leaves_the_logo_alone(manager: Client, brand: Brand) -> None:
    save(manager, logo_file=file(logo()))
    assert save(manager, company="Borrowdale Ltd") == ""
    brand.refresh_from_db()
    assert brand.logo and brand.company == "Borrowdale Ltd"
    assert "logo" not in said_on_the_trail()


def test_a_logo_is_taken_off_again(manager: Client, brand: Brand) -> None:
    save(manager, logo_file=file(logo()))
    assert save(manager, logo_removed="on") == ""
    brand.refresh_from_db()
    assert (brand.logo, brand.logo_width) == ("", 0)
    assert "logo" in said_on_the_trail()
    assert "logo_removed" not in manager.get(ADDRESS).content.decode(), "there is none to take off"


def test_a_new_one_and_none_at_once_is_asked_again(manager: Client, brand: Brand) -> None:
    save(manager, logo_file=file(logo()))
    assert "Choose one: a new logo, or none." in save(manager, logo_file=file(logo(ink="#aa2200")), logo_removed="on")


def test_a_colour_nobody_can_read_is_refused_at_its_field_with_one_that_works(manager: Client, brand: Brand) -> None:
    page = save(manager, colour="#ffcc00")
    assert "The nearest shade that has it is #7b6200." in page
    assert save(manager, colour="#7b6200") == ""
    assert Brand.current().colour == "#7b6200"


def test_a_logo_beside_something_wrong_is_asked_for_again(manager: Client, brand: Brand) -> None:
    words = save(manager, logo_file=file(logo()), colour="#ffffff")
    assert "This logo is fine. Choose it once more" in words
    brand.refresh_from_db()
    assert brand.logo == ""


def test_the_voice_is_written_in_each_language(manager: Client, brand: Brand) -> None:
    assert save(manager, greeting="Dear", greeting_de="Moin", sign_off_de="Tschüss,\r\ndein Team") == ""
    stored = Brand.current()
    assert (voice.greeting(stored, "en"), voice.greeting(stored, "de")) == ("Dear", "Moin")
    assert voice.sign_off(stored, "de") == "Tschüss,\ndein Team"
    page = manager.get(ADDRESS).content.decode()
    assert 'value="Moin"' in page
    assert save(manager, greeting="Dear", sign_off_de="Tschüss,\r\ndein Team") == ""
    assert voice.greeting(Brand.current(), "de") == "Hallo"


def test_who_may_only_read_reads_how_messages_begin_and_end_in_each_language(eve: Client, brand: Brand) -> None:
    Brand.objects.update(greeting="Dear", voices={"de": {"sign_off": "Tschüss"}})
    page = eve.get(ADDRESS).content.decode()
    assert "Dear Robin, …<br>Yours,<br>the Borrowdale team" in page
    assert '<dd lang="de">Hallo Robin, …<br>Tschüss</dd>' in page


def test_the_auditor_sees_it_and_changes_nothing(eve: Client, brand: Brand) -> None:
    page = eve.get(ADDRESS).content.decode()
    assert "Borrowdale" in page and 'type="file"' not in page
    assert eve.post(ADDRESS, typed(logo_file=file(logo()), name="Mine")).status_code == 403
    brand.refresh_from_db()
    assert (brand.name, brand.logo) == ("Borrowdale", "")


def test_the_handover_desk_has_no_such_page(desk: Client, brand: Brand) -> None:
    assert desk.get(ADDRESS).status_code == 403
    assert desk.post(ADDRESS, typed(logo_file=file(logo()))).status_code == 403
