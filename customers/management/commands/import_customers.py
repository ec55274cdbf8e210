"""`manage.py import_customers FILE.csv [--map MAP.toml]`: customers from anybody's CSV file."""

from typing import Any

from audit.management.acting import ActingCommand
from customers.importing import ImportReport, import_customers
from desk.management.csv_import_command import EXIT_CODES, ImportCommand


class Command(ActingCommand, ImportCommand):
    help = f"Create and update customers from a CSV file, by external_id.{EXIT_CODES}"
    things = "Customers"

    def import_file(self, options: dict[str, Any], **common: Any) -> ImportReport:
        return import_customers(by=self.actor(options), **common)
