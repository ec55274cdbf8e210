"""Sweeps may run twice, late or never."""

from datetime import timedelta

import pytest
import time_machine

from equipment import giving_up, jobs
from equipment.events import loan_moved
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT

DAY = timedelta(days=1)


def test_ended_holds_expire_once_and_the_queue_moves(lone: Pool) -> None:
    first = walk.to(S.HELD, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    assert jobs.expire_holds(AT + DAY) == {"expired": 0, "refused": 0, "failed": 0}
    assert jobs.expire_holds(AT + 8 * DAY) == {"expired": 1, "refused": 0, "failed": 0}
    assert jobs.expire_holds(AT + 8 * DAY) == {"expired": 0, "refused": 0, "failed": 0}
    first.refresh_from_db()
    waiting.refresh_from_db()
    assert (first.state, waiting.state) == (S.EXPIRED, S.HELD)


def test_without_an_instant_a_job_means_now(lone: Pool) -> None:
    walk.to(S.HELD, lone)
    with time_machine.travel(AT + 8 * DAY, tick=False):
        assert jobs.expire_holds()["expired"] == 1
        assert jobs.promote_waitlists() == {"promoted": 0, "failed": 0}


def test_one_failing_row_does_not_stop_the_others(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, refused, fine = (walk.to(S.HELD, pool) for _ in range(3))
    expire = giving_up.expire

    def sometimes(*, loan: Loan, **rest: object) -> None:
        if loan == broken:
            raise ZeroDivisionError
        if loan == refused:
            raise LoanRefused("busy", "Try again.")
        expire(loan=loan, **rest)

    monkeypatch.setattr(giving_up, "expire", sometimes)
    assert jobs.expire_holds(AT + 8 * DAY) == {"expired": 1, "refused": 1, "failed": 1}
    assert broken.reference in caplog.text


def test_a_queue_that_was_forgotten_is_found(lone: Pool) -> None:
    held = walk.to(S.HELD, lone)
    waiting = walk.to(S.WAITLISTED, lone)
    Loan.objects.filter(pk=held.pk).update(state=S.CANCELLED, reason="By hand.", ended_at=AT)
    assert jobs.promote_waitlists(AT) == {"promoted": 1, "failed": 0}
    assert jobs.promote_waitlists(AT) == {"promoted": 0, "failed": 0}
    waiting.refresh_from_db()
    assert waiting.state == S.HELD


def test_a_failing_queue_does_not_stop_the_others(lone: Pool, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    for full in (lone, pool):
        for _ in range(full.units.count() + 1):
            walk.hold(full)
    Loan.objects.filter(state=S.HELD).update(state=S.CANCELLED, reason="By hand.", ended_at=AT)
    promote = jobs.queueing.promote

    def sometimes(*, pool: Pool, **rest: object) -> list[Loan]:
        if pool == lone:
            raise ZeroDivisionError
        return promote(pool=pool, **rest)

    monkeypatch.setattr(jobs.queueing, "promote", sometimes)
    assert jobs.promote_waitlists(AT) == {"promoted": 1, "failed": 1}


def test_moves_are_announced_after_the_commit_and_a_failing_listener_changes_nothing(
    lone: Pool, django_capture_on_commit_callbacks: object
) -> None:
    heard: list[tuple[str, str]] = []

    def listen(sender: object, reference: str, state: str, **rest: object) -> None:
        heard.append((reference, state))
        raise ZeroDivisionError

    loan_moved.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            loan = walk.to(S.UNLOCKED, lone)
    finally:
        loan_moved.disconnect(listen)
    assert heard == [(loan.reference, "held"), (loan.reference, "unlocked")]
