"""What every command that imports a CSV file has in common: its options, its bar, its words and its exit codes."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from desk.csv_files import ENCODINGS
from desk.csv_imports import ImportReport, progress_bar
from desk.refusals import Refused

EXIT_CODES = (
    " Exit code 0: every line went in; 1: some lines were rejected and written to the rejects file; 2: the file or the map"
    " cannot be used and nothing was stored."
)


class ImportCommand(BaseCommand):
    """A command that imports one file. Subclasses name what it holds and call the verb in `import_file`."""

    things = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options all imports have."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--map", type=Path, metavar="MAP.toml", help="how their headings and words become ours; or a shipped map's name"
        )
        parser.add_argument("--dry-run", action="store_true", help="look at everything, store nothing")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected lines go (default: beside the file)")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")

    def import_file(self, options: dict[str, Any], **common: Any) -> ImportReport:
        """Call the verb with what all imports are told (`common`) and with the options of this one."""
        raise LookupError(f"{type(self).__module__} does not say what it imports.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, say what came of it, and end with the code for it."""
        try:
            with progress_bar(self.things, self.stderr) as progress:
                report = self.import_file(
                    options,
                    path=options["file"],
                    at=timezone.now(),
                    mapping=options["map"],
                    is_dry_run=options["dry_run"],
                    progress=progress,
                    rejects_path=options["rejects"],
                    encoding=options["encoding"],
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        for told in report.summary():
            self.stdout.write(told)
        if report.rejected:
            sys.exit(1)
