"""Who reads everything is told what happened to whom, and not how to reach them."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client

from customers import import_files
from customers.models import Customer, ImportRun
from notices.models import Notice
from tests.admin import world
from tests.admin.test_lists import lists
from tests.security.walking import addresses

IBAN = "DE89 3704 0044 0532 0130 00"
STREET = "Rue Plantée 17"


def plant() -> set[str]:
    """Give every customer what one is reached by, and put a file with the same on the pages of imports. Answers all of it."""
    for customer in Customer.objects.all():
        number = f"+49170{customer.pk:07}"
        Customer.objects.filter(pk=customer.pk).update(phone=number, postcode=f"P{customer.pk:05}X", city="Plantedtown")
    line = {"name": "Asha Rao", "email": "in.a.file@example.org", "phone": "+491701234567", "city": STREET, "attribute.iban": IBAN}
    findings = {
        "created": [{"line": 2, "key": "1", "fields": line}],
        "updated": [{"line": 3, "key": "2", "fields": {name: ["", text] for name, text in line.items()}}],
        "rejected": [{"line": 4, "field": "email", "reason": "email is not an e-mail address."}],
        "fields": {"email": 1},
        "ignored": [],
    }
    columns = {"columns": {name: name for name in line}}
    ImportRun.objects.update(state="checked", created=1, updated=1, rejected=1, findings=findings, mapping=columns)
    run = ImportRun.objects.get()
    import_files.rejects_target(run).with_suffix(".csv.part").write_text(f"4,email,Wrong,{','.join(line.values())}\n")
    assert import_files.rejects_of(run)
    reached = set(Customer.objects.values_list("email", flat=True)) | set(Customer.objects.values_list("phone", flat=True))
    postcodes = set(Customer.objects.values_list("postcode", flat=True))
    return (
        reached | postcodes | set(Notice.objects.values_list("address", flat=True)) | {*line.values(), "Plantedtown"} - {"Asha Rao"}
    )


def all_that_is_told(client: Client) -> Iterator[tuple[str, str]]:
    """Every page, file and paper this person gets, as words, with its address."""
    for address in addresses():
        yield address.name, words_of(client.get(address.url))
    for name, _, url in lists():
        yield f"{name} as a file", words_of(client.post(url, {"export": "comma"}))
    for kind in ("csv", "jsonl"):
        yield f"trail as {kind}", words_of(client.post("/admin/audit/search/file/", {"format": kind}))


def words_of(answer: Any) -> str:
    """What stands in an answer."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer["Content-Type"] == "application/pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return str(body.decode("utf-8", "replace"))


def where_told(client: Client, planted: set[str]) -> dict[str, set[str]]:
    """Which of the words are told, and where."""
    found: dict[str, set[str]] = {}
    for name, text in all_that_is_told(client):
        for word in planted:
            if word in text:
                found.setdefault(word, set()).add(name)
    return found


@pytest.fixture
def planted(settings: Any, tmp_path: Path, clock: object) -> set[str]:
    """The world, with what its customers are reached by."""
    settings.VAR_DIR = tmp_path
    world.fill()
    return plant()


def test_nothing_the_auditor_opens_or_fetches_says_how_to_reach_a_customer(eve: Client, planted: set[str]) -> None:
    assert where_told(eve, planted) == {}


def test_the_same_walk_finds_all_of_it_for_whoever_may_see_it(administrator: Client, planted: set[str]) -> None:
    assert where_told(administrator, planted).keys() == planted
