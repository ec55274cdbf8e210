"""`manage.py bench unlock`: how long from the button to the unlocked unit."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config import benching
from desk.refusals import Refused


class Command(BaseCommand):
    help = "Measure the wait from a verified sign-up to its given rewards, in the demo world, while `serve` or `work` runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["unlock"])
        parser.add_argument("--count", type=int, default=100, help="How many friends (100).")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, what: str, count: int, **options: Any) -> None:
        try:
            with tqdm(total=count, unit="friend", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
                found = benching.unlock_latency(count=count, progress=bar.update)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found)))
            return
        self.stdout.write(f"{found.count} friends: half waited up to {found.p50:.2f} s, 99 of 100 up to {found.p99:.2f} s, "
                          f"the slowest {found.slowest:.2f} s; {found.lost} not within {benching.GIVE_UP_SECONDS:.0f} s.")  # fmt: skip
