"""How this app says no."""

from desk.refusals import Refused


class NoticeRefused(Refused):
    """A notice or a template cannot be made, sent or published as asked."""
