"""Install the shipped texts that are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices import default_templates


class Command(BaseCommand):
    help = "Publish the shipped text of every kind and language that has no template yet. Changes nothing that is there."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{default_templates.install(at=timezone.now())} templates installed.")
