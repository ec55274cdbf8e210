"""Paying cash rewards out: what waits, the batches, the file for the bank, and the bank's answer."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.admin.screens import READING, ActingScreen
from audit.list_exports import record_export
from audit.naming import called, titled
from desk import csv_writing, menu, needs
from desk.amounts import money
from desk.badges import state_badge
from desk.clock import day
from desk.columns import page_of
from desk.menu import Item
from desk.needs import Need
from desk.parts import Empty
from desk.refusals import Refused
from desk.screens import Crumb, add_screen
from rewards import payout_files, payouts
from rewards.models import Batch
from rewards.states import BATCH_TONES, LINE_TONES, BatchState

PERMISSION = payouts.PERMISSION
PAYING = "Paying out takes the role Accounts."
SHOWN = 500


class Payouts(ActingScreen):
    """What waits to be paid, and the batches."""

    title = "Payouts"
    subtitle = "Cash rewards on their way to customers."
    permission = PERMISSION
    help = "payouts"
    how = (
        "Gather what waits into a batch, fetch its file, pay it at the bank, and bring the bank's answer back here. Each reward is in one "
        "batch at a time, and bringing the same answer twice changes nothing."
    )
    template_name = "rewards/payouts.html"
    is_readable = True
    who_acts = PAYING

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What can be gathered now, and the newest batches."""
        batches = [
            {"batch": row, "badge": state_badge(row, BATCH_TONES), "url": _address(row), "by": titled(row.created_by)}
            for row in Batch.objects.all()[:50]
        ]
        nothing = Empty("No batch was gathered yet. Cash rewards wait here once they are given.")
        return super().get_context_data(waiting=_waiting(), batches=batches, empty=nothing, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Gather a batch, and open it."""
        made: list[Batch] = []
        currency = request.POST.get("currency", "")[:3]
        self.attempt(
            lambda: made.append(payouts.gather(currency=currency, at=timezone.now(), by=self.actor)),
            "Gathered. Fetch the file, and pay it at the bank.",
        )
        return redirect(_address(made[0]) if made else reverse("admin:payouts"))


class BatchScreen(ActingScreen):
    """One batch: its payments, its file, and the bank's answer."""

    permission = PERMISSION
    help = "payouts"
    how = (
        "The bank's answer is a CSV file with the columns payment and status (paid or failed), and amount and reason if you like. What "
        "does not fit is listed and left alone."
    )
    template_name = "rewards/batch.html"
    is_readable = True
    who_acts = PAYING

    def crumbs(self) -> list[Crumb]:
        """Under the payouts."""
        return [Crumb("Payouts", reverse("admin:payouts"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The payments, and how each stands."""
        batch = _found(self.kwargs["reference"])
        lines = batch.lines.select_related("reward__beneficiary", "reward__tier")[:SHOWN]
        shown = {
            "title": f"Batch of {day(batch.created_at)}: {batch.sum}",
            "batch": batch,
            "badge": state_badge(batch, BATCH_TONES),
            "lines": [
                {
                    "line": line,
                    "amount": money(line.amount, batch.currency),
                    "badge": _line_badge(line),
                    "url": page_of(line.reward),
                }
                for line in lines
            ],
            "gathered_by": called(batch.created_by),
            "paid": money(payouts.paid_total(batch), batch.currency),
            "is_settled": batch.state == BatchState.SETTLED,
        }
        return super().get_context_data(**{**shown, **kwargs})

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Settle what the bank's file tells, and list what does not fit."""
        batch, file = _found(reference), request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            return self._again("Choose the file the bank gave you.")
        try:
            told = _read(file)
            report = payouts.reconcile(batch=batch, told=told, at=timezone.now(), by=self.actor)
        except Refused as refusal:
            return self._again(refusal.sentence, refusal.status)
        messages.success(request, _said(report))
        return self.render_to_response(self.get_context_data(report=report))

    def _again(self, problem: str, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=problem), status=status)


class BatchFile(ActingScreen):
    """The file for the bank. Fetching it marks the batch as sent."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """The file as a download; that it was fetched is on the trail."""
        batch = payouts.mark_sent(batch=_found(reference), at=timezone.now(), by=self.actor)
        rows = list(payouts.rows_of(batch))
        record_export(label="rewards.line", filters={"batch": batch.reference}, rows=len(rows), at=timezone.now(), by=self.actor)
        lines: Iterable[str] = csv_writing.write(payouts.HEADER, rows)
        name = f"payout-{batch.created_at:%Y-%m-%d}-{batch.reference}.csv"
        return StreamingHttpResponse(  # type: ignore[return-value]
            lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


def _read(file: UploadedFile) -> list[payouts.Told]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as stored:
        for piece in file.chunks():
            stored.write(piece)
        stored.flush()
        return payout_files.read(Path(stored.name))


def _said(report: payouts.Report) -> str:
    parts = [f"{report.paid} paid", f"{report.failed} not paid"]
    if report.already:
        parts.append(f"{report.already} were known already")
    parts.append(f"{report.open} still on their way" if report.open else "none is on its way any more")
    return f"{', '.join(parts)}."


def _found(reference: str) -> Batch:
    batch = Batch.objects.filter(reference=reference).first()
    if batch is None:
        raise Http404("There is no such batch.")
    return batch


def _address(batch: Batch) -> str:
    return reverse("admin:payout_batch", args=[batch.reference])


def _waiting() -> list[tuple[str, int, str]]:
    """Of each currency: how many rewards wait, and their sum in words."""
    return [(currency, number, money(total, currency)) for currency, number, total in payouts.totals()]


def _line_badge(line: Any) -> SafeString:
    return state_badge(line, LINE_TONES)


def _need(at: datetime) -> Need:
    totals = payouts.totals()
    note = ", ".join(money(total, currency) for currency, _, total in totals)
    return Need(sum(number for _, number, _ in totals), "Cash rewards to pay out", reverse("admin:payouts"), "info", note=note)


add_screen("payouts/", Payouts, name="payouts")
add_screen("payouts/<slug:reference>/", BatchScreen, name="payout_batch")
add_screen("payouts/<slug:reference>/file/", BatchFile, name="payout_file")
needs.register("rewards.payouts", _need, permission=PERMISSION)
menu.register(Item("payouts", "Today", "Payouts", "admin:payouts", "gift", PERMISSION, 30, 3, reading=READING))
