"""`manage.py import_units FILE.csv`: units of equipment from a CSV file."""

from argparse import ArgumentParser
from typing import Any

from audit.management.acting import ActingCommand
from desk.management.csv_import_command import EXIT_CODES, ImportCommand
from equipment.importing import ImportReport, import_units


class Command(ActingCommand, ImportCommand):
    help = f"Add units of equipment from a CSV file, by serial number.{EXIT_CODES}"
    things = "Units"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--create-models", action="store_true", help="make models that are missing, from sku and model_name")

    def import_file(self, options: dict[str, Any], **common: Any) -> ImportReport:
        return import_units(by=self.actor(options), create_models=options["create_models"], **common)
