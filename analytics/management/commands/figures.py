"""`manage.py figures SLUG`: the figures of a campaign."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.periods import period, whole_life
from analytics.report import report, rows
from campaigns.lookup import find_campaign
from campaigns.models import Campaign
from desk.refusals import Refused


class Command(BaseCommand):
    help = "Prints the figures of a campaign: referrals, conversion, units distributed, time to referral, utilisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the campaign")
        parser.add_argument(
            "--from", dest="first", metavar="DAY", type=_day, help="first day, such as 2026-03-01 (default: the launch)"
        )
        parser.add_argument("--to", dest="last", metavar="DAY", type=_day, help="last day, included (default: today)")
        parser.add_argument("--json", action="store_true", help="print JSON; ratios are strings, so that nothing is lost")

    def handle(self, *args: Any, slug: str, first: date | None, last: date | None, **options: Any) -> None:
        try:
            campaign = find_campaign(slug)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        at = timezone.now()
        life = whole_life(campaign, at=at)
        try:
            days = period(campaign, first or life.first, last or max(life.last, first or life.last))
        except ValueError as error:
            raise CommandError(str(error)) from error
        figures = report(campaign, days, at=at)
        self.stdout.write(json.dumps(figures, indent=2) if options["json"] else _table(campaign, figures))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day. Write it as 2026-03-01.") from error


def _table(campaign: Campaign, figures: dict[str, Any]) -> str:
    lines = rows(figures)
    width = max(len(label) for label, _ in lines)
    head = f"{campaign.name} ({campaign.slug}), {figures['from']} to {figures['to']}, days in {figures['time_zone']}"
    return "\n".join([head, *(f"  {label:<{width}}  {value}" for label, value in lines)])
