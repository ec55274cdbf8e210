"""Look at everything, and say of each thing that it is fine or what to do."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.diagnosing import diagnose


class Command(BaseCommand):
    help = "Examine settings, database, background work and templates. Exit code 1 when something has to be done."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="write the findings as JSON")

    def handle(self, *, as_json: bool = False, **options: Any) -> None:
        findings = list(diagnose(timezone.now()))
        if as_json:
            rows = [{"ok": finding.is_ok, "text": finding.text, "fix": finding.fix} for finding in findings]
            self.stdout.write(json.dumps(rows, indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"ok   {finding.text}" if finding.is_ok else f"fix: {finding.text}. {finding.fix}")
        open_ones = sum(not finding.is_ok for finding in findings)
        if open_ones:
            raise CommandError(f"{open_ones} of {len(findings)} need a hand.", returncode=1)
