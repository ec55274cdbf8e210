"""The table of moves: what it does not allow is refused, and so is whoever may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from audit import actors
from audit.actors import SYSTEM, Actor
from equipment import giving_up, lending, returning, servicing, stocking, swapping
from equipment.conditions import Seen
from equipment.models import Loan, Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import (
    CONSUMING,
    LOAN_MOVES,
    LOAN_TERMINAL,
    LOAN_TONES,
    PRESENT,
    SERVICE_MOVES,
    SERVICE_TERMINAL,
    SERVICE_TONES,
    Service,
)
from equipment.states import LoanState as S
from equipment.swapping import Swap
from tests.equipment import walk
from tests.make import AT, make_customer, make_unit

Verb = Callable[[Loan, Actor, datetime], None]


def _other(loan: Loan) -> Unit:
    """A unit that is not the one of this loan, where the pool has two."""
    return loan.pool.units.exclude(pk=loan.unit_id).order_by("id").first() or loan.pool.units.get()


def _swap(loan: Loan) -> Swap:
    return Swap(_other(loan), "quarantine", "It does not switch on.", brought=Seen("damaged"), given=Seen("good"))


LATE = AT.replace(year=2027)
ONLY_LATE = {"mark_no_show", "expire"}


def _when(name: str) -> datetime:
    """When a verb can be called."""
    return LATE if name in ONLY_LATE else AT


def _unit(loan: Loan) -> Unit:
    return loan.unit or loan.pool.units.order_by("id")[0]


VERBS: dict[str, tuple[Verb, set[S], set[S], str]] = {
    # name: the call, the states it starts from, the states in which it changes nothing, the permission it asks
    "unlock": (
        lambda loan, by, at: lending.unlock(loan=loan, at=at, by=by),
        {S.HELD},
        {S.UNLOCKED, S.READY, S.ON_LOAN, S.RETURNED, S.UNRESOLVED, S.CLOSED, S.LOST},
        "",
    ),
    "prepare": (
        lambda loan, by, at: lending.prepare(loan=loan, unit=_unit(loan), at=at, by=by),
        {S.UNLOCKED},
        {S.READY},
        "prepare_loan",
    ),
    "unprepare": (lambda loan, by, at: lending.unprepare(loan=loan, at=at, by=by), {S.READY}, {S.UNLOCKED}, "prepare_loan"),
    "pick_another": (
        lambda loan, by, at: swapping.pick_another(loan=loan, unit=_other(loan), reason="Flat battery.", at=at, by=by),
        {S.READY},
        set(),
        "prepare_loan",
    ),
    "exchange": (
        lambda loan, by, at: swapping.exchange(loan=loan, swap=_swap(loan), at=at, by=by),
        {S.ON_LOAN},
        set(),
        "check_in_loan check_out_loan",
    ),
    "check_out": (lambda loan, by, at: walk.check_out(loan, at=at, by=by), {S.READY}, {S.ON_LOAN}, "check_out_loan"),
    "extend": (
        lambda loan, by, at: lending.extend(loan=loan, until=at + timedelta(days=300), at=at, by=by),
        {S.ON_LOAN},
        set(),
        "extend_loan",
    ),
    "check_in": (
        lambda loan, by, at: returning.check_in(loan=loan, grade="good", at=at, by=by),
        {S.ON_LOAN},
        {S.RETURNED},
        "check_in_loan",
    ),
    "undo_check_in": (
        lambda loan, by, at: returning.undo_check_in(loan=loan, reason="A mistake.", at=at, by=by),
        {S.RETURNED},
        {S.ON_LOAN},
        "check_in_loan",
    ),
    "close": (lambda loan, by, at: returning.close(loan=loan, at=at, by=by), {S.RETURNED}, {S.CLOSED}, "inspect_loan"),
    "find_fault": (
        lambda loan, by, at: returning.find_fault(loan=loan, service="repair", reason="Cracked.", at=at, by=by),
        {S.RETURNED},
        {S.UNRESOLVED},
        "inspect_loan",
    ),
    "settle": (
        lambda loan, by, at: returning.settle(loan=loan, outcome="Paid.", at=at, by=by),
        {S.UNRESOLVED},
        {S.CLOSED},
        "settle_loan",
    ),
    "report_lost": (
        lambda loan, by, at: returning.report_lost(loan=loan, reason="Stolen.", at=at, by=by),
        {S.ON_LOAN},
        {S.LOST},
        "settle_loan",
    ),
    "report_found": (lambda loan, by, at: returning.report_found(loan=loan, at=at, by=by), {S.LOST}, {S.RETURNED}, "settle_loan"),
    "cancel": (
        lambda loan, by, at: giving_up.cancel(loan=loan, reason="A mistake.", at=at, by=by),
        {S.WAITLISTED, S.HELD, S.UNLOCKED, S.READY},
        {S.CANCELLED},
        "cancel_loan",
    ),
    "decline": (
        lambda loan, by, at: giving_up.decline(loan=loan, reason="No need.", at=at, by=by),
        {S.UNLOCKED, S.READY},
        {S.DECLINED},
        "cancel_loan",
    ),
    "mark_no_show": (lambda loan, by, at: giving_up.mark_no_show(loan=loan, at=at, by=by), {S.READY}, {S.NO_SHOW}, "cancel_loan"),
    "expire": (lambda loan, by, at: giving_up.expire(loan=loan, at=at, by=by), {S.HELD}, {S.EXPIRED}, "cancel_loan"),
}


@pytest.fixture
def dev(db: None) -> User:
    return User.objects.create_user("dev")


@pytest.fixture
def eve(db: None) -> User:
    return User.objects.create_user("eve")


def taken_to(state: S, lone: Pool) -> Loan:
    if state == S.WAITLISTED:
        walk.to(S.HELD, lone)
    return walk.to(state, lone)


@pytest.mark.parametrize("state", list(S))
def test_every_verb_moves_changes_nothing_or_refuses_in_every_state(lone: Pool, state: S) -> None:
    for name, (call, starts, harmless, _) in VERBS.items():
        if state in starts:
            continue
        loan = (
            taken_to(state, lone)
            if not Loan.objects.filter(state=state).exists()
            else Loan.objects.filter(state=state).latest("id")
        )
        before, entries = Loan.objects.values().get(pk=loan.pk), walk.events(loan.reference)
        if state in harmless:
            call(loan, SYSTEM, _when(name))
        else:
            with pytest.raises(LoanRefused) as refused:
                call(loan, SYSTEM, _when(name))
            assert refused.value.code == "wrong_state", name
        assert Loan.objects.values().get(pk=loan.pk) == before, name
        assert walk.events(loan.reference) == entries, name


@pytest.mark.parametrize("name", [name for name, (*_, permission) in VERBS.items() if permission])
def test_who_may_not_is_refused_and_who_may_is_let(lone: Pool, dev: User, eve: User, name: str) -> None:
    call, starts, _, permission = VERBS[name]
    dev.user_permissions.add(*Permission.objects.filter(codename__in=permission.split(), content_type__app_label="equipment"))
    make_unit(lone)
    loan = taken_to(sorted(starts)[0], lone)
    before, entries = loan.state, walk.events(loan.reference)
    with pytest.raises(PermissionDenied):
        call(loan, actors.staff(eve), _when(name))
    with pytest.raises(PermissionDenied):
        call(loan, actors.customer(make_customer("Chloe").reference), _when(name))
    loan.refresh_from_db()
    assert (loan.state, walk.events(loan.reference)) == (before, entries)
    call(loan, actors.staff(User.objects.get(pk=dev.pk)), _when(name))
    assert walk.events(loan.reference)[: len(entries) + 1] != entries
    assert len(walk.events(loan.reference)) == len(entries) + 1


def test_stock_is_changed_only_by_who_may(lone: Pool, eve: User) -> None:
    with pytest.raises(PermissionDenied):
        stocking.add_unit(pool=lone, serial="A-1", at=AT, by=actors.staff(eve))
    with pytest.raises(PermissionDenied):
        servicing.change_service(unit=lone.units.get(), service="repair", reason="A scratch.", at=AT, by=actors.staff(eve))


def test_every_move_of_the_table_is_made_by_some_verb() -> None:
    ends = {
        "unlock": S.UNLOCKED, "prepare": S.READY, "unprepare": S.UNLOCKED, "pick_another": S.READY, "exchange": S.ON_LOAN, "check_out": S.ON_LOAN, "extend": S.ON_LOAN,
        "check_in": S.RETURNED, "undo_check_in": S.ON_LOAN, "close": S.CLOSED, "find_fault": S.UNRESOLVED, "settle": S.CLOSED,
        "report_lost": S.LOST, "report_found": S.RETURNED, "cancel": S.CANCELLED, "decline": S.DECLINED,
        "mark_no_show": S.NO_SHOW, "expire": S.EXPIRED,
    }  # fmt: skip
    made = {(start, ends[name]) for name, (_, starts, _, _) in VERBS.items() for start in starts} | {(S.WAITLISTED, S.HELD)}
    assert made == {(start, end) for start, all_ends in LOAN_MOVES.items() for end in all_ends}


def test_every_state_has_its_moves_and_its_tone() -> None:
    assert set(LOAN_MOVES) == set(LOAN_TONES) == set(S)
    assert {state for state, ends in LOAN_MOVES.items() if not ends} == LOAN_TERMINAL
    assert set(SERVICE_MOVES) == set(SERVICE_TONES) == set(Service)
    assert {state for state, ends in SERVICE_MOVES.items() if not ends} == SERVICE_TERMINAL
    assert PRESENT < CONSUMING
