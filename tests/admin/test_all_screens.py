"""What every page of the desk does, whichever model it is of."""

import re
from collections import Counter

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from config.constraints import own_models
from desk.admin.moves import MovesAdmin
from tests.admin import world

OURS = [model for model in own_models() if model in admin.site._registry]


def address(model, page: str, *arguments) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def pages() -> dict[str, str]:
    """Address of every list, and of the page of the first row of each."""
    found = {f"{model._meta.label} list": address(model, "changelist") for model in OURS}
    return found | {
        f"{model._meta.label} page": address(model, "change", model._default_manager.order_by("pk")[0].pk) for model in OURS
    }


def test_every_model_of_ours_has_a_page() -> None:
    assert [model._meta.label for model in own_models() if model not in admin.site._registry] == []


def test_the_world_holds_a_row_of_everything(clock: object) -> None:
    world.fill()
    assert [model._meta.label for model in OURS if not model._default_manager.exists()] == []


def test_every_list_and_page_opens_and_asks_as_often_for_many_rows_as_for_one(administrator: Client) -> None:
    world.fill()
    first = counts(administrator)
    world.fill()
    world.fill()
    again = counts(administrator)
    assert {name: (first[name], again[name]) for name in first if again[name] > first[name]} == {}


def counts(client: Client) -> Counter[str]:
    """How many queries each page takes. It must open, hold rows, and carry no style or script of its own."""
    found: Counter[str] = Counter()
    for name, url in pages().items():
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(url)
        assert response.status_code == 200, name
        text = response.content.decode()
        assert not re.search(r"<style\b|\sstyle=|<script(?![^>]*(src=|type=\"application/json\"))", text), name
        if name.endswith(" list"):
            assert response.context["asked"].shown.rows, name
        found[name] = len(queries)
    return found


def test_the_auditor_sees_every_page_and_can_change_nothing_on_it(eve: Client) -> None:
    world.fill()
    before = {model: list(model._default_manager.order_by("pk").values()) for model in OURS}
    for name, url in pages().items():
        text = eve.get(url).content.decode()
        assert 'name="_save"' not in text, name
        rows = list(range(1, 20))
        assert eve.post(url, {"_save": "Save", "action": "delete_selected", "_selected_action": rows}).status_code < 500, name
    for model in OURS:
        assert eve.get(address(model, "add")).status_code == 403, model
        assert (
            eve.post(address(model, "delete", model._default_manager.order_by("pk")[0].pk), {"post": "yes"}).status_code == 403
        ), model
    assert before == {model: list(model._default_manager.order_by("pk").values()) for model in OURS}


READS = {"readiness", "audience", "verify-trail"}
"""Moves that change nothing, so that the auditor may make them."""


def moves() -> list[tuple[str, str, str]]:
    """Address of every move with its name; those of a row for the first row."""
    found = []
    for model in OURS:
        page = admin.site._registry[model]
        assert isinstance(page, MovesAdmin)
        row = model._default_manager.order_by("pk")[0]
        found += [
            (f"{model._meta.label} {move.name}", move.name, address(model, "move", row.pk, move.name)) for move in page._all_moves()
        ]
        found += [
            (f"{model._meta.label} {move.name}", move.name, address(model, "list_move", move.name)) for move in page.list_moves
        ]
    return found


def test_a_move_is_made_by_post_only_by_staff_and_never_by_the_auditor(eve: Client, administrator: Client, client: Client) -> None:
    world.fill()
    entries = Entry.objects.count()
    assert len(moves()) > 40
    for what, name, url in moves():
        assert administrator.get(url).status_code == 405, what
        if name not in READS:
            assert eve.post(url).status_code == 403, what
        answer = client.post(url)
        assert answer.status_code == 302 and answer["Location"].startswith("/admin/login/"), what
    assert Entry.objects.count() == entries


def test_a_stranger_is_sent_to_the_log_in_page(client: Client) -> None:
    world.fill()
    for name, url in pages().items():
        assert client.get(url)["Location"].startswith("/admin/login/"), name


def test_a_move_needs_the_token_of_its_page(administrator: Client) -> None:
    world.fill()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = administrator.cookies
    for what, _, url in moves():
        assert strict.post(url).status_code == 403, what


@pytest.mark.parametrize("name", ["nonsense", "delete"])
def test_a_move_that_does_not_exist_is_not_found(administrator: Client, name: str) -> None:
    world.fill()
    for model in OURS:
        row = model._default_manager.order_by("pk")[0]
        assert administrator.post(address(model, "move", row.pk, name)).status_code == 404
        assert administrator.post(address(model, "move", 999_999, name)).status_code == 404


def test_the_page_of_a_row_tells_what_happened_and_why(administrator: Client) -> None:
    referral = world.fill()
    text = administrator.get(address(type(referral), "change", referral.pk)).content.decode()
    assert "What happened, and why" in text
    assert "A friend signed up with the code" in text
    assert "Qualified as number 1 of this referrer." in text
    assert "reward.fulfilled" in text


def test_the_first_page_says_what_waits_for_whom(desk: Client, eve: Client) -> None:
    world.fill()
    assert "Units to pick for collection" in desk.get("/admin/").content.decode()
    assert "Nothing waits for you." in eve.get("/admin/").content.decode()
