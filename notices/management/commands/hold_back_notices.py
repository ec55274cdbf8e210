"""After a backup was restored: nothing that may have been sent before is sent again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.actors import SYSTEM
from notices import holding_back, sending
from notices.models import Notice
from notices.refusals import NoticeRefused
from notices.states import NoticeState


class Command(BaseCommand):
    help = (
        "Hold back every notice that waits in the outbox. Run it after a backup was restored and before background work is started: "
        "what was sent after the backup was made stands there as waiting. Staff can send each of them from its page in the desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--why", required=True, help="Stands beside each notice, such as: Restored from the backup of 3 March.")

    def handle(self, *, why: str, **options: Any) -> None:
        at = timezone.now()
        held = 0
        for reference in holding_back.waiting(at=at):
            sending.take_back(reference=reference, at=at)
            try:
                held += holding_back.hold_back(reference=reference, why=why, at=at, by=SYSTEM) == NoticeState.SUPPRESSED
            except NoticeRefused as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{held} notices held back. Each can be sent from its page in the desk.")
        under_way = Notice.objects.filter(state=NoticeState.SENDING).count()
        if under_way:
            self.stdout.write(f"{under_way} were being sent when the backup was made. Run this again in five minutes.")
