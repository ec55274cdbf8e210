"""Bad input in every form of the desk: no page breaks, it says that something is wrong, and what was typed stays."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.admin import world
from tests.security.forms import PostedForm, posted_forms
from tests.security.walking import addresses

TYPED = "zz typed zz"
BAD = {
    "number": "no number",
    "date": "2026-99-99",
    "datetime-local": "2026-99-99T99:99",
    "time": "99:99",
    "email": "not an address",
    "color": "no colour",
}
"""What nobody may type into fields of these kinds; other fields get a text that is not a valid value of most."""
SAYS = ("errorlist", 'role="alert"', 'class="err"', 'class="problem"', 'aria-invalid="true"')
"""How a page says that something is wrong."""
ANSWERS_OTHERWISE = {
    "/preview/": "is a stranger's page within a page: it shows the form and takes nothing",
    "/rules/": "its first button shows what the rules would do, right or wrong; saving is tried in the tests of rules",
    "/handover/bulk/": "answers with a list in which each line says that it is not known",
}


@dataclass(frozen=True)
class Sent:
    """A form with bad input, where it went, and what came back."""

    url: str
    typed: dict[str, str]
    answer: HttpResponse

    @property
    def text(self) -> str:
        """What the answer reads."""
        return html.unescape(self.answer.content.decode())


def bad(form: PostedForm) -> tuple[dict[str, list[str]], dict[str, str]]:
    """What is sent, and what of it was typed."""
    sent = form.filled()
    typed = {control.name: BAD.get(control.kind, TYPED) for control in form.controls if control.is_typed}
    chosen = {control.name: ["no-such-choice"] for control in form.controls if control.kind == "select"}
    return {**sent, **chosen, **{name: [text] for name, text in typed.items()}}, typed


def answers(client: Client) -> Iterator[Sent]:
    """Every form in which something is typed, sent once with bad input; what it may have stored is taken back."""
    seen = set()
    for address in addresses():
        page = client.get(address.url)
        if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        for form in posted_forms(page.content.decode()):
            url = form.action if form.action.startswith("/") else address.url.split("?")[0] + form.action
            if any(control.is_typed for control in form.controls) and url not in seen:
                seen.add(url)
                yield send(client, url, form)


def send(client: Client, url: str, form: PostedForm) -> Sent:
    data, typed = bad(form)
    with transaction.atomic():
        answer = client.post(url, data)
        transaction.set_rollback(True)
    return Sent(url, typed, answer)


def test_every_form_says_what_is_wrong_and_keeps_what_was_typed(administrator: Client) -> None:
    world.fill()
    administrator.raise_request_exception = False
    sent = list(answers(administrator))
    assert len(sent) > 40
    assert [one.url for one in sent if one.answer.status_code >= 500] == []
    refused = [one for one in sent if one.answer.status_code != 302 and not one.url.endswith(tuple(ANSWERS_OTHERWISE))]
    assert len(refused) > 25
    assert [(one.url, one.answer.status_code) for one in refused if one.answer.status_code < 400] == []
    assert [one.url for one in refused if not any(mark in one.text for mark in SAYS)] == []
    assert {one.url: lost for one in refused if (lost := [text for text in one.typed.values() if text not in one.text])} == {}
