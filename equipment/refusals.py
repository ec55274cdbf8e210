"""How equipment says no."""

from desk.refusals import Invalid, Refused


class LoanRefused(Refused):
    """A loan, a unit or a pool cannot do what was asked. `code` for machines, `sentence` for people."""


class PhotoRefused(Invalid):
    """An upload is no photo that can be kept."""
