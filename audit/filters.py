"""By what entries of the trail are picked out."""

from audit import registry
from desk.lists.filters import Choice, FromDay, ListFilters, ToDay


def events():
    """All registered events; the names come from the registry, not from the table."""
    return [(event, event) for event in sorted(registry.registered())]


def kinds():
    """The kinds of subjects that events are named after."""
    return [(kind, kind) for kind in sorted({event.split(".")[0] for event in registry.registered()} - {"row"})]


class EntryFilters(ListFilters):
    """What it is about, what happened, when."""

    subject = Choice("subject_type", "About a", kinds)
    event = Choice("event", "Event", events)
    at_from = FromDay("at", "From day")
    at_to = ToDay("at", "To day")
