"""Two roles walk every address of the desk: each answers as their permissions say, and none breaks."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin import world
from tests.admin.conftest import As
from tests.admin.test_all_screens import READS
from tests.security.walking import addresses, unnamed

FINE = {200, 302, 403, 404, 405, 422}


@pytest.mark.parametrize("role", ["Handover desk", "Approver"])
def test_every_page_opens_to_those_who_may_and_to_nobody_else(signed_in_as: As, role: str) -> None:
    world.fill()
    client = signed_in_as(role)
    user = User.objects.get(username=role.split()[0].lower())
    wrong = []
    walked = addresses()
    assert len(walked) > 120
    for address in walked:
        status = client.get(address.url).status_code
        may = address.permissions is None or not address.permissions or any(map(user.has_perm, address.permissions))
        may = may and all(map(user.has_perm, address.besides))
        if status not in FINE or (not may and status not in (403, 404)) or (may and address.permissions and status == 403):
            wrong.append((address.name, address.url, status))
    assert wrong == []


NOT_THERE = {"screen handover_photo", "screen import_map", "screen import_rejects"}
"""Files that the world of the tests has not got."""


TO_DO_SOMETHING = {
    "add": "makes a row",
    "delete": "deletes one",
    "approvals_decide": "decides",
    "approvals_undo": "takes a decision back",
    "approvals_undo_together": "takes several back",
    "approvals_together": "asks before many are approved",
    "campaign_move": "asks before a campaign moves",
    "campaign_sequence_new": "writes a sequence that is not there yet",
    "campaign_start": "begins a campaign",
    "campaign_terms_new": "writes a document that is not there yet",
    "campaign_terms_write": "writes the next wording; each that is written has a page",
    "handover_bulk": "takes units back",
    "import_upload": "takes a file",
    "payout_file": "marks a batch as sent",
    "promise_fix": "asks before a promise is served otherwise",
}
"""Pages whose whole sense is to do something, and what."""
WITH_ADDRESSES = {"import_rejects": "holds whole lines of a file, with e-mail addresses of customers"}


def test_the_auditor_opens_every_page_that_has_something_to_read(eve: Client) -> None:
    world.fill()
    answers = {address: eve.get(address.url).status_code for address in addresses()}
    assert {(address.name, status) for address, status in answers.items() if status not in FINE} == set()
    answers = {address: status for address, status in answers.items() if address.name.split()[-1] not in READS}
    closed = {address.kind for address, status in answers.items() if status == 403}
    opened = {address.kind for address, status in answers.items() if status in (200, 302)}
    assert closed == TO_DO_SOMETHING.keys() | WITH_ADDRESSES.keys()
    assert closed & opened == set()


def test_every_screen_is_walked_on_rows_that_are_there(administrator: Client) -> None:
    assert unnamed() == [], "Name rows for the addresses of these screens in EXAMPLES of tests/security/walking.py."
    world.fill()
    missed = [
        address.url
        for address in addresses()
        if address.name.rsplit(" ", 1)[0] not in NOT_THERE and administrator.get(address.url).status_code == 404
    ]
    assert missed == []


def test_a_stranger_finds_the_door_at_every_address(client: Client, clock: object) -> None:
    world.fill()
    open_to_all = [
        (address.name, answer.status_code)
        for address in addresses()
        if (answer := client.get(address.url)).status_code != 404 and "/login/" not in answer.get("Location", "")
    ]
    assert open_to_all == []


def test_nothing_breaks_when_an_empty_form_is_sent_to_every_address(signed_in_as: As) -> None:
    world.fill()
    client = signed_in_as("Approver")
    broken = [address.name for address in addresses() if client.post(address.url, {}).status_code >= 500]
    assert broken == []
