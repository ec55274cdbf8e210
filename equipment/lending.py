"""From the promise to the hand-over: hold, unlock, prepare, check out, extend.

Every verb locks the pool, reads afresh, moves, records. A hold blocks the longest time the loan can take; each later step
knows more and blocks less, so what was promised always fits, and a step taken in time is never refused. A step that comes late and would block longer asks again,
under the same lock, whether the extra time is free.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from audit import actors, trail
from audit.actors import Actor
from customers.models import Acceptance, Agreement, Customer
from equipment import availability, conditions, queueing
from equipment.availability import Availability, Window
from equipment.conditions import Seen
from equipment.locking import lock_loan, lock_pools
from equipment.models import Loan, Pool, Unit
from equipment.moving import announce, demand_state, move_loan
from equipment.photos import Photo
from equipment.refusals import LoanRefused
from equipment.states import GIVEN_UP, Grade, LoanState, Service


def hold(
    *,
    pools: Sequence[Pool],
    borrower: Customer,
    purpose: str,
    until: datetime,
    at: datetime,
    by: Actor,
    account: str = "",
    limits: Mapping[int, int] | None = None,
    terms: Agreement | None = None,
) -> Loan:
    """Hold a unit of one of `pools` for `borrower` until `until`, or give them a place in the queue with the reason.

    One loan per `purpose`: asked again, the first one is answered. A pool in the borrower's country comes first, then the
    one with most left. `limits` says per pool id how many units `account` may have at a time. With `terms`, that agreement
    has to be accepted before hand-over. Refuses with `no_pool`, `hold_over` (until is past), `borrower_erased`, `busy`.
    """
    if not pools:
        raise LoanRefused("no_pool", "No place lends this equipment. Add a pool, or choose other equipment.")
    if until <= at:
        raise LoanRefused("hold_over", "A hold must end in the future. Choose a later end.")
    if borrower.erased_at:
        raise LoanRefused("borrower_erased", "This customer's data was erased; nothing can be lent to them.")
    with transaction.atomic():
        locked = lock_pools(pool.pk for pool in pools)
        known = Loan.objects.filter(purpose=purpose).first()
        if known:
            return known
        wish = Loan(
            borrower=borrower, purpose=purpose, account=account, terms=terms, created_at=at, starts_at=at, hold_expires_at=until
        )
        _choose(wish, _offers(locked, wish, limits or {}, by=by))
        return _keep(wish, by=by)


@dataclass(frozen=True)
class _Offer:
    """What one pool can do for a wish: how much is free to its account, under which limit, with how many waiting."""

    pool: Pool
    seen: Availability
    limit: int | None
    waiting: int


def _offers(pools: Sequence[Pool], wish: Loan, limits: Mapping[int, int], *, by: Actor) -> list[_Offer]:
    at, until = wish.created_at, wish.hold_expires_at
    assert until is not None
    for pool in pools:
        # Whoever waits for what is free goes before the newcomer.
        queueing.promote(pool=pool, at=at, by=by)
    books = availability.books(pools, at=at)
    waiting = Counter(Loan.objects.queue().filter(pool__in=pools).values_list("pool", flat=True))
    return [
        _Offer(
            pool,
            books[pool.pk].within(Window(at, pool.blocked_by_hold(until)), wish.account, limits.get(pool.pk)),
            limits.get(pool.pk),
            waiting[pool.pk],
        )
        for pool in pools
    ]


def _choose(wish: Loan, offers: Sequence[_Offer]) -> None:
    """Settle where: what can be held goes before what must wait, the borrower's country before abroad, more before less."""
    country = wish.borrower.country

    def preference(offer: _Offer) -> tuple[bool, bool, int, int]:
        is_near = bool(country) and offer.pool.country == country
        return offer.seen.free >= 1, is_near, offer.seen.free - offer.waiting, -offer.pool.pk

    best = max(offers, key=preference)
    wish.pool, wish.account_limit, wish.reason = best.pool, best.limit, best.seen.reason
    if best.seen.free >= 1:
        assert wish.hold_expires_at is not None
        wish.state, wish.blocked_until = LoanState.HELD, best.pool.blocked_by_hold(wish.hold_expires_at)
    else:
        wish.state, wish.starts_at, wish.hold_expires_at = LoanState.WAITLISTED, None, None
        wish.queued_at, wish.place_at_joining = wish.created_at, best.waiting + 1


def _keep(wish: Loan, *, by: Actor) -> Loan:
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError:
        # The same purpose, at the same time, over other pools: the constraint let one through, and that one counts.
        known = Loan.objects.filter(purpose=wish.purpose).first()
        if known is None:
            raise
        return known
    announce(wish)
    _record_outcome(wish, by=by)
    return wish


def _record_outcome(loan: Loan, *, by: Actor) -> None:
    pool, at, parties = loan.pool.reference, loan.created_at, loan.parties()
    if loan.hold_expires_at is None:
        place = loan.place_at_joining
        trail.record("loan.waitlisted", about=loan, by=by, at=at, reason=loan.reason, concerns=parties, pool=pool, place=place)
    else:
        day = loan.pool.opening().last_day(loan.hold_expires_at)
        trail.record("loan.held", about=loan, by=by, at=at, reason=loan.reason, concerns=parties, pool=pool, hold_until=day)


def unlock(*, loan: Loan, at: datetime, by: Actor) -> None:
    """The reward is granted: the held unit waits to be collected for the pool's `pickup_days`. Never by the borrower.

    Harmless when it was unlocked before. Refuses with `wrong_state`, `not_by_borrower`, or `no_capacity` when the hold had
    run out and the unit is promised elsewhere.
    """
    if by == actors.customer(loan.borrower.reference):
        raise LoanRefused("not_by_borrower", "A borrower cannot unlock a unit. It is unlocked when the reward is granted.")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.unlocked_at and loan.state not in GIVEN_UP:
            return
        demand_state(loan, LoanState.HELD)
        collect_by = pool.collect_by(at)
        blocked_until = _room_until(loan, pool.blocked_by_unlock(at), at=at, owed_until=loan.hold_expires_at)
        move_loan(loan, LoanState.UNLOCKED, unlocked_at=at, collect_by=collect_by, blocked_until=blocked_until)
        day = pool.opening().last_day(collect_by)
        trail.record("loan.unlocked", about=loan, by=by, at=at, concerns=loan.parties(), pool=pool.reference, collect_by=day)


def prepare(*, loan: Loan, unit: Unit, at: datetime, by: Actor) -> None:
    """Pick the unit: from now on this one is meant, and nobody else can have it.

    Harmless for the same unit again. Refuses with `wrong_state`, `unit_elsewhere` (of another pool), `unit_out_of_service`,
    `unit_is_taken` (named in another loan), `no_capacity` when picking comes so late that another promise would break.
    """
    by.require("equipment.prepare_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        unit.refresh_from_db()
        if loan.state == LoanState.READY and loan.unit_id == unit.pk:
            return
        demand_state(loan, LoanState.UNLOCKED)
        demand_pickable(unit, pool)
        latest = max(loan.blocked_until or at, pool.blocked_by_hand_over(at))
        _pin(loan, unit, at=at, blocked_until=_room_until(loan, latest, at=at, owed_until=loan.collect_by))
        trail.record("loan.prepared", about=loan, by=by, at=at, concerns=loan.parties(), unit=unit.serial)


def demand_pickable(unit: Unit, pool: Pool) -> None:
    """Refuse with `unit_elsewhere` or `unit_out_of_service` what cannot be picked for a loan of `pool`."""
    if unit.pool_id != pool.pk:
        raise LoanRefused("unit_elsewhere", f"Unit {unit.serial} is not one of {pool.reference}. Pick a unit of that pool.")
    if unit.service != Service.IN_SERVICE:
        label = unit.get_service_display().lower()
        raise LoanRefused("unit_out_of_service", f"Unit {unit.serial} is not in service ({label}). Pick another one.")


def _pin(loan: Loan, unit: Unit, *, at: datetime, blocked_until: datetime) -> None:
    try:
        with transaction.atomic():
            move_loan(loan, LoanState.READY, unit=unit, ready_at=at, starts_at=at, blocked_until=blocked_until)
    except IntegrityError as error:
        raise LoanRefused("unit_is_taken", f"Unit {unit.serial} belongs to another open loan. Pick another one.") from error


def prepare_any(*, loan: Loan, at: datetime, by: Actor) -> Unit:
    """Pick whichever unit can be picked, and answer it. Refuses like `prepare`, and with `no_unit` when there is none."""
    units = availability.units_to_pick(loan, at=at)
    if not units:
        raise LoanRefused("no_unit", f"No unit of {loan.pool} is free to be picked now. Take one back or inspect one first.")
    prepare(loan=loan, unit=units[0], at=at, by=by)
    return units[0]


def unprepare(*, loan: Loan, at: datetime, by: Actor, reason: str = "") -> None:
    """Put the picked unit back, to pick another one. Harmless when none is picked yet. Refuses with `wrong_state`."""
    by.require("equipment.prepare_loan")
    with transaction.atomic():
        lock_loan(loan)
        if loan.state == LoanState.UNLOCKED:
            return
        demand_state(loan, LoanState.READY)
        parties, unit = loan.parties(), loan.unit
        move_loan(loan, LoanState.UNLOCKED, unit=None, ready_at=None)
        serial = unit.serial if unit else ""
        trail.record("loan.unprepared", about=loan, by=by, at=at, reason=reason, concerns=parties, unit=serial)


def check_out(
    *,
    loan: Loan,
    acceptance: Acceptance | None,
    checklist_done: Sequence[str],
    grade: Grade | str,
    at: datetime,
    by: Actor,
    accessories: Sequence[str] = (),
    note: str = "",
    photos: Sequence[Photo] = (),
) -> None:
    """Hand the picked unit to the borrower; it is due at the end of the loan's last day at the pool's place.

    Harmless when it is handed over already. Refuses with `wrong_state`; `terms_missing`, `terms_of_another`,
    `terms_outdated` (not the borrower's yes to the current version about this loan); `checklist_incomplete`; `no_capacity`
    when the hand-over comes so late that another promise would break.
    """
    by.require("equipment.check_out_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        if loan.state == LoanState.ON_LOAN:
            return
        demand_state(loan, LoanState.READY)
        agreed = _demand_acceptance(loan, acceptance)
        _demand_checklist(pool, checklist_done)
        due_at = _hand_over(loan, agreed, checklist_done, at=at)
        taken = conditions.write(loan=loan, direction="out", seen=Seen(grade, accessories, note, photos), at=at, by=by)
        parties, terms = [*loan.parties(), agreed.version.agreement.reference], agreed.version
        trail.record(
            "loan.checked_out", about=loan, by=by, at=at, concerns=parties, unit=loan.unit.serial if loan.unit else "",
            grade=str(grade), due_on=pool.opening().last_day(due_at), terms=f"{terms.agreement.reference}/{terms.number}",
            photos=taken,
        )  # fmt: skip


def _hand_over(loan: Loan, agreed: Acceptance, checklist_done: Sequence[str], *, at: datetime) -> datetime:
    """Move the loan to the borrower and answer when it is due."""
    due_at = loan.pool.due_at(at)
    move_loan(
        loan,
        LoanState.ON_LOAN,
        acceptance=agreed,
        checklist_done=list(checklist_done),
        handed_over_at=at,
        first_due_at=due_at,
        due_at=due_at,
        blocked_until=_room_until(loan, loan.pool.free_again(due_at), at=at, owed_until=loan.collect_by),
    )
    return due_at


def _demand_acceptance(loan: Loan, acceptance: Acceptance | None) -> Acceptance:
    if acceptance is None:
        raise LoanRefused("terms_missing", "The loan terms are not accepted yet. Ask the borrower to read and accept them.")
    version = acceptance.version
    is_theirs = acceptance.customer_id == loan.borrower_id and acceptance.about == loan.reference
    if not is_theirs or (loan.terms_id and version.agreement_id != loan.terms_id):
        raise LoanRefused(
            "terms_of_another",
            "What was accepted is not the terms of this loan, by this borrower. Ask the borrower to accept them.",
        )
    if version != version.agreement.current() or acceptance.sha256 != version.sha256:
        raise LoanRefused(
            "terms_outdated", "The loan terms have changed since they were accepted. Ask the borrower to accept them again."
        )
    return acceptance


def _demand_checklist(pool: Pool, done: Sequence[str]) -> None:
    missing = [item for item in pool.model.checklist if item not in done]
    if missing:
        raise LoanRefused("checklist_incomplete", f"Still to be ticked: {'; '.join(missing)}.")


def extend(*, loan: Loan, until: datetime, at: datetime, by: Actor) -> None:
    """Let the borrower keep the unit until the end of the day before or at `until` (an open day); the first due date is kept.

    Harmless when that is the due date already. Refuses with `wrong_state`, `not_longer`, or `no_capacity` when the unit is
    promised to someone else by then.
    """
    by.require("equipment.extend_loan")
    with transaction.atomic():
        pool = lock_loan(loan)
        demand_state(loan, LoanState.ON_LOAN)
        opening = pool.opening()
        due_at, due_before = opening.end_of_open_day(opening.last_day(until)), loan.due_at
        if due_at == due_before:
            return
        if due_before and due_at < max(due_before, at):
            raise LoanRefused("not_longer", "An extension must end later than the loan does now. Choose a later day.")
        move_loan(loan, LoanState.ON_LOAN, due_at=due_at, blocked_until=_room_until(loan, pool.free_again(due_at), at=at))
        trail.record(
            "loan.extended",
            about=loan,
            by=by,
            at=at,
            concerns=loan.parties(),
            due_before=opening.last_day(due_before) if due_before else "",
            due_on=opening.last_day(due_at),
        )


def _room_until(loan: Loan, blocked_until: datetime, *, at: datetime, owed_until: datetime | None = None) -> datetime:
    """Answer `blocked_until` when the loan may block that long, else refuse with `no_capacity`. The pool is locked.

    A step taken before `owed_until` was promised and needs no asking, even where the days of the pool were changed since;
    neither does blocking less, or as long as before. Of a longer time only what is new is asked for. A loan that is overdue,
    or one without a unit whose promise has run out, was promised nothing from now on, so all of it is new.
    """
    before = loan.blocked_until
    if before is None or (owed_until is not None and at < owed_until):
        return blocked_until
    has_run_out = owed_until is not None and loan.unit_id is None
    is_owed_nothing = has_run_out or loan.is_overdue(at)
    if blocked_until <= before and not is_owed_nothing:
        return blocked_until
    start = at if is_owed_nothing else max(before, at)
    window = Window(start, blocked_until)
    seen = availability.over({loan.pool_id: window}, pools=[loan.pool], at=at, without=loan)[loan.pool_id]
    if seen.free < 1:
        raise LoanRefused(
            "no_capacity",
            f"That would take the unit until {loan.pool.opening().last_day(blocked_until)}, and it is promised. {seen.reason}",
        )
    return blocked_until
