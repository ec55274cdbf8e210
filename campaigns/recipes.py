"""A campaign as a readable TOML file: checked, loaded, and written again without losing anything.

`parse(dump(load(parse(text))))` equals `parse(text)`, and loading the same recipe again changes and records nothing. The keys
are described in `docs/recipes.md`.
"""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli_w

from campaigns.models import Campaign
from campaigns.recipe_format import Table, document
from campaigns.recipe_loading import load
from campaigns.recipe_parts import AgreementPart, Recipe
from campaigns.recipe_reading import read
from campaigns.recipe_stored import recipe_of
from campaigns.refusals import CampaignRefused, RecipeInvalid

__all__ = ["CampaignRefused", "Recipe", "RecipeInvalid", "dump", "load", "parse", "recipe_of", "shipped", "write"]

FOLDER = Path(__file__).parent / "recipes"
_HEADING = "# A campaign recipe. docs/recipes.md describes every key.\n\n"


def parse(text: str) -> Recipe:
    """A recipe's text as plain data. Raises `RecipeInvalid` with every problem at once, each naming its key."""
    problems: list[str] = []
    recipe = read(Table(document(text), "", problems))
    if problems:
        raise RecipeInvalid(problems)
    return recipe


def dump(campaign: Campaign) -> str:
    """A campaign as the text of a recipe. The same campaign always gives the same text."""
    return write(recipe_of(campaign))


def write(recipe: Recipe) -> str:
    """A recipe as text: instants in the campaign's time zone, what is empty left out."""
    return _HEADING + tomli_w.dumps(_tables(recipe), multiline_strings=True)


def shipped() -> dict[str, Path]:
    """The recipes that come with the program, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def _tables(recipe: Recipe) -> dict[str, Any]:
    zone = ZoneInfo(recipe.campaign.time_zone)
    tables: dict[str, Any] = {
        "campaign": _written(recipe.campaign, zone),
        "goals": dict(recipe.goals),
        "translations": recipe.by_language(),
        "terms": _document(recipe.terms),
        "loan_terms": _document(recipe.loan_terms),
    }
    for name in ("rules", "variants", "steps", "tiers", "quotas", "promotions"):
        tables[name] = [_written(part, zone) for part in getattr(recipe, name)]
    return {name: table for name, table in tables.items() if table}


def _document(part: AgreementPart | None) -> dict[str, Any]:
    if part is None:
        return {}
    wordings = {"translations": dict(part.translations)} if part.translations else {}
    return {"slug": part.slug, "title": part.title, "body": part.body, **wordings}


def _written(part: Any, zone: ZoneInfo) -> dict[str, Any]:
    values = {name: value for name, value in asdict(part).items() if value is not None and value != ""}
    return {name: value.astimezone(zone) if isinstance(value, datetime) else value for name, value in values.items()}
