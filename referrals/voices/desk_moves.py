"""What staff can do with what customers say: each move calls one verb and says what came of it."""

from datetime import datetime
from typing import Any

from django import forms

from audit.actors import Actor
from desk.admin.moves import Move, MoveForm
from desk.columns import can_become
from referrals.models import HelpRequest, Story
from referrals.models.voices import QUESTION_LENGTH
from referrals.states import HELP_MOVES, STORY_MOVES, HelpState, StoryState
from referrals.voices import help_requests, stories

Data = dict[str, Any]


class DeclineForm(MoveForm):
    """What the customer is told."""

    reason = forms.CharField(
        label="Why it is not shown", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer reads exactly this. It stays on the trail: name no person.",
    )  # fmt: skip


class AnswerForm(MoveForm):
    """The answer."""

    answer = forms.CharField(
        label="Answer", max_length=QUESTION_LENGTH, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The customer gets exactly this by e-mail, with the question above it.",
    )  # fmt: skip


def _publish(story: Story, data: Data, by: Actor, at: datetime) -> str:
    stories.publish_story(story=story, at=at, by=by)
    return "Published: friends see it on the pages of the campaign within a few seconds."


def _decline(story: Story, data: Data, by: Actor, at: datetime) -> str:
    stories.decline_story(story=story, reason=data["reason"], at=at, by=by)
    return "Declined: nobody sees it. The customer reads your reason on their page."


def _answer(request: HelpRequest, data: Data, by: Actor, at: datetime) -> str:
    help_requests.answer_help(request=request, answer=data["answer"], at=at, by=by)
    return "Answered. The answer goes out within a minute."


_MODERATE = "referrals.moderate_story"
STORY = (
    Move("publish", "Publish", _publish, _MODERATE, can_become(StoryState.PUBLISHED, STORY_MOVES), tone="primary"),
    Move("decline", "Decline", _decline, _MODERATE, can_become(StoryState.DECLINED, STORY_MOVES), DeclineForm, "danger"),
)
HELP = (
    Move("answer", "Answer", _answer, "referrals.answer_help", can_become(HelpState.ANSWERED, HELP_MOVES), AnswerForm, "primary"),
)
