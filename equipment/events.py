"""What can be recorded about equipment: past-tense names, each with its sentence; and the one signal."""

from django.dispatch import Signal

loan_moved = Signal()
"""Sent after commit when a loan has a new state, with `reference` and `state`. It only wakes: sweeps find what it misses."""

EVENTS: dict[str, str] = {
    "loan.held": "A unit of {pool} is held until {hold_until}.",
    "loan.waitlisted": "Place {place} in the queue for {pool}.",
    "loan.promoted": "Next in the queue for {pool}: a unit is held until {hold_until}.",
    "loan.unlocked": "Unlocked; to be collected at {pool} by {collect_by}.",
    "loan.prepared": "Unit {unit} is ready for hand-over.",
    "loan.unprepared": "Unit {unit} was put back; another one can be picked.",
    "loan.unit_swapped": "Unit {unit} was put back ({service}); unit {given} is ready instead.",
    "loan.unit_exchanged": "Unit {unit} was brought back ({service}); the borrower goes on with unit {given} ({grade}).",
    "loan.checked_out": "Unit {unit} was handed over ({grade}); due back on {due_on}.",
    "loan.checked_in": "Unit {unit} came back ({grade}); it waits for inspection.",
    "loan.accessories_missing": "Found missing: {names}.",
    "loan.accessories_returned": "Came back: {names}.",
    "loan.accessories_settled": "Settled without coming back: {names}.",
    "loan.check_in_undone": "The check-in of unit {unit} was a mistake; it is on loan until {due_on}.",
    "loan.closed": "Unit {unit} passed inspection and is in service again.",
    "loan.fault_found": "Unit {unit} is back but not fine: {service}.",
    "loan.settled": "Settled; unit {unit} stays “{service}”.",
    "loan.lost": "Unit {unit} is lost.",
    "loan.found": "Unit {unit} was found; it waits for inspection.",
    "loan.problem_reported": "A problem with unit {unit} was reported; nothing else changed.",
    "loan.receipt_printed": "The {kind} receipt was made as a PDF.",
    "loan.moved_to_pool": "Served from {pool} instead of {before}.",
    "loan.took_over": "Served from {pool} instead of {before}, with the unit that the loan {kept} kept.",
    "loan.extended": "Extended from {due_before} to {due_on}.",
    "loan.cancelled": "Cancelled while {was}.",
    "loan.declined": "Declined by the borrower while {was}.",
    "loan.not_collected": "Unit {unit} was not collected by {collect_by}.",
    "loan.expired": "The hold ended on {hold_until} and nothing had unlocked it.",
    "equipment_model.added": "Added to the catalogue by an import.",
    "pool.added": "Opened by an import of units.",
    "pool.refitted": "{loans} open loans were fitted to the days of {pool}; {later} of them have a later day.",
    "closure.added": "{place} is closed: {days}. {loans} open loans were fitted to that.",
    "closure.withdrawn": "{place} is open after all: {days}. Days that had moved stay.",
    "unit.added": "Added to {pool}: {service}.",
    "unit.service_changed": "From “{before}” to “{service}”.",
    "pool.limit_changed": "People waiting on the account {account} may now have {limit} units at a time.",
}
