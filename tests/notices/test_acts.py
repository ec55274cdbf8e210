"""A mail that asks for one thing has one button, which opens the page where it is done; nothing that people type becomes one."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import staff
from campaigns.models import Brand
from desk.colours import contrast
from notices import framing
from notices.acts import LABELS, act_of
from notices.kinds import KINDS, PERSON_NAMES, kind_of
from notices.models import Template
from notices.rendering import Press, Rendered, render
from notices.trying_out import send_test
from tests.admin.conftest import clock
from tests.make import AT, make_campaign
from tests.occasions import happen

__all__ = ["clock"]

ADDRESS = "http://testserver/verify/abc/"
CALLED = {
    "verify_email": {"en": "Confirm my address", "de": "Adresse bestätigen"},
    "portal_link": {"en": "Open my page", "de": "Meine Seite öffnen"},
    "data_export_ready": {"en": "Open the copy of my data", "de": "Kopie meiner Daten öffnen"},
    "substitute_offered": {"en": "Answer", "de": "Antworten"},
    "reward_choice": {"en": "Choose my reward", "de": "Prämie wählen"},
}


class Buttons(HTMLParser):
    """The buttons of a mail: where each leads, what it is called, how it looks; and all addresses it links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[dict[str, str]] = []
        self.links: list[dict[str, str]] = []
        self.labels: list[str] = []
        self.every: list[str] = []
        self._in_cell = self._in_link = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "td":
            self._in_cell = given.get("class") == "press"
            self.cells += [given] if self._in_cell else []
        elif tag == "a":
            self.every.append(given["href"])
            self._in_link = self._in_cell
            self.links += [given] if self._in_cell else []

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._in_link:
            self.labels.append(data)


def asked(body: str, **facts: str) -> Rendered:
    return render(subject="s", body=body, facts={"verify_url": ADDRESS, "note": "", "name": "", **facts}, act="verify_url")


def buttons_of(rendered: Rendered) -> list[Press]:
    return [part for part in rendered.parts if isinstance(part, Press)]


def look(attrs: dict[str, str]) -> dict[str, str]:
    pairs = (one.partition(":") for one in attrs["style"].split(";") if one.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "button"), [("en", "button"), ("de", "Knopf")])
def test_the_mail_to_confirm_an_address_never_takes_its_own_button_for_that_of_the_page(
    clock: object, language: str, button: str
) -> None:
    before, address, after = re.split(r"(http://testserver/verify/\S+)", happen("verify_email", language).body_text)
    assert button not in before
    with translation.override(language):
        pressed = gettext("Yes, this is my address")
    assert pressed in after
    assert pressed in Client(headers={"accept-language": language}).get(address).content.decode()


def test_which_kinds_ask_for_one_thing() -> None:
    assert {name for name, kind in KINDS.items() if act_of(kind)} == set(CALLED)
    assert not set(LABELS) & PERSON_NAMES


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", CALLED)
def test_a_mail_that_asks_for_one_thing_has_one_button_called_by_what_it_does(kind: str, language: str) -> None:
    notice = happen(kind, language)
    seen = Buttons(notice.body_html)
    assert seen.labels == [CALLED[kind][language]] and len(seen.cells) == 1
    (link,) = seen.links
    assert link["href"] in notice.body_text.split() and link["rel"] == "noopener noreferrer"
    # Once more as an address below, for whom the button does not work.
    assert seen.every.count(link["href"]) == 2
    assert {"en": "If the button does not work:", "de": "Falls der Knopf nicht funktioniert:"}[language] in notice.body_html
    assert CALLED[kind][language] not in notice.body_text.splitlines()


@pytest.mark.django_db
def test_the_mail_about_a_choice_leads_to_the_reward_that_is_chosen() -> None:
    notice = happen("reward_choice", "en")
    (link,) = Buttons(notice.body_html).links
    assert link["href"] == f"http://testserver/my/rewards/{notice.about}/"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(CALLED)))
def test_a_mail_that_asks_for_nothing_of_the_kind_has_no_button(kind: str) -> None:
    assert Buttons(happen(kind, "en").body_html).cells == []


def test_an_address_in_a_sentence_stays_a_link() -> None:
    rendered = asked("Open {{ verify_url }} today.\n\n{{ verify_url }}, please")
    assert buttons_of(rendered) == []
    assert all(f'<a href="{ADDRESS}"' in part for part in rendered.parts if isinstance(part, str))


def test_an_address_alone_on_its_line_is_a_button_between_what_stands_around_it() -> None:
    rendered = asked("Before.\n  {{verify_url}} \nAfter.\n\nEnd.")
    assert rendered.parts == ("Before.", Press(ADDRESS), "After.", "End.")
    assert rendered.text == f"Before.\n  {ADDRESS} \nAfter.\n\nEnd.\n"


def test_the_second_time_it_is_a_link() -> None:
    rendered = asked("{{ verify_url }}\n\n{{ verify_url }}")
    assert rendered.parts[0] == Press(ADDRESS) and len(buttons_of(rendered)) == 1
    assert f'<a href="{ADDRESS}"' in str(rendered.parts[1])


@pytest.mark.parametrize("words", [ADDRESS, "{{ verify_url }}", "\0", "{{ \0 }}", f"\0{ADDRESS}\0", "https://evil.example/prize"])
@pytest.mark.parametrize("fact", ["name", "note"])
def test_what_people_type_makes_no_button(fact: str, words: str) -> None:
    assert buttons_of(asked(f"Hello\n{{{{ {fact} }}}}\n\nBye", **{fact: words})) == []
    with_act = asked(f"{{{{ {fact} }}}}\n\n{{{{ verify_url }}}}", **{fact: words})
    assert buttons_of(with_act) == [Press(ADDRESS)] and "\0" not in "".join(str(part) for part in with_act.parts)


def test_a_line_beside_facts_that_are_all_empty_keeps_its_button() -> None:
    assert buttons_of(asked("{{ note }}\n{{ verify_url }}\n{{ note }}")) == [Press(ADDRESS)]


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "/verify/abc/", "http://testserver/a http://evil.example/b"])
def test_what_is_no_address_makes_no_button(address: str) -> None:
    assert buttons_of(asked("Hello\n{{ verify_url }}", verify_url=address)) == []


@given(body=st.text(st.sampled_from("a\n \0.")), note=st.text(st.sampled_from("b\n \0{}")))
def test_the_plain_text_is_the_same_with_and_without_a_button(body: str, note: str) -> None:
    words = f"{body}\n{{{{ verify_url }}}}\n{{{{ note }}}}{body}"
    facts = {"verify_url": ADDRESS, "note": note}
    with_button = render(subject="s", body=words, facts=facts, act="verify_url")
    assert with_button.text == render(subject="s", body=words, facts=facts).text
    assert len(buttons_of(with_button)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("colour", ["#0b6157", "#ffee00", "#ff8800", "#777777", "#ffffff", "#000000", "no colour"])
def test_a_button_can_be_read_whatever_the_brands_colour_and_a_thumb_can_hit_it(colour: str) -> None:
    Brand.objects.create(pk=1, colour=colour[:7])
    seen = Buttons(framing.framed(asked("{{ verify_url }}"), kind_of("verify_email"), language="en"))
    (cell,), (link,) = seen.cells, seen.links
    assert look(cell)["background-color"] == cell["bgcolor"] != "#ffffff"
    assert contrast(look(link)["color"], cell["bgcolor"]) >= 4.5
    above, _ = look(link)["padding"].split()
    assert 2 * int(above.removesuffix("px")) + int(look(link)["line-height"].removesuffix("px")) >= 44
    assert look(link)["display"] == "block" and look(link)["text-decoration"] == "none"


@pytest.mark.django_db
def test_in_a_dark_window_a_button_keeps_its_letters_and_gets_an_edge() -> None:
    html = framing.framed(asked("{{ verify_url }}"), kind_of("verify_email"), language="en")
    dark = html.partition("@media (prefers-color-scheme: dark)")[2].partition("</style>")[0]
    assert re.search(r"\.words \.press a\s*\{\s*color:\s*#ffffff !important", dark)
    assert contrast("#e8eeec", "#1a2220") >= 3 and re.search(r"\.words \.press\s*\{\s*border-color:\s*#e8eeec !important", dark)


@pytest.mark.django_db
def test_a_test_to_oneself_has_the_button_of_the_message() -> None:
    ida = User.objects.create_superuser("ida", email="ida@example.org")
    text = Template.objects.get(kind="verify_email", language="de", channel="email")
    notice = send_test(template=text, campaign=make_campaign(), at=AT, by=staff(ida))
    assert Buttons(notice.body_html).labels == ["Adresse bestätigen"]
