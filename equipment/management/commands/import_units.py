"""`manage.py import_units FILE.csv`: units of equipment from a CSV file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.actors import SYSTEM
from desk.csv_files import ENCODINGS
from desk.csv_imports import progress_bar
from desk.refusals import Refused
from equipment.importing import import_units


class Command(BaseCommand):
    help = (
        "Add units of equipment from a CSV file, by serial number. Exit code 0: every line went in; 1: some lines were "
        "rejected and written to the rejects file; 2: the file or the map cannot be used and nothing was stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--map", type=Path, metavar="MAP.toml", help="how their headings and words become ours")
        parser.add_argument("--create-models", action="store_true", help="make models that are missing, from sku and model_name")
        parser.add_argument("--dry-run", action="store_true", help="look at everything, store nothing")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected lines go (default: beside the file)")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with progress_bar("Units", self.stderr) as progress:
                report = import_units(
                    path=options["file"],
                    at=timezone.now(),
                    by=SYSTEM,
                    mapping=options["map"],
                    is_dry_run=options["dry_run"],
                    progress=progress,
                    rejects_path=options["rejects"],
                    encoding=options["encoding"],
                    create_models=options["create_models"],
                )
        except Refused as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        for told in report.summary():
            self.stdout.write(told)
        if report.rejected:
            sys.exit(1)
