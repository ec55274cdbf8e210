"""`manage.py sync_roles`: the groups of the database become what `config.roles` says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import roles


class Command(BaseCommand):
    help = "Makes the staff roles equal to the table in config/roles.py. May run any number of times."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                changes = roles.sync()
        except LookupError as error:
            raise CommandError(str(error)) from error
        for change in changes:
            made = "made" if change.is_new else "changed"
            self.stdout.write(f"{change.role}: {made}, {len(change.given)} permissions given, {len(change.taken)} taken away")
        if not changes:
            self.stdout.write("All roles are as they should be.")
