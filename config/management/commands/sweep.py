"""Do all due work once, in this process."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.sweeping import sweep


class Command(BaseCommand):
    help = "Do all due work once, in this process, until nothing is left: for cron instead of a cluster, and for trying things."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", type=_instant, metavar="INSTANT", help="do what is due then, such as 2026-03-02T12:00Z (default: now)"
        )

    def handle(self, *, at: datetime | None = None, **options: Any) -> None:
        for job, count in sweep(at or timezone.now()).items():
            self.stdout.write(f"{count:>6}  {job}")


def _instant(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(f"“{text}” is not an instant. Write it as 2026-03-02T12:00Z.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
