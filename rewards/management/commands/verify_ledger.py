"""`manage.py verify_ledger`: says that the accounts are right, or names everything that is not."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from rewards import verifying


class Command(BaseCommand):
    """Compares every balance with its postings, and every entry with nought."""

    help = "Verifies that every entry of the ledger balances and every balance is the sum of its postings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; exit with an error when something is wrong."""
        found = list(verifying.problems())
        entries, postings, accounts = verifying.counts()
        if found:
            raise CommandError("\n".join([*found, f"{len(found)} of the accounts' rows are wrong. Change nothing; find out why."]))
        self.stdout.write(f"Intact: {entries} entries with {postings} postings balance, and so do {accounts} accounts.")
