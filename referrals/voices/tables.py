"""What lists of stories, feedback and questions show."""

from desk.lists.tables import Instant, ListColumn, ListTable, Number, Related, RowLink, State
from referrals.states import HELP_TONES, STORY_TONES


class StoryTable(ListTable):
    """A story, with its words: they are what is decided about."""

    reference = RowLink("Story")
    text = ListColumn("Words")
    shown_name = ListColumn("Shown as")
    campaign = Related("Campaign")
    state = State("State", STORY_TONES)
    submitted_at = Instant("Told", sort="submitted_at")
    customer = Related("Customer", only_exported=True)


class FeedbackTable(ListTable):
    """How a customer liked a step."""

    reference = RowLink("Feedback")
    step = ListColumn("About")
    score = Number("Score, 1 to 5")
    words = ListColumn("In words")
    customer = Related("Customer")
    campaign = Related("Campaign")
    given_at = Instant("Given", sort="given_at")


class HelpTable(ListTable):
    """A question and whether it is answered."""

    reference = RowLink("Question")
    question = ListColumn("Words")
    customer = Related("Customer")
    about = ListColumn("About")
    state = State("State", HELP_TONES)
    asked_at = Instant("Asked", sort="asked_at")
    answered_at = Instant("Answered", only_exported=True)
