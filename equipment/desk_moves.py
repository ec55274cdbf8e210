"""What the handover desk can do with a loan and a unit: each move calls one verb and says what came of it."""

from datetime import datetime, timedelta
from typing import Any

from audit.actors import Actor
from customers import agreeing
from desk.admin.moves import Move, ReasonForm
from desk.columns import can_become, in_states
from equipment import accessories, closing, conditions, forms, giving_up, lending, photos, returning, servicing, stocking, swapping
from equipment.conditions import Seen
from equipment.models import Loan, Pool, Unit
from equipment.receipts import IN_PERSON
from equipment.states import LOAN_MOVES, PRESENT, SERVICE_TERMINAL, LoanState, Service
from equipment.swapping import Swap

Data = dict[str, Any]


def _prepare(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    lending.prepare(loan=loan, unit=data["unit"], at=at, by=by)
    return f"Unit {data['unit']} is ready for hand-over."


def _unprepare(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    lending.unprepare(loan=loan, at=at, by=by)
    return "The unit was put back. Another one can be picked."


def _check_out(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    by.require("equipment.check_out_loan")
    accepted = None
    if data["version"] is not None:
        accepted = agreeing.accept(
            customer=loan.borrower, version=data["version"], about=loan.reference, typed_name=data["typed_name"],
            how=IN_PERSON, where=loan.pool.place, at=at, by=by,
        )  # fmt: skip
    with photos.on_disk(data["photos"]):
        lending.check_out(
            loan=loan, acceptance=accepted, checklist_done=data.get("checklist", []), grade=data["grade"],
            accessories=data["accessories"], note=data["note"], photos=data["photos"], at=at, by=by,
        )  # fmt: skip
    return f"Unit {loan.unit} is handed over. It is due back on {_due_on(loan)}."


def _check_in(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    with photos.on_disk(data["photos"]):
        returning.check_in(
            loan=loan, grade=data["grade"], accessories=data.get("accessories", []), note=data["note"], photos=data["photos"],
            at=at, by=by,
        )  # fmt: skip
    return f"Unit {loan.unit} is back. Inspect it next."


def _inspect(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    with photos.on_disk(data["photos"]):
        if data["outcome"] == forms.InspectForm.FINE:
            returning.close(loan=loan, note=data["note"], photos=data["photos"], at=at, by=by)
            return f"Unit {loan.unit} is in service again, and the loan is closed."
        returning.find_fault(loan=loan, service=data["outcome"], reason=data["note"], photos=data["photos"], at=at, by=by)
    return f"Unit {loan.unit} is out of service. Settle the loan when it is known how it ends."


def _report_problem(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.report_problem(loan=loan, reason=data["reason"], at=at, by=by)
    return f"The problem with unit {loan.unit} is noted. Nothing else changed."


def _undo_check_in(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.undo_check_in(loan=loan, reason=data["reason"], at=at, by=by)
    return f"The check-in was undone. Unit {loan.unit} is on loan until {_due_on(loan)}."


def _pick_another(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    swapping.pick_another(loan=loan, unit=data["unit"], reason=data["reason"], service=data["service"], at=at, by=by)
    return f"Unit {data['unit']} is ready for hand-over instead."


def _exchange(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    swap = Swap(data["unit"], data["service"], data["reason"], brought=Seen(data["brought_grade"]), given=Seen(data["grade"]))
    swapping.exchange(loan=loan, swap=swap, at=at, by=by)
    return f"The borrower goes on with unit {data['unit']}, due back on {_due_on(loan)}."


def _bring_accessories_back(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    accessories.bring_back(loan=loan, names=data["names"], at=at, by=by)
    return f"Noted as come back: {', '.join(data['names'])}."


def _settle_accessories(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    accessories.settle_missing(loan=loan, names=data["names"], outcome=data["outcome"], at=at, by=by)
    return f"Settled: {', '.join(data['names'])}."


def _note_missing(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    accessories.note_missing(loan=loan, names=data["names"], at=at, by=by)
    return f"Noted as missing: {', '.join(data['names'])}."


def _close(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.close(loan=loan, note=data["note"], at=at, by=by)
    return f"Unit {loan.unit} is in service again, and the loan is closed."


def _find_fault(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.find_fault(loan=loan, service=data["service"], reason=data["reason"], at=at, by=by)
    return f"Unit {loan.unit} is out of service. Settle the loan when it is known how it ends."


def _settle(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.settle(loan=loan, outcome=data["reason"], at=at, by=by)
    return "The loan is settled and closed."


def _report_lost(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.report_lost(loan=loan, reason=data["reason"], at=at, by=by)
    return f"Unit {loan.unit} is noted as lost."


def _report_found(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    returning.report_found(loan=loan, reason=data["note"], at=at, by=by)
    return f"Unit {loan.unit} was found. Inspect it next."


def _extend(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    lending.extend(loan=loan, until=loan.pool.opening().end_of_open_day(data["until"]), at=at, by=by)
    return f"Extended. The unit is due back on {_due_on(loan)}."


def _cancel(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    giving_up.cancel(loan=loan, reason=data["reason"], at=at, by=by)
    return "The loan is cancelled. What it held is free for the next in the queue."


def _decline(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    giving_up.decline(loan=loan, reason=data["reason"], at=at, by=by)
    return "Noted that the borrower declined. What was held is free for the next in the queue."


def _mark_no_show(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    giving_up.mark_no_show(loan=loan, at=at, by=by)
    return "Noted as not collected. The unit is free for the next in the queue."


def _due_on(loan: Loan) -> str:
    return f"{loan.pool.opening().last_day(loan.due_at):%-d %B %Y}" if loan.due_at else "–"


def _uncollected(loan: Loan, at: datetime) -> bool:
    return loan.state == LoanState.READY and loan.collect_by is not None and loan.collect_by <= at


_BACK = frozenset({LoanState.RETURNED, LoanState.UNRESOLVED})


def _lacks(loan: Loan, at: datetime) -> bool:
    return loan.state in _BACK and bool(accessories.still_missing(loan))


def _could_lack(loan: Loan, at: datetime) -> bool:
    return loan.state in _BACK and set(conditions.accessories_out(loan)) > set(accessories.still_missing(loan))


def _was_checked_in(loan: Loan, at: datetime) -> bool:
    """Not found after it was lost: then nobody checked it in."""
    return loan.state == LoanState.RETURNED and loan.unit is not None and loan.unit.service == Service.IN_SERVICE


def _to(state: LoanState) -> Any:
    return can_become(state, LOAN_MOVES)


L = LoanState
LOAN = (
    Move("prepare", "Pick a unit", _prepare, "equipment.prepare_loan", in_states(L.UNLOCKED), forms.PrepareForm, "primary"),
    Move("check-out", "Check out", _check_out, "equipment.check_out_loan", in_states(L.READY), forms.CheckOutForm, "primary"),
    Move("check-in", "Check in", _check_in, "equipment.check_in_loan", in_states(L.ON_LOAN), forms.CheckInForm, "primary"),
    Move("close", "Inspected: all fine", _close, "equipment.inspect_loan", in_states(L.RETURNED), forms.NoteForm, "primary"),
    Move("find-fault", "Inspected: not fine", _find_fault, "equipment.inspect_loan", _to(L.UNRESOLVED), forms.FaultForm, "danger"),
    Move("settle", "Settle", _settle, "equipment.settle_loan", in_states(L.UNRESOLVED), ReasonForm, "primary", "Then this loan is over; its unit stays where it is."),
    Move("extend", "Extend", _extend, "equipment.extend_loan", in_states(L.ON_LOAN), forms.ExtendForm),
    Move(
        "accessories-back", "Missing things came back", _bring_accessories_back, "equipment.check_in_loan", _lacks,
        forms.MissingForm, help="They were noted as missing when the unit came back.",
    ),
    Move(
        "settle-accessories", "Settle missing things", _settle_accessories, "equipment.settle_loan", _lacks,
        forms.SettleMissingForm, help="They do not come back. Afterwards the loan can be closed.",
    ),
    Move("note-missing", "Something is missing", _note_missing, "equipment.inspect_loan", _could_lack, forms.FoundMissingForm),
    Move(
        "pick-another", "Pick another unit", _pick_another, "equipment.prepare_loan", in_states(L.READY),
        forms.AnotherUnitForm,
    ),
    Move(
        "exchange", "Exchange the unit", _exchange, "equipment.check_out_loan", in_states(L.ON_LOAN), forms.ExchangeForm,
        help="The borrower brings this unit and goes on with another one until the same day. Accessories stay with them.",
    ),
    Move("undo-check-in", "Undo the check-in", _undo_check_in, "equipment.check_in_loan", _was_checked_in, ReasonForm),
    Move("unprepare", "Put the unit back", _unprepare, "equipment.prepare_loan", in_states(L.READY)),
    Move("report-found", "Report it found", _report_found, "equipment.settle_loan", in_states(L.LOST), forms.NoteForm, "primary"),
    Move("report-lost", "Report it lost", _report_lost, "equipment.settle_loan", _to(L.LOST), ReasonForm, "danger"),
    Move("no-show", "Not collected", _mark_no_show, "equipment.cancel_loan", _uncollected, tone="danger"),
    Move("decline", "The borrower declines", _decline, "equipment.cancel_loan", _to(L.DECLINED), ReasonForm),
    Move("cancel", "Cancel", _cancel, "equipment.cancel_loan", _to(L.CANCELLED), ReasonForm, "danger"),
)  # fmt: skip

INSPECT = Move(
    "inspect", "Record the inspection", _inspect, "equipment.inspect_loan", in_states(L.RETURNED), forms.InspectForm, "primary"
)
PROBLEM = Move(
    "report-problem", "Report a problem", _report_problem, "equipment.check_in_loan", in_states(*PRESENT), ReasonForm,
    help="It is noted on the trail of the loan and of the unit; the loan stays as it is.",
)  # fmt: skip
HANDOVER = (INSPECT, *(move for move in LOAN if move.name not in ("close", "find-fault")), PROBLEM)
"""What is done at the handover desk, where one form asks how the inspection ended."""
EVENTS_OF = {
    "prepare": ["loan.prepared"],
    "check-out": ["loan.checked_out"],
    "check-in": ["loan.checked_in"],
    "inspect": ["loan.closed", "loan.fault_found"],
    "settle": ["loan.settled"],
    "extend": ["loan.extended"],
    "accessories-back": ["loan.accessories_returned"],
    "settle-accessories": ["loan.accessories_settled"],
    "note-missing": ["loan.accessories_missing"],
    "pick-another": ["loan.unit_swapped"],
    "exchange": ["loan.unit_exchanged"],
    "undo-check-in": ["loan.check_in_undone"],
    "unprepare": ["loan.unprepared"],
    "report-found": ["loan.found"],
    "report-lost": ["loan.lost"],
    "report-problem": ["loan.problem_reported"],
    "no-show": ["loan.not_collected"],
    "decline": ["loan.declined"],
    "cancel": ["loan.cancelled"],
}
"""What each of them leaves on the trail."""


def _extend_by(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    opening = loan.pool.opening()
    since = opening.last_day(max(loan.due_at or at, at))
    until = opening.end_of_open_day(since + timedelta(days=data["days"]))
    lending.extend(loan=loan, until=until, at=at, by=by)
    return f"Extended. The unit is due back on {_due_on(loan)}."


def _pick_any(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    return f"Unit {lending.prepare_any(loan=loan, at=at, by=by)} is ready for hand-over."


EXTEND_MANY = Move("extend", "Extend", _extend_by, "equipment.extend_loan", in_states(L.ON_LOAN), forms.ExtendManyForm)
PICK_MANY = Move(
    "prepare", "Pick units", _pick_any, "equipment.prepare_loan", in_states(L.UNLOCKED),
    help="For each loan one of the units that are free; which one is told on the page of the loan.",
)  # fmt: skip
CANCEL_MANY = next(move for move in LOAN if move.name == "cancel")


def _change_service(unit: Unit, data: Data, by: Actor, at: datetime) -> str:
    servicing.change_service(unit=unit, service=data["service"], reason=data["reason"], at=at, by=by)
    return f"Unit {unit} is now “{unit.get_service_display().lower()}”."


def _is_not_retired(unit: Unit, at: datetime) -> bool:
    return Service(unit.service) not in SERVICE_TERMINAL


def _add_unit(pool: Pool | None, data: Data, by: Actor, at: datetime) -> str:
    unit = stocking.add_unit(pool=pool or data["pool"], serial=data["serial"], note=data["note"], at=at, by=by)
    return f"Unit {unit} is in {unit.pool}."


def _close_place(pool: Pool, data: Data, by: Actor, at: datetime) -> str:
    closure = closing.close_place(
        place=pool.place, first_on=data["first_on"], last_on=data["last_on"], reason=data["reason"], at=at, by=by
    )
    return f"{pool.place} is closed: {closure}. What was due then is due on the next open day."


def _reopen(pool: Pool, data: Data, by: Actor, at: datetime) -> str:
    closing.withdraw_closure(closure=data["closure"], at=at, by=by)
    return f"{pool.place} is open: {data['closure']}. Days that had moved stay as they are."


def _has_closures(pool: Pool, at: datetime) -> bool:
    return bool(pool.closed_days)


UNIT = (Move("service", "Change its status", _change_service, "equipment.change_service", _is_not_retired, forms.ServiceForm),)
SERVICE_MANY = Move(
    "service", "Change their status", _change_service, "equipment.change_service", _is_not_retired, forms.ManyServiceForm
)
POOL = (
    Move("add-unit", "Add a unit", _add_unit, "equipment.import_units", form=forms.UnitForm),
    Move(
        "close-place", "Close the place for some days", _close_place, "equipment.change_pool", form=forms.ClosureForm,
        help="For all pools of this place, such as over a holiday. What is due or to be collected then moves to the next open day.",
    ),
    Move("reopen-place", "Open on closed days after all", _reopen, "equipment.change_pool", _has_closures, forms.ReopenForm),
)  # fmt: skip
UNITS = (Move("add-unit", "Add a unit", _add_unit, "equipment.import_units", form=forms.PooledUnitForm),)
