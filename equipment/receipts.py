"""What is put on paper at the handover desk: the receipts of a hand-over and of a return, and the terms as they were accepted."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from audit import actors, trail
from audit.actors import Actor
from audit.models import Entry
from desk import paper
from desk.amounts import money
from equipment import conditions, finding
from equipment.models import ConditionReport, Loan
from equipment.states import Grade

HANDOVER, RETURN, TERMS = "handover", "return", "loan terms"
TITLES = {
    HANDOVER: gettext_lazy("Handover receipt"),
    RETURN: gettext_lazy("Return receipt"),
    TERMS: gettext_lazy("Loan terms as accepted"),
}
GRADES = {
    Grade.AS_NEW.value: gettext_lazy("As new"),
    Grade.GOOD.value: gettext_lazy("Good"),
    Grade.WORN.value: gettext_lazy("Worn"),
    Grade.DAMAGED.value: gettext_lazy("Damaged"),
}
"""The condition of a unit, as its borrower reads it."""
IN_PERSON = gettext_noop("in person at the handover desk")
"""How the desk notes that terms were accepted before it."""
_WRAPPED = re.compile(r"(?<=\S)\r?\n(?=[a-zß-ÿ(])")
_DIRECTIONS = {HANDOVER: "out", RETURN: "in", TERMS: "out"}


@dataclass(frozen=True)
class Receipt:
    """A receipt of one kind for one loan, as its template shows it. `url` is what its QR code opens at the desk."""

    kind: str
    loan: Loan
    url: str
    report: ConditionReport | None
    missing: Sequence[str]

    @property
    def title(self) -> str:
        """The head of the paper."""
        return str(TITLES[self.kind])

    @property
    def code(self) -> str:
        """What is typed at the desk when the QR code cannot be read."""
        return finding.printed(self.loan)

    @property
    def is_return(self) -> bool:
        """Whether it says that the unit is back."""
        return self.kind == RETURN

    @property
    def value(self) -> str:
        """What a new one costs, as the reader writes amounts; empty where nobody has said it."""
        model = self.loan.pool.model
        return money(model.replacement_value, model.currency) if model.replacement_value else ""

    @property
    def days(self) -> list[tuple[str, str]]:
        """Instants and days with their labels, at the pool's place."""
        loan, opening = self.loan, self.loan.pool.opening()
        found = [(_("Handed over"), self._local(loan.handed_over_at))]
        if loan.due_at:
            found.append((_("Due back"), date_format(opening.last_day(loan.due_at), _day())))
        if self.is_return:
            found.append((_("Taken back"), self._local(loan.returned_at)))
        return found

    @property
    def condition(self) -> str:
        """The condition that was seen, in words; a dash where nobody noted one."""
        return str(GRADES.get(self.report.grade, "–")) if self.report else "–"

    @property
    def terms(self) -> str:
        """The wording that was accepted, without the line breaks that only wrap a sentence."""
        return _WRAPPED.sub(" ", self.loan.acceptance.version.body) if self.loan.acceptance else ""

    @property
    def accepted(self) -> str:
        """When the terms were accepted, at the pool's place."""
        return self._local(self.loan.acceptance.at) if self.loan.acceptance else ""

    @property
    def how(self) -> str:
        """The way in which the terms were accepted; ways of our own are said in the reader's language."""
        return _(self.loan.acceptance.how) if self.loan.acceptance else ""

    def _local(self, instant: datetime | None) -> str:
        if instant is None:
            return "–"
        local = instant.astimezone(ZoneInfo(self.loan.pool.time_zone))
        return f"{date_format(local, _day())}, {local:%H:%M %Z}"


def _day() -> str:
    return pgettext("a day with its weekday on paper, as Django's date filter writes it", "l, j F Y")


def receipt(loan: Loan, kind: str, *, url: str) -> Receipt | None:
    """The receipt of a loan, or None while there is nothing to confirm."""
    happened_at = loan.returned_at if kind == RETURN else loan.handed_over_at
    if kind not in TITLES or happened_at is None:
        return None
    report = loan.condition_reports.filter(direction=_DIRECTIONS[kind]).last()
    went_out = conditions.went_out_with(loan) if kind == RETURN else []
    missing = [thing for thing in went_out if report and thing not in report.accessories]
    return Receipt(kind, loan, url, report, missing)


def draw(html: str, receipt: Receipt) -> bytes:
    """The receipt as a PDF, from the text of its template. Outside of any transaction: it takes a second."""
    return paper.pdf(html, pictures={"code.svg": paper.qr_svg(receipt.url)})


def note(*, loan: Loan, kind: str, body: bytes, at: datetime, by: Actor) -> None:
    """Record that exactly this paper was made, by staff or the borrower, by its SHA-256; the same paper again is not."""
    if by != actors.customer(loan.borrower.reference):
        by.require("equipment.view_loan")
    sha256 = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
        made = Entry.objects.filter(subject_type=loan.subject_type, subject_reference=loan.reference, event="loan.receipt_printed")
        if made.filter(data__contains=sha256).exists():
            return
        trail.record("loan.receipt_printed", about=loan, by=by, at=at, concerns=loan.parties(), kind=kind, sha256=sha256)
