"""What customers say: stories, feedback and questions."""

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from customers.models import Customer
from desk.references import new_reference
from referrals.states import FeedbackStep, HelpState, StoryState

STORY_LENGTH = 600
WORDS_LENGTH = 1_000
QUESTION_LENGTH = 2_000


def story_reference() -> str:
    """A fresh opaque name for a story."""
    return new_reference("sto")


def feedback_reference() -> str:
    """A fresh opaque name for a piece of feedback."""
    return new_reference("fbk")


def help_reference() -> str:
    """A fresh opaque name for a question."""
    return new_reference("hlp")


class Story(models.Model):
    """A customer's own story of a campaign. Shown to friends only after a person at the desk read it, under a first name."""

    subject_type = "story"

    reference = models.CharField(max_length=24, unique=True, default=story_reference, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="stories")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="stories")
    text = models.TextField(max_length=STORY_LENGTH, blank=True)
    shown_name = models.CharField(max_length=40, blank=True, help_text="First name under the story.")
    state = models.CharField(max_length=10, choices=StoryState, default=StoryState.SUBMITTED, editable=False)
    state_reason = models.CharField(max_length=300, blank=True, editable=False)
    consented_at = models.DateTimeField(help_text="When the customer agreed that it is shown.")
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        verbose_name_plural = "stories"
        permissions = [("moderate_story", "Can publish and decline customers' stories")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "customer"],
                condition=Q(state__in=[StoryState.SUBMITTED, StoryState.PUBLISHED]),
                name="story_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=StoryState.DECLINED) | ~Q(state_reason=""), name="story_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[StoryState.SUBMITTED, StoryState.PUBLISHED]) | ~Q(text=""), name="story_shown_has_words"
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at", "id"], name="story_newest"),
            models.Index(fields=["campaign", "state", "-decided_at"], name="story_of_campaign"),
        ]

    def __str__(self) -> str:
        return self.reference


class Feedback(models.Model):
    """How a customer liked one step: 1 (badly) to 5 (very well), in words if they like. Answered again, the new answer counts."""

    subject_type = "feedback"

    reference = models.CharField(max_length=24, unique=True, default=feedback_reference, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="feedback")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback")
    step = models.CharField(max_length=10, choices=FeedbackStep)
    about = models.CharField(max_length=24, blank=True, help_text="Reference of the loan or referral it is about.")
    score = models.PositiveSmallIntegerField(help_text="1 to 5.")
    words = models.TextField(max_length=WORDS_LENGTH, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["-given_at", "-id"]
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(fields=["customer", "step", "about"], name="feedback_once_per_step"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="feedback_score_from_1_to_5"),
        ]
        indexes = [models.Index(fields=["given_at", "id"], name="feedback_newest")]

    def __str__(self) -> str:
        return self.reference


class HelpRequest(models.Model):
    """A question a customer asked us, and what we answered."""

    subject_type = "help_request"

    reference = models.CharField(max_length=24, unique=True, default=help_reference, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="help_requests")
    about = models.CharField(max_length=24, blank=True, help_text="Reference of the loan, referral or reward it is about.")
    question = models.TextField(max_length=QUESTION_LENGTH, blank=True)
    answer = models.TextField(max_length=QUESTION_LENGTH, blank=True)
    state = models.CharField(max_length=8, choices=HelpState, default=HelpState.OPEN, editable=False)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        permissions = [("answer_help", "Can answer customers' questions")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=HelpState.ANSWERED) | Q(answered_at__isnull=False), name="help_request_answered_at_an_instant"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], name="help_request_newest"),
            models.Index(fields=["state", "asked_at"], name="help_request_by_state"),
        ]

    def __str__(self) -> str:
        return self.reference
