"""`manage.py use_code CODE`: the code of a discount was used with an order."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from audit.management.acting import ActingCommand
from desk.refusals import Refused
from rewards import messages, redeeming


class Command(ActingCommand):
    help = "Marks the code of a discount as used and prints what it was worth; a second time it says when it was used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the code, as the customer shows it")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        try:
            reward = redeeming.use_code(code=code, at=timezone.now(), by=self.actor(options))
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{reward.voucher} is used now: {messages.what(reward)} for {reward.beneficiary}.")
