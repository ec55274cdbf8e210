"""`manage.py invite SLUG`: invite customers who have a code, as many as can be served."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from audit.management.acting import ActingCommand
from campaigns.lookup import find_campaign
from desk.refusals import Refused
from referrals import inviting


class Command(ActingCommand):
    help = "Invite customers of a live campaign who have a code, want news and were not invited yet: as many as can be served."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="The campaign's short name, such as summer-camera.")
        parser.add_argument(
            "--most", type=int, default=inviting.MOST_AT_A_TIME, help=f"At most so many ({inviting.MOST_AT_A_TIME})."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say how things stand.")

    def handle(self, *args: Any, slug: str, most: int, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        try:
            campaign = find_campaign(slug)
            self.stdout.write(inviting.meter(campaign, at=at).sentence)
            if not dry_run:
                number = inviting.invite(campaign=campaign, most=most, at=at, by=self.actor(options))
                self.stdout.write(f"Invited: {number}. The messages go out within a minute.")
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
