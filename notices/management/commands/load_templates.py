"""Install the shipped texts that are missing, or bring those of an earlier release along."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from audit.actors import SYSTEM
from notices import default_templates


class Command(BaseCommand):
    help = "Publish the shipped text of every kind and language that has no template yet. Changes nothing that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--renew",
            action="store_true",
            help="Publish the shipped texts as the next version too where the common text reads differently. Campaigns' own texts stay.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        self.stdout.write(f"{default_templates.install(at=at)} templates installed.")
        for template in default_templates.renew(at=at, by=SYSTEM) if options["renew"] else []:
            self.stdout.write(f"{template.kind}, {template.language}, {template.channel}: version {template.version} is published.")
