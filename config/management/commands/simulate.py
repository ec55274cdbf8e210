"""`manage.py simulate`: a year of lending, with the promise book and without, side by side."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config.simulation import scratch, year
from config.simulation.truth import Tally
from config.simulation.year import Year


class Command(BaseCommand):
    help = (
        "Lives a year of lending twice in a database of its own, with the same invented friends: once as the product promises, once by "
        "a look at the shelf. Prints the promise-kept rates side by side. Real data is neither read nor changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=365, help="how many days are lived (365)")
        parser.add_argument("--seed", type=int, default=1, help="which friends: the same seed gives the same figures (1)")
        parser.add_argument("--units", type=int, default=year.UNITS, help=f"cameras at the start ({year.UNITS})")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, days: int, seed: int, units: int, **options: Any) -> None:
        if days < 1 or units < 1:
            raise CommandError("A simulation needs at least one day and one unit.")
        with scratch.database(), tqdm(total=2 * days, unit="day", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            found = year.live(seed=seed, days=days, units=units, progress=bar.update)
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(found), "is_honest": found.is_honest}, indent=2))
        else:
            self.stdout.write(_table(found, days=days, seed=seed, units=units))
        if not found.is_honest:
            raise CommandError("The promise book does not agree with what happened to the simulated friends.")


def _table(found: Year, *, days: int, seed: int, units: int) -> str:
    both = (found.with_book, found.without)
    rows = [
        ("Promises that fell due", *(f"{one.fallen_due:,}" for one in both)),
        ("Kept", *(f"{one.kept:,}" for one in both)),
        ("Broken", *(f"{one.broken:,}" for one in both)),
        ("Promises kept", *(_percent(one) for one in both)),
        ("Units handed over", *(f"{one.handed_over:,}" for one in both)),
        ("Days from confirming to collecting, median", *(f"{one.median_wait_days:.1f}" for one in both)),
        ("Days from confirming to collecting, longest", *(f"{one.longest_wait_days:.1f}" for one in both)),
    ]
    lines = [f"{days} days, seed {seed}, {units} units, {found.with_book.friends} friends who joined", ""]
    lines.append(f"{'':<45}{'with the promise book':>22}{'by the shelf':>14}")
    lines += [f"{label:<45}{with_book:>22}{without:>14}" for label, with_book, without in rows]
    agree = "agrees" if found.is_honest else "does NOT agree"
    lines += ["", f"The promise book counted {found.book_kept} kept and {found.book_broken} broken: it {agree} with what happened."]
    return "\n".join(lines)


def _percent(one: Tally) -> str:
    return "–" if one.kept_rate is None else f"{100 * one.kept_rate:.1f} %"
