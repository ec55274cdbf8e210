"""How the customers app says no."""

from desk.refusals import Invalid, Refused


class CustomerRefused(Refused):
    """A verb about a customer could not be done. `code` for tests and machines, `sentence` for people."""


class CustomerInvalid(CustomerRefused, Invalid):
    """A value that cannot be used, however often it is sent again (422)."""
