"""Write a campaign as a recipe."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns import recipes
from campaigns.lookup import find_campaign
from desk.refusals import Refused


class Command(BaseCommand):
    """`manage.py export_campaign SLUG [--output FILE]`."""

    help = "Writes a campaign as a recipe that load_campaign reads again without any change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the campaign's slug")
        parser.add_argument("--output", type=Path, help="write to this file instead of the screen")

    def handle(self, *args: Any, slug: str, output: Path | None, **options: Any) -> None:
        try:
            campaign = find_campaign(slug)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        text = recipes.dump(campaign)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Written to {output}.")
