"""How the portal says no."""

from desk.refusals import Invalid, NotFound, Refused


class PortalRefused(Refused):
    """The state of things forbids it."""


class PortalInvalid(PortalRefused, Invalid):
    """What was typed cannot be used."""


class LinkUsedUp(PortalRefused):
    """A link that opens nothing any more."""

    status = 410


class PortalNotFound(PortalRefused, NotFound):
    """There is no such thing, or it is somebody else's."""
