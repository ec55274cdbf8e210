"""The auditor changes nothing: by no button of hers, and by no form of anybody else's, sent to its address as it stands."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from audit.admin.screens import READING
from config.constraints import own_models
from customers.models import ImportRun
from equipment.models import Loan
from rewards.models import Line, Reward
from tests.admin import world
from tests.admin.test_all_screens import READS
from tests.security.forms import PostedForm, posted_forms
from tests.security.walking import addresses

TOLD = {"audit.Entry", "audit.Mention", "audit.Seal", "audit.SealedEntry"}
"""The trail itself: that she took a list or verified the seals is written there."""
MAY = ("/admin/audit/search/file/", "/preview/")
"""What she may send: the search as a file; the page of a campaign as strangers see it, which stores nothing."""


def rows() -> dict[str, list[Any]]:
    """Every row of every table of ours, and of staff and roles."""
    models = [model for model in own_models() if model._meta.label not in TOLD]
    found = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    return found | {"staff": list(User.objects.values("pk", "is_active", "password")), "roles": list(Group.objects.values())}


def forms_seen_by(client: Client) -> Iterator[tuple[str, PostedForm]]:
    """Where each form of each page of this person is sent, and what it sends."""
    for address in addresses():
        answer = client.get(address.url)
        is_page = answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html")
        for form in posted_forms(answer.content.decode()) if is_page else ():
            yield form.action if form.action.startswith("/") else address.url.split("?")[0] + form.action, form


def is_harmless(url: str, form: PostedForm) -> bool:
    """Whether it cannot be sent, or only reads: a move that reads, a list as a file, a customer tried against the rules."""
    sent = {(control.name, control.value) for control in form.controls if control.kind == "submit"}
    tries = (url.endswith("/rules/") or "/campaigns/segment/" in url) and sent == {("action", "try")}
    move = url.rstrip("/").rpartition("/")[2]
    return not form.has_button or move in READS or url.endswith(MAY) or "export" in dict(sent) or tries


def test_no_page_of_the_auditor_has_a_form_that_changes_something(eve: Client) -> None:
    world.fill()
    seen = list(forms_seen_by(eve))
    assert len(seen) > len(admin.site._registry) / 2
    assert sorted({url for url, form in seen if not is_harmless(url, form)}) == []


def test_no_form_of_an_administrator_does_anything_for_the_auditor(administrator: Client, eve: Client) -> None:
    world.fill()
    sent = {(url, str(form.filled())): form.filled() for url, form in forms_seen_by(administrator)}
    assert len(sent) > 80
    before = rows()
    answers = {url: eve.post(url, data).status_code for (url, _), data in sent.items()}
    assert {url: status for url, status in answers.items() if status >= 500} == {}
    after = rows()
    assert {label for label in before if before[label] != after[label]} == set()


READ_ONLY = {"asked_back", "background_work"}
"""Pages that nobody sends anything to, so that they refuse the way of asking before the person (405)."""


def test_whatever_the_auditor_sends_to_a_page_she_only_reads_is_refused(eve: Client) -> None:
    world.fill()
    read = [address for address in addresses() if READING in (address.permissions or ())]
    assert {"approvals", "appeal", "payout_batch", "handover_loan", "import_run"} < {address.kind for address in read}
    before = rows()
    answers = [(address.kind, method(address.url).status_code) for address in read for method in (eve.post, eve.put, eve.delete)]
    assert {kind for kind, status in answers if status != 403} == READ_ONLY
    assert {status for _, status in answers} == {403, 405}
    assert rows() == before


ACTED_ON = {"approvals", "appeal", "payouts", "payout_batch", "handover_loan", "import_run"}
"""Pages on which there is something to press for whoever may."""


def test_a_page_the_auditor_only_reads_says_so_once_and_has_nothing_to_press_or_to_tick(eve: Client, administrator: Client) -> None:
    let_work_wait()
    places = [(address.kind, address.url) for address in addresses() if READING in (address.permissions or ())]
    places += [("handover_loan", reverse("admin:handover_loan", args=[loan.reference])) for loan in Loan.objects.all()]
    assert {kind for kind, url in places if posted_forms(page_of(administrator, url))} >= ACTED_ON
    pages = [(kind, page_of(eve, url)) for kind, url in places if kind not in READ_ONLY]
    pages = [(kind, text) for kind, text in pages if text]
    assert {kind for kind, _ in pages} > ACTED_ON
    assert {kind for kind, text in pages if text.count("You read here.") != 1 or "You may not" in text} == set()
    assert {kind for kind, text in pages if posted_forms(text) or re.search(r'type="checkbox"|<button[^>]* form', text)} == set()


def let_work_wait() -> None:
    """Something to decide, to pay, to hand out and to bring in."""
    world.fill()
    Reward.objects.filter(kind="credit").update(state="held")
    Line.objects.update(state="failed", reason="Account closed")
    ImportRun.objects.update(state="checked", created=1)


def page_of(client: Client, url: str) -> str:
    """The page at an address, without the shell; nothing where there is none, or a file."""
    answer = client.get(url)
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return answer.content.decode().split('id="content-main"')[-1] if is_page else ""
