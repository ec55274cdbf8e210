"""Write the seals and the heads of all chains to a file to be kept elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from audit.exporting import lines


class Command(BaseCommand):
    help = "Export seals and chain heads as signed JSON lines, to be kept where the database's owner cannot write."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="write here (whole or not at all) instead of to the screen")

    def handle(self, *, output: Path | None = None, **options: Any) -> None:
        if output is None:
            for line in lines():
                self.stdout.write(line)
            return
        count = _write(output)
        self.stdout.write(f"{count} lines written to {output}. Keep the file on another machine.")


def _write(output: Path) -> int:
    """Write to a name beside it first, so that a half-written file is never taken for an export."""
    unfinished = output.with_name(f"{output.name}.part")
    count = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines():
            file.write(f"{line}\n")
            count += 1
    unfinished.replace(output)
    return count
