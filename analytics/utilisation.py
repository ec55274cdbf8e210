"""How much of the time units are with customers: the arithmetic alone, exact in fractions of unit-days.

Definitions (as in the rental trade, where time utilisation is days on rent over days available):
loan-days run from the actual hand-over to the actual return (or now), clipped to the period, fractional;
gross = loan-days / owned unit-days; net = loan-days / in-service unit-days;
turnover = loans with days in the period / average owned units, so gross = turnover x mean loan length / period length;
committed = days on which a unit was out, held, back or being turned round / in-service unit-days: how full the promise book was;
share of an account = its loan-days / in-service unit-days, so that the shares of all accounts add up to net.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

_DAY = timedelta(days=1) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Stay:
    """One unit with one customer, from hand-over to return, counted under `account`."""

    account: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Change:
    """From `at` on the unit is in service or not, and ours or no longer."""

    at: datetime
    is_in_service: bool
    is_owned: bool = True


@dataclass(frozen=True)
class Life:
    """One unit: ours and in service from `since`, as changed by `changes`."""

    since: datetime
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Utilisation:
    """Unit-days of a period, exact, and the ratios of them. A ratio over nothing is None."""

    period_days: Fraction
    owned_days: Fraction
    in_service_days: Fraction
    loan_days: Fraction
    loans: int
    account_days: dict[str, Fraction]
    committed_days: Fraction = Fraction(0)

    @property
    def gross(self) -> Fraction | None:
        """Loan-days over owned unit-days."""
        return self.loan_days / self.owned_days if self.owned_days else None

    @property
    def net(self) -> Fraction | None:
        """Loan-days over in-service unit-days."""
        return self.loan_days / self.in_service_days if self.in_service_days else None

    @property
    def committed(self) -> Fraction | None:
        """Committed unit-days over in-service unit-days; above 1 more was promised than there was."""
        return self.committed_days / self.in_service_days if self.in_service_days else None

    @property
    def turnover(self) -> Fraction | None:
        """Loans with days in the period over the average number of owned units."""
        return self.loans * self.period_days / self.owned_days if self.owned_days else None

    @property
    def mean_loan_days(self) -> Fraction | None:
        """Loan-days in the period per loan."""
        return self.loan_days / self.loans if self.loans else None

    def share(self, account: str) -> Fraction | None:
        """Loan-days of one account over in-service unit-days."""
        return self.account_days.get(account, Fraction(0)) / self.in_service_days if self.in_service_days else None


def utilisation(
    lives: Sequence[Life], stays: Iterable[Stay], *, start: datetime, end: datetime, committed: Iterable[Stay] = ()
) -> Utilisation:
    """The utilisation of these units by these stays in `[start, end)`. Raises `ValueError` when the period is empty.

    `committed` are the times for which units were promised: from the hold to the end of the loan.
    """
    if end <= start:
        raise ValueError("A period ends after it starts.")
    account_days: dict[str, Fraction] = {}
    loans = 0
    for stay in stays:
        days = overlap_days(stay.start, stay.end, start, end)
        loans += days > 0
        account_days[stay.account] = account_days.get(stay.account, Fraction(0)) + days
    spans = [span for life in lives for span in _spans(life, end)]
    return Utilisation(
        period_days=overlap_days(start, end, start, end),
        owned_days=_total(spans, start, end, only="owned"),
        in_service_days=_total(spans, start, end, only="in_service"),
        loan_days=sum(account_days.values(), Fraction(0)),
        loans=loans,
        account_days=account_days,
        committed_days=sum((overlap_days(one.start, one.end, start, end) for one in committed), Fraction(0)),
    )


def overlap_days(start: datetime, end: datetime, first: datetime, last: datetime) -> Fraction:
    """Days that `[start, end)` and `[first, last)` have in common, as an exact fraction."""
    common = min(end, last) - max(start, first)
    return Fraction(max(common, timedelta(0)) // timedelta(microseconds=1), _DAY)


@dataclass(frozen=True)
class _Span:
    start: datetime
    end: datetime
    is_in_service: bool
    is_owned: bool


def _spans(life: Life, end: datetime) -> list[_Span]:
    """The life of a unit cut at its changes, up to `end`. A change before `since` counts from `since`."""
    marks = [Change(life.since, is_in_service=True), *sorted(life.changes, key=lambda change: change.at)]
    ends = [*(mark.at for mark in marks[1:]), end]
    return [
        _Span(max(mark.at, life.since), until, mark.is_in_service, mark.is_owned) for mark, until in zip(marks, ends, strict=True)
    ]


def _total(spans: Iterable[_Span], start: datetime, end: datetime, *, only: str) -> Fraction:
    counted = (span for span in spans if span.is_owned and (only == "owned" or span.is_in_service))
    return sum((overlap_days(span.start, span.end, start, end) for span in counted), Fraction(0))
