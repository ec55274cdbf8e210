"""How rewards say no."""

from desk.refusals import Refused


class RewardRefused(Refused):
    """A refusal about a reward."""
