"""Load a campaign from a recipe."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from audit.actors import Actor
from audit.management.acting import ActingCommand
from campaigns import recipes, running
from campaigns.models import Campaign
from campaigns.refusals import CampaignRefused, RecipeInvalid
from campaigns.states import CampaignState
from desk.refusals import Refused


class Command(ActingCommand):
    """`manage.py load_campaign FILE.toml [--launch] [--as USER]`."""

    help = "Creates a campaign from a recipe, or changes it to what the recipe says. Loading the same recipe twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipe", help=f"a TOML file, or the name of a shipped recipe: {', '.join(recipes.shipped())}")
        parser.add_argument("--launch", action="store_true", help="put the campaign live when the readiness check passes")

    def handle(self, *args: Any, recipe: str, launch: bool, **options: Any) -> None:
        by = self.actor(options)
        campaign = self._load(_text_of(recipe), by)
        if launch and campaign.state != CampaignState.LIVE:
            self._launch(campaign, by)
        campaign.refresh_from_db()
        self.stdout.write(f"The campaign “{campaign.slug}” is loaded; it is {campaign.get_state_display().lower()}.")

    def _load(self, text: str, by: Actor) -> Campaign:
        try:
            return recipes.load(recipe=recipes.parse(text), at=timezone.now(), by=by)
        except RecipeInvalid as invalid:
            raise CommandError(_listed("The recipe cannot be loaded:", invalid.problems)) from invalid
        except CampaignRefused as refused:
            raise CommandError(_listed("The recipe was not loaded:", refused.reasons)) from refused
        except Refused as refused:
            raise CommandError(f"The recipe was not loaded: {refused.sentence}") from refused

    def _launch(self, campaign: Campaign, by: Actor) -> None:
        try:
            running.launch(campaign=campaign, at=timezone.now(), by=by)
        except CampaignRefused as refused:
            state = campaign.get_state_display().lower()
            heading = f"The campaign “{campaign.slug}” is loaded as {state}, but cannot go live yet:"
            raise CommandError(_listed(heading, refused.reasons)) from refused


def _text_of(name: str) -> str:
    """The text of a file, or of a shipped recipe by its name."""
    path = Path(name)
    if not path.exists():
        path = recipes.shipped().get(path.name.removesuffix(".toml"), path)
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8 and load it again.") from error
    except FileNotFoundError as error:
        raise CommandError(
            f"There is no file {name}, and no shipped recipe of that name: {', '.join(recipes.shipped())}."
        ) from error
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _listed(heading: str, lines: tuple[str, ...]) -> str:
    return "\n".join([heading, *(f"  - {line}" for line in lines)])
