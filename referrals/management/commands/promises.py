"""`manage.py promises SLUG`: the promise book of a campaign."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.lookup import find_campaign
from campaigns.models import Campaign
from desk.amounts import money
from desk.refusals import Refused
from referrals import inviting, promise_book
from referrals.at_risk import promises_at_risk
from referrals.promise_book import MEANINGS, PromiseBook, PromiseStanding


class Command(BaseCommand):
    help = "Prints the promise book of a campaign: firm, open, waitlisted, kept, broken and lapsed promises, and what is out now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the campaign")
        parser.add_argument("--json", action="store_true", help="print JSON; amounts are strings, so that nothing is lost")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        try:
            campaign = find_campaign(slug)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        at = timezone.now()
        book = promise_book.book_of(campaign, at=at)
        self.stdout.write(_json(campaign, book, at) if options["json"] else _words(campaign, book, at))


def _json(campaign: Campaign, book: PromiseBook, at: datetime) -> str:
    found = {**asdict(book), "campaign": campaign.slug, "currency": campaign.currency, "at": at.isoformat()}
    return json.dumps({**found, "at_risk": _at_risk(campaign, at)}, default=str, indent=2)


def _words(campaign: Campaign, book: PromiseBook, at: datetime) -> str:
    lines = [f"{campaign.name} ({campaign.slug}): {book.total} promises"]
    lines += [f"  {standing.label:<13}{book.count(standing):>6}  {MEANINGS[standing]}" for standing in PromiseStanding]
    out = book.exposure
    if book.owed:
        lines.append(f"  {book.owed} of the broken ones still wait for their unit.")
    lines.append(f"  Out now: {out.units} units worth {money(out.value, campaign.currency)}, {out.unit_days:,.1f} unit-days so far "
                 f"({money(out.value_days, campaign.currency)} × days).")  # fmt: skip
    if out.foreign:
        lines.append(f"  {out.foreign} of the units have a value in another currency, which is not counted.")
    lines.append(f"  At risk as things stand: {_at_risk(campaign, at)}.")
    lines.append(f"  {inviting.meter(campaign, at=at).sentence}")
    return "\n".join(lines)


def _at_risk(campaign: Campaign, at: datetime) -> int:
    return sum(one.promise.referral.campaign_id == campaign.pk for one in promises_at_risk(at=at))
