"""How equipment says no."""

from desk.refusals import Refused


class LoanRefused(Refused):
    """A loan, a unit or a pool cannot do what was asked. `code` for machines, `sentence` for people."""
