"""Make the schedules in the database equal to the table in `config/schedules.py`."""

from typing import Any

from django.core.management.base import BaseCommand

from config.scheduling import sync


class Command(BaseCommand):
    help = "Make the queue's schedules equal to the table in config/schedules.py. Run it at every deployment."

    def handle(self, **options: Any) -> None:
        changes = sync()
        for change in changes:
            self.stdout.write(change)
        if not changes:
            self.stdout.write("Schedules are as they should be.")
