"""Commands whose verb somebody calls: the system, or a member of staff whose permissions then count as they do on a page."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actors import SYSTEM, Actor


class ActingCommand(BaseCommand):
    """A command with the option `--as`. Its verb is called by `self.actor(options)`; what they may not do is refused in words."""

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """With the option that every such command has."""
        parser = super().create_parser(*args, **options)
        parser.add_argument(
            "--as", dest="acting_as", metavar="USER", default="", help="act with the permissions of this member of staff"
        )
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """The command; a missing permission is told like every other refusal."""
        try:
            return super().execute(*args, **options)
        except PermissionDenied as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal

    def actor(self, options: dict[str, Any]) -> Actor:
        """Who acts. The trail says that it was by a command, for the machine cannot know who typed the name.

        Raises `CommandError` for a name that nobody active of staff has.
        """
        name = options.get("acting_as") or ""
        if not name:
            return SYSTEM
        user = get_user_model().objects.filter(username=name, is_active=True, is_staff=True).first()
        if user is None:
            raise CommandError(f"Nobody active of staff has the user name “{name}”.")
        return Actor(name=f"command:{user.get_username()}", user=user)
