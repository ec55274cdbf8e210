"""From what somebody scans or types to the loan that is meant.

A code is the reference of a loan (also as printed on a receipt, in groups of four, or as the address in its QR code) or the
serial number of a unit. Case, spaces, dashes and look-alikes (O and 0, I, L and 1) make no difference. Whoever has neither gives
a name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.references import ALPHABET, LENGTH
from equipment.models import Loan, Unit
from equipment.querysets import LoanQuerySet
from equipment.states import LOAN_TERMINAL, PRESENT, LoanState

LONGEST = 300
"""Characters that are looked at; a scanner may send an address."""
SHORTEST_NAME = 3
MOST = 12
"""Loans offered when several are meant."""
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PREFIX = re.compile(r"\A\s*loan[\s_-]*", re.IGNORECASE)
_ADDRESS = re.compile(r"/handover/(?:\?code=)?([\w-]+)")


@dataclass(frozen=True)
class Found:
    """What a code can mean: loans, and the unit when it was a serial number."""

    asked: str
    loans: Sequence[Loan] = ()
    unit: Unit | None = None

    @property
    def loan(self) -> Loan | None:
        """The loan that is meant, when it can only be one."""
        return self.loans[0] if len(self.loans) == 1 else None


def find(text: str) -> Found:
    """What was scanned or typed: a loan, else a unit and the loan it is in, else open loans of people of that name."""
    asked = " ".join(text.split())[:LONGEST]
    address = _ADDRESS.search(asked)
    code = address.group(1) if address else asked
    loan = _loan_called(code)
    if loan:
        return Found(asked, [loan])
    unit = unit_called(code)
    if unit:
        return Found(asked, list(_loans().filter(unit=unit, state__in=[*PRESENT, LoanState.LOST])[:1]), unit)
    return Found(asked, _loans_of_people_called(asked))


def plain(code: str) -> str:
    """A code without case, spaces, dashes and look-alikes, to be compared with another one made plain."""
    return re.sub(r"[^0-9A-Z]", "", code.upper()).translate(_LOOK_ALIKES)


def printed(loan: Loan) -> str:
    """The code on the receipt of a loan: its reference in groups of four, easy to read out."""
    body = loan.reference.removeprefix("loan_")
    return "-".join(body[start : start + 4] for start in range(0, len(body), 4))


def unit_called(code: str) -> Unit | None:
    """The unit with this serial number, spelled exactly or nearly; None when there is none or when several are near."""
    units = Unit.objects.select_related("pool__model")
    exact = units.filter(serial__iexact=code.strip()).first()
    if exact or not plain(code):
        return exact
    near = [pk for pk, serial in Unit.objects.values_list("pk", "serial") if plain(serial) == plain(code)]
    return units.get(pk=near[0]) if len(near) == 1 else None


def _loan_called(code: str) -> Loan | None:
    body = plain(_PREFIX.sub("", code))
    if len(body) != LENGTH or set(body) - set(ALPHABET):
        return None
    return _loans().filter(reference=f"loan_{body}").first()


def _loans_of_people_called(name: str) -> list[Loan]:
    if len(name) < SHORTEST_NAME:
        return []
    return list(_loans().filter(borrower__name__icontains=name).exclude(state__in=LOAN_TERMINAL).order_by("due_at", "pk")[:MOST])


def _loans() -> LoanQuerySet:
    return Loan.objects.select_related("pool__model", "unit", "borrower", "terms", "acceptance__version__agreement")
