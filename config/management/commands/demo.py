"""`manage.py demo`: the demo world and a log-in for each role."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from campaigns.models import Campaign
from config.demo import filling
from desk.refusals import Refused


class Command(BaseCommand):
    help = "Fill an empty database with a believable world (about two minutes) and print a log-in for each role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=filling.DAYS, help="Days of history (90).")
        parser.add_argument("--customers", type=int, default=filling.CUSTOMERS, help="Customers at the start (2000).")

    def handle(self, *args: Any, days: int, customers: int, **options: Any) -> None:
        if Campaign.objects.exists() and settings.DEMO:
            self.stdout.write("The demo world is here already; it stays as it is.")
        else:
            self._fill(days, customers)
        self._log_ins()

    def _fill(self, days: int, customers: int) -> None:
        with tqdm(total=days + 2, desc="Making the demo world", unit="day", file=sys.stderr, mininterval=0.5) as bar:

            def step(what: str) -> None:
                bar.set_postfix_str(what)
                bar.update()

            try:
                filling.fill(at=timezone.now(), days=days, customers=customers, progress=step)
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal

    def _log_ins(self) -> None:
        self.stdout.write("\nLog in at " + settings.SITE_URL + "/admin/ as one of:")
        for username, role, password in filling.make_colleagues():
            self.stdout.write(f"  {username:<8}{password}   {role}")
        code = self._a_code()
        if code:
            self.stdout.write(f"A landing page:  {settings.SITE_URL}{code}")
        self.stdout.write(f"Mail that was sent:  {settings.SITE_URL}/admin/mailbox/\n")

    def _a_code(self) -> str:
        campaign = Campaign.objects.filter(state="live").order_by("pk").first()
        code = campaign.codes.filter(state="active").order_by("pk").first() if campaign else None
        return code.get_absolute_url() if code else ""
