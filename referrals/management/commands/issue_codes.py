"""`manage.py issue_codes SLUG`: a code for every eligible customer, once."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from audit.management.acting import ActingCommand
from campaigns.lookup import find_campaign
from desk.refusals import Refused
from referrals import issuing


class Command(ActingCommand):
    help = "Give every eligible customer a code of a live campaign. Running it again issues none twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The campaign's short name, such as summer-camera.")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        bar = tqdm(desc="Issuing codes", unit=" customers", file=sys.stderr, disable=not sys.stderr.isatty())
        try:
            report = issuing.issue_codes(
                campaign=find_campaign(slug), at=timezone.now(), by=self.actor(options), progress=lambda count: bar.update(count)
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        finally:
            bar.close()
        self._say(report)

    def _say(self, report: issuing.IssueReport) -> None:
        self.stdout.write(f"Qualified: {report.eligible}")
        self.stdout.write(f"  codes issued now: {report.issued}")
        self.stdout.write(f"  had one already:  {report.already}")
        if report.turned_away:
            self.stdout.write("Did not qualify, by rule (one customer may miss several):")
            for sentence, count in report.turned_away:
                self.stdout.write(f"  {count:>8}  {sentence}")
