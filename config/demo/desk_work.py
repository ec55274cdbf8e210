"""What colleagues do in a day: hand out, take back, inspect, decide."""

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from audit.actors import customer
from config.demo import voices
from config.demo.people import colleague
from customers import agreeing
from desk.refusals import Refused
from equipment import giving_up, lending, returning, servicing
from equipment.models import Loan, Unit
from equipment.receipts import IN_PERSON
from equipment.states import PRESENT, Grade, LoanState, Service
from rewards import deciding
from rewards.models import Reward
from rewards.states import RewardState

DECIDED_AFTER = timedelta(days=4)
"""So long a reward waits for a decision at least, so that today there is something to decide."""
TAKES = timedelta(hours=2)
"""What one day at the desk begun at `at` is over after, with what customers say of it."""
HANA = colleague("hana")


def work_a_day(chance: random.Random, *, at: datetime) -> None:
    """One day at the desk, at `at`: everything that is waiting, as far as people come and things come back."""
    _each(Loan.objects.filter(state=LoanState.ON_LOAN, handed_over_at__lt=at), lambda loan: _bring_back(chance, loan, at))
    _each(Loan.objects.filter(state=LoanState.UNLOCKED), lambda loan: _hand_over(chance, loan, at))
    _each(Loan.objects.filter(state=LoanState.RETURNED, returned_at__lt=at), lambda loan: _inspect(chance, loan, at))
    _each(Loan.objects.filter(state=LoanState.UNRESOLVED, returned_at__lt=at - timedelta(days=6)), lambda loan: _settle(loan, at))
    _each(Reward.objects.filter(state=RewardState.HELD), lambda reward: _decide(chance, reward, at))
    voices.read_stories(at=at)


def _each(rows: Iterable[Loan] | Iterable[Reward], act: Callable[..., None]) -> None:
    for row in list(rows):
        try:
            act(row)
        except Refused:
            # The desk tries again tomorrow.
            continue


def _hand_over(chance: random.Random, loan: Loan, at: datetime) -> None:
    if chance.random() < 0.03:
        giving_up.decline(loan=loan, reason="Plans have changed.", at=at, by=customer(loan.borrower.reference))
        return
    if chance.random() < 0.45:
        return
    taken = Loan.objects.filter(state__in=PRESENT, unit__isnull=False).values("unit")
    unit = Unit.objects.filter(pool=loan.pool, service=Service.IN_SERVICE).exclude(pk__in=taken).first()
    version = loan.terms.current() if loan.terms else None
    if unit is None or version is None:
        return
    lending.prepare(loan=loan, unit=unit, at=at, by=HANA)
    accepted = agreeing.accept(
        customer=loan.borrower,
        version=version,
        about=loan.reference,
        typed_name=loan.borrower.name,
        how=IN_PERSON,
        at=at,
        by=HANA,
        where=loan.pool.place,
    )
    lending.check_out(
        loan=loan,
        acceptance=accepted,
        checklist_done=loan.pool.model.checklist,
        grade=Grade.GOOD,
        at=at + timedelta(minutes=20),
        by=HANA,
    )


def _bring_back(chance: random.Random, loan: Loan, at: datetime) -> None:
    assert loan.due_at is not None
    days_left = (loan.due_at - at).days
    likely = 0.03 if days_left > 3 else 0.25 if days_left > 0 else 0.6
    if chance.random() < likely:
        grade = chance.choices([Grade.GOOD, Grade.WORN], weights=[8, 2])[0]
        returning.check_in(loan=loan, grade=grade, accessories=loan.checklist_done, at=at, by=HANA)
        voices.after_a_loan(chance, loan, at=at + timedelta(hours=1))


def _inspect(chance: random.Random, loan: Loan, at: datetime) -> None:
    if chance.random() < 0.06:
        returning.find_fault(loan=loan, service=Service.REPAIR, reason="A part is damaged.", at=at, by=HANA)
    else:
        returning.close(loan=loan, at=at, by=HANA)


def _settle(loan: Loan, at: datetime) -> None:
    returning.settle(loan=loan, outcome="Repaired in our workshop.", at=at, by=HANA)
    if loan.unit is not None:
        servicing.change_service(unit=loan.unit, service=Service.IN_SERVICE, reason="Repaired.", at=at, by=HANA)


def _decide(chance: random.Random, reward: Reward, at: datetime) -> None:
    if reward.created_at > at - DECIDED_AFTER or chance.random() < 0.4:
        return
    if chance.random() < 0.85:
        deciding.approve(reward=reward, at=at, by=colleague("ada"), note="Looked at and fine.")
    else:
        deciding.decline(reward=reward, note="The purchase was returned.", at=at, by=colleague("admin"))
