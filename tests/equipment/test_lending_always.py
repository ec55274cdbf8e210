"""Whatever happens in whatever order, what must always hold about loans holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from audit.actors import SYSTEM
from equipment import (
    accessories,
    availability,
    closing,
    custody,
    giving_up,
    jobs,
    lending,
    queueing,
    returning,
    servicing,
    swapping,
)
from equipment.availability import Window
from equipment.conditions import Seen
from equipment.models import Loan, MissingAccessory, Pool, Unit
from equipment.refusals import LoanRefused
from equipment.states import GIVEN_UP, LOAN_MOVES, Service
from equipment.states import LoanState as S
from equipment.swapping import Swap
from tests.equipment import walk
from tests.equipment.test_moves_of_loans import VERBS
from tests.make import AT, make_customer, make_model, make_pool

some = st.integers(0, 5)
THINGS = ["Charger", "Strap"]
FAR = timedelta(days=3650)
CLOCK = ("created_at", "unlocked_at", "ready_at", "handed_over_at", "returned_at", "ended_at")
"""Instants of a loan in the order in which they happen."""
EVIDENCE = {
    S.WAITLISTED: {"queued_at"},
    S.HELD: {"starts_at", "hold_expires_at"},
    S.UNLOCKED: {"starts_at", "unlocked_at", "collect_by"},
    S.READY: {"unit", "unlocked_at", "ready_at"},
    S.ON_LOAN: {"unit", "acceptance", "handed_over_at", "due_at"},
    S.RETURNED: {"unit", "acceptance", "handed_over_at", "returned_at"},
    S.UNRESOLVED: {"unit", "handed_over_at", "returned_at", "reason"},
    S.CLOSED: {"unit", "handed_over_at", "returned_at", "ended_at"},
    S.LOST: {"unit", "handed_over_at", "ended_at", "reason"},
    S.EXPIRED: {"ended_at"},
    S.NO_SHOW: {"ended_at", "unlocked_at"},
    S.CANCELLED: {"ended_at", "reason"},
    S.DECLINED: {"ended_at", "reason", "unlocked_at"},
}
"""What a loan in a state must say."""
NOT_YET = {
    S.WAITLISTED: {"unit", "starts_at", "unlocked_at", "ended_at"},
    S.HELD: {"unit", "unlocked_at", "ended_at"},
    S.UNLOCKED: {"unit", "ready_at", "handed_over_at", "ended_at"},
    S.READY: {"handed_over_at", "ended_at"},
    S.ON_LOAN: {"returned_at", "ended_at"},
    S.RETURNED: {"ended_at"},
    S.UNRESOLVED: {"ended_at"},
    **{state: {"unit", "handed_over_at", "returned_at"} for state in GIVEN_UP},
}
"""What a loan in a state must not say."""


class LendingMachine(RuleBasedStateMachine):
    """A pool of two units, a moving clock, and every verb in any order, where it is its time and where it is not."""

    at: datetime
    pool: Pool

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = AT

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(turnaround=st.integers(0, 2), reserve=st.integers(0, 1))
    def open_a_pool(self, turnaround: int, reserve: int) -> None:
        model = make_model(loan_days=3, turnaround_days=turnaround)
        self.pool = make_pool(
            units=2 + reserve, model=model, reserve=reserve, pickup_days=2, claim_days=2, time_zone="Europe/Berlin"
        )
        self.asha = make_customer()

    def pick(self, state: S, number: int) -> Loan | None:
        loans = list(self.pool.loans.filter(state=state).order_by("id"))
        return loans[number % len(loans)] if loans else None

    def idle(self, *services: str) -> list[Unit]:
        """Units on the shelf, or out of service in one of these ways, that no loan decides about."""
        units = self.pool.units.filter(service__in=services or [Service.IN_SERVICE])
        return list(units.exclude(loans__in=self.pool.loans.present()).exclude(loans__state=S.LOST).order_by("id"))

    def least_free(self) -> int:
        """The worst that is still to come, signed."""
        window = Window(self.at, self.at + FAR)
        return availability.over({self.pool.pk: window}, pools=[self.pool], at=self.at)[self.pool.pk].free

    def too_few(self) -> int:
        """Units promised or out at this instant beyond those to lend, counted one by one and not by `availability`."""
        loans = list(self.pool.loans.select_related("unit"))
        holding = [loan for loan in loans if loan.state == S.HELD and loan.hold_expires_at > self.at]
        waiting = [loan for loan in loans if loan.state == S.UNLOCKED and loan.collect_by > self.at]
        there = [
            loan for loan in loans if loan.state in (S.READY, S.ON_LOAN, S.RETURNED) and loan.unit.service == Service.IN_SERVICE
        ]
        units = sum(unit.service == Service.IN_SERVICE for unit in self.pool.units.all())
        return max(len(holding) + len(waiting) + len(there) - (units - self.pool.reserve), 0)

    def act(self, loan: Loan, call: Callable[[], Any], *, is_fact: bool = False) -> None:
        """Make a move. Refused, it leaves no trace; made, it promises nothing that is not there, unless it states a fact."""
        before, entries, free = Loan.objects.values().get(pk=loan.pk), walk.events(loan.reference), self.least_free()
        too_few = self.too_few()
        try:
            call()
        except LoanRefused as refused:
            assert refused.code in {
                "no_capacity",
                "still_time",
                "hold_still_runs",
                "not_longer",
                "wrong_state",
                "unit_is_taken",
                "unit_out_of_service",
                "accessories_missing",
                "overdue",
            }
            assert Loan.objects.values().get(pk=loan.pk) == before
            assert walk.events(loan.reference) == entries
        after = Loan.objects.values().get(pk=loan.pk)
        assert after["state"] == before["state"] or after["state"] in LOAN_MOVES[before["state"]]
        assert is_fact or self.least_free() >= min(free, 0)
        assert is_fact or self.too_few() <= too_few

    def do(self, state: S, number: int, verb: Callable[..., Any], *, is_fact: bool = False, **rest: Any) -> None:
        loan = self.pick(state, number)
        if loan is not None:
            self.act(loan, lambda: verb(loan=loan, at=self.at, by=SYSTEM, **rest), is_fact=is_fact)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(hours=st.integers(1, 80))
    def hold(self, hours: int) -> None:
        free, too_few = self.least_free(), self.too_few()
        walk.hold(self.pool, self.asha, at=self.at, until=self.at + timedelta(hours=hours))
        assert self.least_free() >= min(free, 0)
        assert self.too_few() <= too_few

    @rule(number=some)
    def unlock(self, number: int) -> None:
        self.do(S.HELD, number, lending.unlock)

    @rule(number=some)
    def prepare(self, number: int) -> None:
        loan = self.pick(S.UNLOCKED, number)
        units = availability.units_to_pick(loan, at=self.at) if loan else []
        if loan and units:
            self.do(S.UNLOCKED, number, lending.prepare, unit=units[0])

    @rule(number=some, scanned=some)
    def prepare_what_was_scanned(self, number: int, scanned: int) -> None:
        """Whichever unit is at hand, also one that is somebody else's or broken."""
        units = list(self.pool.units.order_by("id"))
        self.do(S.UNLOCKED, number, lending.prepare, unit=units[scanned % len(units)])

    @rule(number=some)
    def unprepare(self, number: int) -> None:
        self.do(S.READY, number, lending.unprepare)

    @rule(number=some)
    def check_out(self, number: int) -> None:
        loan = self.pick(S.READY, number)
        if loan:
            self.do(
                S.READY,
                number,
                lending.check_out,
                acceptance=walk.accept(loan),
                checklist_done=[],
                grade="good",
                accessories=THINGS,
            )

    @rule(number=some, service=st.sampled_from(["in_service", "repair"]))
    def pick_another(self, number: int, service: str) -> None:
        loan = self.pick(S.READY, number)
        units = self.idle() if loan else []
        if loan and units:
            swap = {"unit": units[number % len(units)], "reason": "Flat battery.", "service": service}
            self.do(S.READY, number, swapping.pick_another, is_fact=service != "in_service", **swap)

    @rule(number=some)
    def exchange(self, number: int) -> None:
        units = self.idle()
        if units:
            swap = Swap(units[number % len(units)], "quarantine", "Broken.", brought=Seen("damaged"), given=Seen("good"))
            self.do(S.ON_LOAN, number, swapping.exchange, swap=swap)

    @rule(number=some, hours=st.integers(1, 200))
    def extend(self, number: int, hours: int) -> None:
        self.do(S.ON_LOAN, number, lending.extend, until=self.at + timedelta(hours=hours))

    @rule(number=some)
    def check_in(self, number: int) -> None:
        self.do(S.ON_LOAN, number, returning.check_in, grade="worn", accessories=THINGS[number % 3 :])

    @rule(number=some, state=st.sampled_from([S.RETURNED, S.UNRESOLVED]), is_back=st.booleans())
    def missing_things_come_back_or_are_settled(self, number: int, state: S, is_back: bool) -> None:
        if is_back:
            self.do(state, number, accessories.bring_back, names=THINGS[:1])
        else:
            self.do(state, number, accessories.settle_missing, names=THINGS, outcome="Paid.")

    @rule(number=some)
    def undo_check_in(self, number: int) -> None:
        self.do(S.RETURNED, number, returning.undo_check_in, reason="A mistake.", is_fact=True)

    @rule(number=some)
    def close(self, number: int) -> None:
        self.do(S.RETURNED, number, returning.close)

    @rule(number=some)
    def find_fault(self, number: int) -> None:
        self.do(S.RETURNED, number, returning.find_fault, service="repair", reason="Cracked.")

    @rule(number=some)
    def settle_and_repair(self, number: int) -> None:
        loan = self.pick(S.UNRESOLVED, number)
        if loan and loan.unit:
            self.do(S.UNRESOLVED, number, returning.settle, outcome="Paid.")
            servicing.change_service(unit=loan.unit, service="in_service", reason="Repaired.", at=self.at, by=SYSTEM)

    @rule(number=some)
    def lose(self, number: int) -> None:
        self.do(S.ON_LOAN, number, returning.report_lost, reason="Stolen.")

    @rule(number=some)
    def find(self, number: int) -> None:
        self.do(S.LOST, number, returning.report_found)

    @rule()
    def somebody_comes_and_takes_one_along(self) -> None:
        self.hold(40)
        self.unlock(0)
        self.prepare(0)
        self.check_out(0)

    @rule()
    def one_comes_back_whole(self) -> None:
        self.check_in(0)
        self.close(0)

    @rule(hours=st.integers(1, 40))
    def one_goes_out_and_comes_back(self, hours: int) -> None:
        self.somebody_comes_and_takes_one_along()
        self.time_passes(hours)
        self.one_comes_back_whole()

    @rule(number=some, state=st.sampled_from([S.WAITLISTED, S.HELD, S.UNLOCKED, S.READY]))
    def cancel(self, number: int, state: S) -> None:
        self.do(state, number, giving_up.cancel, reason="A mistake.")

    @rule(number=some, name=st.sampled_from(sorted(VERBS)))
    def anything_at_any_time(self, number: int, name: str) -> None:
        """A verb where it has no business: it changes nothing or refuses, or it was its time after all."""
        loans = list(self.pool.loans.select_related("unit").order_by("id"))
        if loans:
            loan = loans[number % len(loans)]
            self.act(loan, lambda: VERBS[name][0](loan, SYSTEM, self.at), is_fact=name == "undo_check_in")

    @rule(number=some)
    def a_unit_on_the_shelf_breaks(self, number: int) -> None:
        idle = self.idle()
        if idle:
            servicing.change_service(unit=idle[number % len(idle)], service="repair", reason="Fell.", at=self.at, by=SYSTEM)

    @rule(number=some)
    def a_unit_is_repaired(self, number: int) -> None:
        broken = self.idle("repair", "quarantine")
        if broken:
            servicing.change_service(
                unit=broken[number % len(broken)], service="in_service", reason="Mended.", at=self.at, by=SYSTEM
            )

    @rule(first=st.integers(0, 6), length=st.integers(0, 3))
    def the_place_is_closed(self, first: int, length: int) -> None:
        day = self.pool.opening().day(self.at) + timedelta(days=first)
        closing.close_place(
            place=self.pool.place, first_on=day, last_on=day + timedelta(days=length), reason="Holidays.", at=self.at, by=SYSTEM
        )
        self.pool.refresh_from_db()

    @rule(days=st.integers(0, 3))
    def turnaround_changes(self, days: int) -> None:
        self.pool.turnaround_days = days
        self.pool.save(update_fields=["turnaround_days"])
        assert jobs.fit_pools(self.at)["failed"] == 0
        assert jobs.fit_pools(self.at) == {"fitted": 0, "failed": 0}

    @rule(number=some)
    def mark_no_show(self, number: int) -> None:
        self.do(S.READY, number, giving_up.mark_no_show)

    @rule()
    def sweep(self) -> None:
        too_few = self.too_few()
        jobs.expire_holds(self.at)
        jobs.promote_waitlists(self.at)
        assert jobs.expire_holds(self.at)["expired"] == 0
        assert jobs.promote_waitlists(self.at) == {"promoted": 0, "failed": 0}
        assert self.too_few() <= too_few

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def no_more_loans_have_a_unit_than_there_are_units(self) -> None:
        assert self.pool.loans.present().count() <= self.pool.units.count()
        out = self.pool.loans.filter(state__in=[S.READY, S.ON_LOAN]).count()
        assert out <= self.pool.units.filter(service=Service.IN_SERVICE).count()

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def nobody_had_a_unit_while_somebody_else_had_it(self) -> None:
        stays = custody.stays(self.pool.loans.all())
        for unit in self.pool.units.all():
            mine = sorted((stay for stay in stays if stay.unit == unit.pk), key=lambda stay: (stay.since, stay.loan))
            assert all(one.until is not None and one.until <= next_one.since for one, next_one in pairwise(mine))

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def nothing_is_missing_from_a_loan_that_is_closed_or_out(self) -> None:
        missing = MissingAccessory.objects.filter(state="missing", loan__pool=self.pool)
        assert not missing.exclude(loan__state__in=[S.RETURNED, S.UNRESOLVED]).exists()

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def a_state_and_what_is_written_beside_it_agree(self) -> None:
        for loan in self.pool.loans.all():
            state = S(loan.state)
            assert [name for name in EVIDENCE[state] if not getattr(loan, name)] == [], state
            assert [name for name in NOT_YET.get(state, ()) if getattr(loan, name)] == [], state
            instants = [instant for name in CLOCK if (instant := getattr(loan, name))]
            assert instants == sorted(instants)
            assert loan.due_at is None or loan.first_due_at <= loan.due_at

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def every_unit_is_with_one_loan_at_most_and_out_only_when_in_service(self) -> None:
        present = self.pool.loans.present()
        assert not present.values("unit").annotate(number=Count("pk")).filter(number__gt=1).exists()
        assert not present.filter(state__in=[S.READY, S.ON_LOAN]).exclude(unit__service=Service.IN_SERVICE).exists()

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def nobody_waits_while_a_unit_could_be_held(self) -> None:
        waits = self.pool.loans.queue().exists()
        claim_until = self.pool.opening().after(self.at, days=self.pool.claim_days)
        window = availability.Window(self.at, self.pool.blocked_by_hold(claim_until))
        assert not waits or availability.over({self.pool.pk: window}, pools=[self.pool], at=self.at)[self.pool.pk].free < 1

    @precondition(lambda self: hasattr(self, "pool"))
    @invariant()
    def places_in_the_queue_have_no_gaps(self) -> None:
        places = [queueing.place_of(loan) for loan in self.pool.loans.queue()]
        assert places == list(range(1, len(places) + 1))


@pytest.mark.django_db
def test_whatever_happens_no_unit_is_promised_or_lent_twice() -> None:
    run_state_machine_as_test(
        LendingMachine,
        settings=settings(
            max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
        ),
    )
