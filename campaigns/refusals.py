"""How this app says no."""

from collections.abc import Sequence

from desk.refusals import Invalid, Refused


class CampaignRefused(Refused):
    """A campaign cannot do this now. `reasons` holds every reason at once, each a sentence."""

    def __init__(self, code: str, sentence: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(code, sentence)
        self.reasons: tuple[str, ...] = tuple(reasons) or (sentence,)


class RecipeInvalid(Invalid):
    """A recipe that cannot be used. `problems` lists all that is wrong, each naming its key."""

    def __init__(self, problems: Sequence[str]) -> None:
        count = f"{len(problems)} problems" if len(problems) != 1 else "a problem"
        super().__init__("recipe_invalid", f"The recipe has {count}: " + " · ".join(problems))
        self.problems: tuple[str, ...] = tuple(problems)


class LogoRefused(Invalid):
    """An upload is no logo that can be shown."""
