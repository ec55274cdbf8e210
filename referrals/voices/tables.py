"""What lists of stories, feedback and questions show."""

from desk.lists.tables import Instant, ListColumn, ListTable, Number, Related, RowLink, RowOf, State
from referrals.states import HELP_TONES, STORY_TONES


class StoryTable(ListTable):
    """A story, with its words: they are what is decided about."""

    shown_name = RowLink("Told by")
    text = ListColumn("Story")
    campaign = Related("Campaign")
    state = State("State", STORY_TONES)
    submitted_at = Instant("Told", sort="submitted_at")
    customer = Related("Customer", only_exported=True)
    reference = ListColumn("Reference", only_exported=True)


class FeedbackTable(ListTable):
    """How a customer liked a step."""

    customer = RowOf("From")
    step = ListColumn("About")
    score = Number("Score, 1 to 5")
    words = ListColumn("In words")
    campaign = Related("Campaign")
    given_at = Instant("Given", sort="given_at")
    reference = ListColumn("Reference", only_exported=True)


class HelpTable(ListTable):
    """A question and whether it is answered."""

    customer = RowOf("Asked by")
    question = ListColumn("Question")
    about = ListColumn("About")
    state = State("State", HELP_TONES)
    asked_at = Instant("Asked", sort="asked_at")
    answered_at = Instant("Answered", only_exported=True)
    reference = ListColumn("Reference", only_exported=True)
