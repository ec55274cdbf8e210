"""Say whether the audit trail is intact, or name the first entry that is not."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.exporting import SealFile, SealFileInvalid, read
from audit.verifying import Report, verify


class Command(BaseCommand):
    help = "Verify every chain and seal of the audit trail. Exit code 1 when something is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seals", type=Path, metavar="FILE", help="also compare with a file made by export_seals")

    def handle(self, *, seals: Path | None = None, **options: Any) -> None:
        exported = _read(seals) if seals else None
        started = time.perf_counter()
        report = verify(exported)
        seconds = time.perf_counter() - started
        counts = f"{report.entries} entries in {report.chains} chains, {report.seals} seals over {report.sealed} entries"
        self.stdout.write(f"{counts}, {seconds:.1f} s.")
        if not report.is_intact:
            raise CommandError(_told(report), returncode=1)
        self.stdout.write("The trail is intact" + (" and has all that the file names." if exported else "."))


def _read(path: Path) -> SealFile:
    try:
        with path.open(encoding="utf-8") as lines:
            return read(lines)
    except (OSError, UnicodeDecodeError, SealFileInvalid) as problem:
        raise CommandError(f"{path} cannot be used: {problem}", returncode=2) from problem


def _told(report: Report) -> str:
    rest = report.problem_count - len(report.problems)
    told = [*report.problems, f"… and {rest} more."] if rest else report.problems
    return "\n".join(["The trail is broken.", *told])
