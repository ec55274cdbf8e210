"""`manage.py why REFERENCE`: what happened to something, and why."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.models import Entry
from config.references import Found, find


class Command(BaseCommand):
    help = "Prints what happened to a referral, reward, loan, code, customer, campaign, unit or notice, with the reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "reference", metavar="REFERENCE", help="a reference, code, slug, serial number, CRM id or e-mail address"
        )

    def handle(self, *args: Any, reference: str, **options: Any) -> None:
        found = find(reference)
        if not found:
            raise CommandError(
                f"Nothing is known by the name {reference!r}. "
                "Give a reference (ref_…, rwd_…, loan_…, cus_…, not_…), a code, a campaign, a serial number, a CRM id or a mail address."
            )
        self.stdout.write("\n\n".join(_story(thing) for thing in found))


def _story(thing: Found) -> str:
    lines = [f"{thing.kind} {thing.reference}"]
    if thing.linked:
        lines.append(f"with {', '.join(thing.linked)}")
    entries = [_line(entry, thing) for entry in thing.timeline()]
    return "\n".join([*lines, *(entries or ["Nothing has been recorded about it yet."])])


def _line(entry: Entry, thing: Found) -> str:
    about = "" if entry.subject_reference == thing.reference else f" [{entry.subject_type} {entry.subject_reference}]"
    return f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.event}{about}  {entry.sentence}  – {entry.actor}"
