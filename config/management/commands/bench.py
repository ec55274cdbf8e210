"""`manage.py bench unlock`: how long from the button to the unlocked unit. `bench landing`: what opening an invitation costs.

`bench promises`: what a promise costs beside a long history of loans. `bench availability`: what the step function of all pools
costs with a long history beside a short one; made up, measured, rolled back. `bench lists`: the list of referrals, short and long.
"""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from config import availability_bench, benching, landing_bench, list_bench, promise_bench, served_bench
from desk.refusals import Refused


class Command(BaseCommand):
    help = (
        "In the demo world: unlock measures the wait from a verified sign-up to its given rewards while `serve` or `work` runs; "
        "landing measures what opening an invitation costs beside an empty page, in this process or with --served behind a web server. "
        "promises measures, in a database of its own, what a promise and the availability of 200 pools cost with 10,000 loans and with "
        "100,000. lists measures, in databases of its own, pages of the list of referrals with 10,000 and with 1,000,000 of them, in turns. "
        "availability measures the steps of 200 pools over 90 days in the database there is, and leaves nothing behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["unlock", "landing", "promises", "availability", "lists"])
        parser.add_argument("--count", type=int, default=100, help="How many friends or requests (100).")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--served", action="store_true", help="landing: behind a real web server with two processes.")

    def handle(self, *args: Any, what: str, count: int, **options: Any) -> None:
        if what == "promises":
            return self._promises(options["json"])
        if what == "availability":
            return self._availability(options["json"])
        if what == "lists":
            return self._lists(options["json"])
        if what == "landing":
            return self._landing(count, options["json"], is_served=options["served"])
        return self._unlock(count, options["json"])

    def _landing(self, count: int, as_json: bool, *, is_served: bool) -> None:
        measure = served_bench.served_costs if is_served else landing_bench.landing_costs
        try:
            ways = len(landing_bench.WAYS) + (is_served and served_bench.has_peer())
            with tqdm(total=count * ways, unit="request", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
                costs = measure(count=count, progress=bar.update)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if as_json:
            found = [
                {**asdict(cost), "times_processor": cost.times_processor(costs[0]), "times_requests": cost.times_requests(costs[0])}
                for cost in costs
            ]
            self.stdout.write(json.dumps(found))
            return
        for cost in costs:
            ratios = f"{cost.times_processor(costs[0]):.2f} × the processor, {cost.times_requests(costs[0]):.2f} × the requests per second"
            self.stdout.write(f"{cost.name}: {ratios}; {cost.queries} queries")

    def _promises(self, as_json: bool) -> None:
        with tqdm(total=promise_bench.SIZES[-1], unit="loan", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            costs = promise_bench.promise_costs(progress=bar.update)
        if as_json:
            self.stdout.write(json.dumps([asdict(cost) for cost in costs]))
            return
        for cost in costs:
            self.stdout.write(f"{cost.loans:>7,} loans: availability of {promise_bench.POOLS} pools × {promise_bench.DAYS} days "
                              f"{cost.availability * 1000:.0f} ms, one promise {cost.promise * 1000:.2f} ms")  # fmt: skip
        availability, promise = promise_bench.ratios(costs)
        self.stdout.write(f"Ten times the loans cost {availability:.2f} × for availability and {promise:.2f} × for a promise.")

    def _availability(self, as_json: bool) -> None:
        with tqdm(total=availability_bench.ROUNDS, unit="round", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            costs = availability_bench.availability_costs(at=timezone.now(), progress=bar.update)
        if as_json:
            self.stdout.write(json.dumps([asdict(cost) for cost in costs]))
            return
        for cost in costs:
            self.stdout.write(
                f"{cost.loans:,} loans, {cost.open:,} of them open: {cost.seconds * 1000:.1f} ms, {cost.queries} queries"
            )
        self.stdout.write(f"{costs[1].seconds / costs[0].seconds:.2f} × the time with ten times the loans")

    def _lists(self, as_json: bool) -> None:
        with tqdm(total=sum(list_bench.SIZES), unit="referral", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            costs = list_bench.list_costs(progress=bar.update)
        if as_json:
            self.stdout.write(json.dumps([asdict(cost) for cost in costs]))
            return
        small, large = list_bench.SIZES
        for cost in costs:
            self.stdout.write(f"{cost.name:<24} {cost.small * 1000:6.1f} ms with {small:,} referrals, "
                              f"{cost.large * 1000:6.1f} ms with {large:,}: {cost.ratio:.2f} ×")  # fmt: skip
        self.stdout.write(f"At most {max(cost.ratio for cost in costs):.2f} × with a hundred times the referrals.")

    def _unlock(self, count: int, as_json: bool) -> None:
        try:
            with tqdm(total=count, unit="friend", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
                found = benching.unlock_latency(count=count, progress=bar.update)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if as_json:
            self.stdout.write(json.dumps(asdict(found)))
            return
        self.stdout.write(f"{found.count} friends: half waited up to {found.p50:.2f} s, 99 of 100 up to {found.p99:.2f} s, "
                          f"the slowest {found.slowest:.2f} s; {found.lost} not within {benching.GIVE_UP_SECONDS:.0f} s.")  # fmt: skip
