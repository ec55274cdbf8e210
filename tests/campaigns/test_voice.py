"""How messages begin and end, in each language."""

import pytest

from campaigns import voice
from campaigns.models import Brand
from notices.models import Template
from tests.make import make_customer
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db


def test_a_brand_that_says_nothing_leaves_it_to_the_words_of_each_language() -> None:
    brand = Brand(name="Borrowdale")
    assert (voice.greeting(brand, "en"), voice.greeting(brand, "de")) == ("Hello", "Hallo")
    assert voice.sign_off(brand, "en") == "Yours,\nthe Borrowdale team"
    assert voice.sign_off(brand, "de") == "Viele Grüße\ndein Team von Borrowdale"


def test_what_it_says_in_one_language_is_not_said_in_another() -> None:
    brand = Brand(name="Borrowdale", greeting="Dear", sign_off="Warmly, Cam")
    assert (voice.greeting(brand, "en"), voice.greeting(brand, "de")) == ("Dear", "Hallo")
    voice.say(brand, "greeting", "de", "Moin")
    assert (voice.greeting(brand, "en"), voice.greeting(brand, "de")) == ("Dear", "Moin")
    voice.say(brand, "greeting", "de", " ")
    assert voice.greeting(brand, "de") == "Hallo"


def test_a_german_mail_begins_and_ends_as_the_brand_says_in_german() -> None:
    Brand.objects.create(pk=1, greeting="Dear", voices={"de": {"greeting": "Moin", "sign_off": "Tschüss,\nCam"}})
    text = queued(to=make_customer("Ben Berg", language="de")).body_text
    assert text.startswith("Moin Ben,\n")
    assert "Tschüss,\nCam" in text
    assert "Hallo" not in text and "Dear" not in text


def test_every_shipped_mail_begins_and_ends_by_the_brand() -> None:
    mails = Template.objects.filter(channel="email")
    assert mails.count() > 70
    assert [t.reference for t in mails if "{{ greeting }} {{ name }}," not in t.body or "{{ sign_off }}" not in t.body] == []
