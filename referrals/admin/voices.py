"""What customers say, at the desk: stories to be read, questions to be answered, feedback with its averages."""

from django.contrib import admin
from django.db.models import Q
from django.utils.safestring import SafeString

from audit.admin.timeline import VerbOnlyAdmin
from audit.tables import actor_column
from customers import finding
from customers.models import Customer
from desk import menu, needs, panels
from desk.badges import state_badge
from desk.columns import link, list_of
from desk.lists import BulkMove, ListPage
from desk.lists.ways import found_by
from desk.menu import Item
from desk.needs import Need, need_of
from desk.panels import Cell, Panel
from referrals.models import Feedback, HelpRequest, Story
from referrals.states import HELP_TONES, STORY_TONES, HelpState, StoryState
from referrals.voices import desk_moves, feedback
from referrals.voices.filters import FeedbackFilters, HelpFilters, StoryFilters
from referrals.voices.tables import FeedbackTable, HelpTable, StoryTable

_STORY = {move.name: move for move in desk_moves.STORY}


class _Voices(ListPage):
    """A list of what customers said, found by who said it."""

    search_help = "A reference, or an e-mail or the beginning of a name."

    def find(self, rows, text):
        """By the reference or the customer."""
        return found_by(rows, Q(reference=text), Q(customer__in=finding.keys(text)))


class StoryList(_Voices):
    """Stories, the newest first."""

    table = StoryTable
    filters = StoryFilters
    order = "-submitted_at"
    related = ("campaign", "customer")
    phone = ("shown_name", "state", "text", "submitted_at")
    nothing_yet = "No customer has told a story yet. They do so on their own page."
    bulk = (BulkMove(_STORY["publish"], "published"), BulkMove(_STORY["decline"], "declined"))


class FeedbackList(_Voices):
    """Feedback, the newest first, with the averages of all of it above."""

    table = FeedbackTable
    filters = FeedbackFilters
    order = "-given_at"
    related = ("campaign", "customer")
    phone = ("customer", "score", "words", "given_at")
    nothing_yet = "No customer has given feedback yet. They are asked on their own page after each step."

    def __init__(self, page):
        super().__init__(page)
        self.lead = " · ".join(f"{one.label} {one.score:.1f} of 5 ({one.count:,})" for one in feedback.averages())


class HelpList(_Voices):
    """Questions, the newest first."""

    table = HelpTable
    filters = HelpFilters
    order = "-asked_at"
    related = ("customer",)
    phone = ("customer", "state", "question", "asked_at")
    nothing_yet = "No customer has asked anything yet. They do so on their own page."


@admin.register(Story)
class StoryAdmin(VerbOnlyAdmin):
    """A customer's story, and whether it is shown."""

    list_page = StoryList
    help = "referrals"
    how = (
        "Read the words as a friend would, who knows nobody here. Publish shows them on the pages of the campaign under the first name, with "
        "the consent the customer gave. Decline shows them to nobody, and the customer reads your reason. A customer may take a story back "
        "at any time."
    )
    moves = desk_moves.STORY

    def heading(self, row: Story) -> str:
        """Who tells it of what."""
        return f"{row.shown_name or 'A customer'} about “{row.campaign}”"

    def lead(self, row: Story) -> str:
        """The words themselves."""
        return f"“{row.text}” {row.shown_name}" if row.text else "The words were wiped."

    def badges(self, row: Story) -> list[SafeString]:
        """Whether it is shown."""
        return [state_badge(row, STORY_TONES)]


@admin.register(Feedback)
class FeedbackAdmin(VerbOnlyAdmin):
    """How a customer liked a step."""

    list_page = FeedbackList
    help = "referrals"
    how = (
        "Customers are asked on their own pages after each step. Who answers again about the same thing replaces the first answer."
    )

    def heading(self, row: Feedback) -> str:
        """What it is about, and how good."""
        return f"{row.get_step_display()}: {row.score} of 5"


@admin.register(HelpRequest)
class HelpRequestAdmin(VerbOnlyAdmin):
    """A customer's question, and the answer."""

    list_page = HelpList
    names = ("question", "questions")
    instead = {"answered_by": actor_column("answered_by")}
    help = "referrals"
    how = (
        "The customer asked this on their own page. Your answer goes out as a message, with the question above it, and stands on their page. "
        "A question is answered once: what comes after it is a new question."
    )
    moves = desk_moves.HELP

    def heading(self, row: HelpRequest) -> str:
        """Who asks."""
        return f"A question from {row.customer}"

    def lead(self, row: HelpRequest) -> str:
        """The question itself."""
        return f"“{row.question}”" if row.question else "The words were wiped."

    def badges(self, row: HelpRequest) -> list[SafeString]:
        """Whether it is answered."""
        return [state_badge(row, HELP_TONES)]


def said_by_customer(customer: Customer) -> Panel:
    """What this customer told and asked us."""
    rows = [
        [Cell("Question"), link(row), Cell(state_badge(row, HELP_TONES))] for row in customer.help_requests.all()[: panels.LIMIT]
    ]
    rows += [[Cell("Story"), link(row), Cell(state_badge(row, STORY_TONES))] for row in customer.stories.all()[: panels.LIMIT]]
    rows += [
        [Cell(f"Feedback: {row.get_step_display()}"), link(row), Cell(f"{row.score} of 5")]
        for row in customer.feedback.all()[: panels.LIMIT]
    ]
    return Panel("What they told us", ["What", "Which", "How it stands"], rows, "Has told and asked nothing yet.")


def _stories(at) -> Need:
    waiting = Story.objects.filter(state=StoryState.SUBMITTED)
    return need_of(waiting, "Stories to be read", list_of(Story, state=StoryState.SUBMITTED), "info", since="submitted_at")


def _questions(at) -> Need:
    waiting = HelpRequest.objects.filter(state=HelpState.OPEN)
    return need_of(waiting, "Customers’ questions to answer", list_of(HelpRequest, state=HelpState.OPEN), since="asked_at")


needs.register("referrals.stories", _stories, permission="referrals.moderate_story")
needs.register("referrals.questions", _questions, permission="referrals.answer_help")
panels.register("customers.customer", said_by_customer, permission="referrals.view_helprequest", column=panels.SIDE, order=60)
for _item in (
    Item("questions", "Grow", "Questions", "admin:referrals_helprequest_changelist", "help", "referrals.view_helprequest", 60),
    Item("stories", "Grow", "Stories", "admin:referrals_story_changelist", "paper", "referrals.view_story", 70),
    Item("feedback", "Grow", "Feedback", "admin:referrals_feedback_changelist", "chart", "referrals.view_feedback", 80),
):
    menu.register(_item)
