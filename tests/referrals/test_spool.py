"""Visits that are lines of files first: all become rows, once, and files go when they are done with."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from referrals import draining, jobs, spool, tokens, visits
from referrals.models import Code, Referral, Segment, Touch
from tests.make import AT
from tests.stories import sign_up

pytestmark = pytest.mark.django_db

PERSON = {"address": "203.0.113.9", "user_agent": "Mozilla/5.0"}


@pytest.fixture(autouse=True)
def spooling(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.VAR_DIR, settings.LANDING_SPOOL = tmp_path, True
    yield
    spool.close()


def spooled(code: Code, count: int = 1) -> list[visits.Visit]:
    """Visits that are in the spool and nowhere else."""
    return [visits.record_visit(code_id=code.pk, at=AT + timedelta(seconds=n), channel="qr", **PERSON) for n in range(count)]


def test_a_visit_is_a_line_first_and_a_row_with_all_that_was_known_later(code: Code) -> None:
    visit = spooled(code)[0]
    assert not Touch.objects.exists()
    assert jobs.drain_visits(AT) == {"drained": 1, "forgotten": 0}
    touch = Touch.objects.get()
    assert {name: getattr(touch, name) for name in visits.Visit._fields} == visit._asdict()
    assert touch.visitor_hash and not touch.is_bot


def test_draining_twice_stores_nothing_twice(code: Code) -> None:
    spooled(code, 3)
    jobs.drain_visits(AT)
    spooled(code, 2)
    assert jobs.drain_visits(AT)["drained"] == 2
    assert jobs.drain_visits(AT)["drained"] == 0
    assert Touch.objects.count() == 5


def test_the_same_line_again_is_the_same_visit(code: Code) -> None:
    """The second belt: whatever becomes of the place in the file, a visit has one name."""
    spooled(code, 3)
    jobs.drain_visits(AT)
    Segment.objects.update(offset=0)
    assert jobs.drain_visits(AT)["drained"] == 3
    assert Touch.objects.count() == 3


def test_a_file_somebody_writes_to_stays_and_a_finished_one_goes_with_what_was_remembered_of_it(code: Code) -> None:
    spooled(code)
    jobs.drain_visits(AT)
    assert len(spool.segments()) == Segment.objects.count() == 1
    spool.close()
    jobs.drain_visits(AT)
    assert (spool.segments(), Segment.objects.count()) == ([], 0)


def test_a_new_file_is_begun_after_a_while_and_when_one_is_full(code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "SEGMENT_BYTES", 400)
    spooled(code, 10)
    assert len(spool.segments()) > 2
    monkeypatch.setattr(spool, "SEGMENT_SECONDS", -1)
    spool.close()
    spooled(code, 2)
    jobs.drain_visits(AT)
    assert Touch.objects.count() == 12


def test_a_line_without_its_end_waits_for_it_and_one_that_is_no_visit_is_left_out(code: Code) -> None:
    visit = spooled(code)[0]
    segment = spool.segments()[0]
    whole = segment.read_bytes()
    other = whole.replace(visit.token.hex.encode(), b"0" * 31 + b"1")
    with segment.open("ab") as file:
        file.write(b"nonsense\n" + other[:20])
    assert jobs.drain_visits(AT)["drained"] == 2
    with segment.open("ab") as file:
        file.write(other[20:])
    jobs.drain_visits(AT)
    assert Touch.objects.count() == 2


def test_a_full_disk_loses_no_visit(code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, line: real(file, line[:10]))
    spooled(code, 2)
    monkeypatch.undo()
    assert Touch.objects.count() == 2
    jobs.drain_visits(AT)
    assert Touch.objects.count() == 2


def test_a_code_typed_by_hand_is_a_row_at_once(code: Code) -> None:
    visits.record_visit(code_id=code.pk, at=AT, is_typed=True, **PERSON)
    assert Touch.objects.get().is_typed


def test_a_sign_up_that_overtakes_the_drainer_is_credited_and_its_visit_completed_later(code: Code) -> None:
    visit = spooled(code)[0]
    referral = sign_up(code, touch_token=tokens.sign_visit(visit), at=AT + timedelta(minutes=1))
    touch = Touch.objects.get()
    assert referral.credits.get().touch == touch
    assert (touch.channel, touch.visitor_hash) == ("qr", "")
    jobs.drain_visits(AT)
    touch.refresh_from_db()
    assert (Touch.objects.count(), touch.visitor_hash) == (1, visit.visitor_hash)


def test_what_is_remembered_of_files_that_are_gone_is_forgotten_but_not_of_another_machine(code: Code) -> None:
    Segment.objects.create(name=f"{spool.prefix()}1-1.visits")
    Segment.objects.create(name="elsewhere-1-1.visits")
    assert draining.forget_lost_segments() == 1
    assert Segment.objects.get().name == "elsewhere-1-1.visits"


def test_opening_an_invitation_then_costs_one_read(
    code: Code, settings: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    settings.LANDING_KEPT_SECONDS = 5
    browser = Client(headers={"user-agent": "Mozilla/5.0"})
    browser.get(f"/r/{code.code}/")
    with django_assert_num_queries(1):
        assert browser.get(f"/r/{code.code}/").status_code == 200
    assert not Referral.objects.exists()
