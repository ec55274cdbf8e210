"""One promise served, offered, and answered by several in the same instant: first without what keeps it right, then with it."""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from audit import trail
from audit.actors import SYSTEM
from audit.models import Entry
from equipment import availability, giving_up, queueing, relocating
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState as S
from referrals import substituting
from referrals.models import Promise, SubstituteOffer
from referrals.refusals import ReferralRefused
from tests.equipment import walk
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.races.test_lending_races import patient_locks, race  # noqa: F401 (a fixture is used by name)
from tests.races.test_loan_step_races import meet
from tests.stories import issue_to, sign_up

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
ON_POSTGRESQL = connection.vendor == "postgresql"


def read_only(ids: Iterable[int]) -> list[Pool]:
    return list(Pool.objects.filter(pk__in=set(ids)).select_related("model"))


def record(*args: Any, **rest: Any) -> Any:
    with transaction.atomic():
        return trail.record(*args, **rest)


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relocating, "lock_pools", read_only)
    monkeypatch.setattr(relocating, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(relocating, "trail", SimpleNamespace(record=record))
    monkeypatch.setattr(queueing, "promote", lambda **whose: [])


def free_in(pool: Pool) -> int:
    return availability.free_now([pool], at=AT)[pool.pk].free


def results_of(calls: list[Callable[[], Any]]) -> list[str]:
    """`done`, or the code of the refusal; anything else that was raised fails here."""
    answers = race(calls)
    assert all(answer is None or isinstance(answer, LoanRefused | ReferralRefused | SubstituteOffer) for answer in answers), answers
    return sorted(getattr(answer, "code", "done") for answer in answers)


# Served from another place


def moving_to(pool: Pool, number: int) -> list[Callable[[], None]]:
    loans = [walk.to(S.HELD, make_pool(units=1, model=pool.model, place=f"Town {n}")) for n in range(number)]

    def move(pk: int) -> Callable[[], None]:
        return lambda: relocating.move_to_pool(loan=Loan.objects.get(pk=pk), pool=pool, reason="Near.", at=AT, by=SYSTEM)

    return [move(loan.pk) for loan in loans]


def test_without_the_lock_everybody_is_moved_to_the_one_unit_of_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = make_pool(units=1)
    calls, all_have_looked, read = moving_to(pool, 6), meet(6), availability.books

    def look_and_wait(*args: Any, **rest: Any) -> Any:
        seen = read(*args, **rest)
        all_have_looked()
        return seen

    without_lock(monkeypatch)
    monkeypatch.setattr(availability, "books", look_and_wait)
    race(calls)
    monkeypatch.undo()
    assert free_in(pool) < 0


def test_one_of_six_is_moved_to_the_one_unit_of_a_place() -> None:
    pool = make_pool(units=1)
    assert results_of(moving_to(pool, 6)) == ["done"] + ["no_capacity"] * 5
    assert (free_in(pool), Entry.objects.filter(event="loan.moved_to_pool").count()) == (0, 1)


# A kept unit taken over


def taking_over(number: int) -> tuple[Pool, list[Callable[[], None]]]:
    """One unit kept for somebody who waits in several queues."""
    borrower, bonn = make_customer(), make_pool(units=1, place="Bonn")
    waiting = []
    for n in range(number):
        pool = make_pool(units=1, model=bonn.model, place=f"Town {n}")
        walk.to(S.HELD, pool)
        waiting.append(walk.hold(pool, borrower))
    kept = walk.hold(bonn, borrower, purpose=f"{relocating.INSTEAD}{bonn.pk}:1")

    def take(pk: int) -> Callable[[], None]:
        return lambda: relocating.take_over(loan=Loan.objects.get(pk=pk), kept=Loan.objects.get(pk=kept.pk), at=AT, by=SYSTEM)

    return bonn, [take(loan.pk) for loan in waiting]


def test_without_lock_and_conditional_move_a_kept_unit_is_taken_over_by_two_loans(monkeypatch: pytest.MonkeyPatch) -> None:
    bonn, calls = taking_over(2)
    both_have_looked = meet(2)

    def write_without_looking(loan: Loan, to: S, **changes: Any) -> None:
        both_have_looked()
        Loan.objects.filter(pk=loan.pk).update(state=to, **changes)

    without_lock(monkeypatch)
    monkeypatch.setattr(relocating, "move_loan", write_without_looking)
    race(calls)
    monkeypatch.undo()
    assert free_in(bonn) == -1


def test_a_kept_unit_is_taken_over_by_one_loan() -> None:
    for _ in range(3):
        bonn, calls = taking_over(2)
        assert results_of(calls) == ["done", "not_kept"]
        assert free_in(bonn) == 0


def test_a_kept_unit_is_taken_over_or_its_time_is_over_and_never_both() -> None:
    for _ in range(3):
        bonn, (take,) = taking_over(1)
        kept = Loan.objects.get(pool=bonn)
        end = kept.hold_expires_at
        assert end is not None
        results_of([take, lambda pk=kept.pk, end=end: giving_up.expire(loan=Loan.objects.get(pk=pk), at=end, by=SYSTEM)])
        kept.refresh_from_db()
        assert (kept.state, Loan.objects.filter(pool=bonn, state=S.HELD).count()) in [(S.CANCELLED, 1), (S.EXPIRED, 0)]
        assert free_in(bonn) == (0 if kept.state == S.CANCELLED else 1)


# A substitute answered in two windows


def offered() -> SubstituteOffer:
    """A unit of another model, kept for somebody in the queue."""
    pool, drones = make_pool(units=1, open_days="1111111"), make_pool(units=1, open_days="1111111")
    code = issue_to(make_customer(), make_campaign(pool=pool, both_sides=False))
    sign_up(code, f"Ben{pool.pk} Okoro")
    promise = sign_up(code, f"Chloe{pool.pk} Lund").promises.select_related("loan__borrower").get()
    return substituting.offer_substitute(promise=promise, pool=drones, reason="It came back late.", days=5, at=AT, by=SYSTEM)


def answering(offer: SubstituteOffer) -> list[Callable[[], SubstituteOffer]]:
    def fresh() -> SubstituteOffer:
        return SubstituteOffer.objects.select_related("loan__borrower", "promise").get(pk=offer.pk)

    yes = [lambda: substituting.accept_substitute(offer=fresh(), at=AT + DAY, by=SYSTEM)] * 3
    no = [lambda: substituting.decline_substitute(offer=fresh(), at=AT + DAY, by=SYSTEM)] * 3
    return [*yes, *no]


def answers_on_the_trail(offer: SubstituteOffer) -> list[str]:
    told = Entry.objects.filter(subject_reference=offer.promise.referral.reference)
    both = ["promise.substitute_accepted", "promise.substitute_declined"]
    return list(told.filter(event__in=both).values_list("event", flat=True))


def test_a_substitute_is_answered_once_and_without_the_lock_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    if ON_POSTGRESQL:
        offer = offered()
        all_have_looked = meet(2)

        def look_only(offer: SubstituteOffer) -> tuple[Promise, SubstituteOffer]:
            rows = SubstituteOffer.objects.select_related("loan__pool__model", "loan__borrower", "promise__loan__pool__model")
            seen = rows.get(pk=offer.pk)
            all_have_looked()
            return seen.promise, seen

        def end_blindly(offer: SubstituteOffer, state: str, at: object) -> None:
            SubstituteOffer.objects.filter(pk=offer.pk).update(state=state, ended_at=at)

        is_taken, take_over, cancel = Event(), relocating.take_over, giving_up.cancel

        def take(**what: Any) -> None:
            take_over(**what)
            is_taken.set()

        def cancel_after_it(**what: Any) -> None:
            is_taken.wait(10)
            cancel(**what)

        monkeypatch.setattr(relocating, "take_over", take)
        monkeypatch.setattr(giving_up, "cancel", cancel_after_it)
        monkeypatch.setattr(substituting, "_both", look_only)
        monkeypatch.setattr(substituting, "_end", end_blindly)
        calls = answering(offer)
        race([calls[0], calls[-1]])
        monkeypatch.undo()
        assert len(answers_on_the_trail(offer)) == 2, "the race is not shown"
    for _ in range(3):
        offer = offered()
        assert results_of(answering(offer)) == ["done"] * 3 + ["offer_over"] * 3
        (told,) = answers_on_the_trail(offer)
        offer.refresh_from_db()
        loan = Promise.objects.select_related("loan__pool").get(pk=offer.promise_id).loan
        held = Loan.objects.filter(pool=offer.loan.pool, state=S.HELD)
        assert (told, loan.state, held.count()) in [
            ("promise.substitute_accepted", S.HELD, 1),
            ("promise.substitute_declined", S.WAITLISTED, 0),
        ]
