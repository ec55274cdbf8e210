"""What becomes of a customer's words when they are erased."""

from django.db.models import F

from customers.erasing import register_eraser
from customers.models import Customer
from referrals.models import Code, Feedback, HelpRequest, PromoCode, SpokenName, Story
from referrals.states import HelpState, StoryState


def blank_words(customer: Customer) -> None:
    """Take away what the customer chose and wrote; codes, scores and the fact that something was said stay. In the erasure's transaction."""
    PromoCode.objects.filter(code__customer=customer).delete()
    SpokenName.objects.filter(code__customer=customer).delete()
    Code.objects.filter(customer=customer).update(promo_code=None, invitation_text="", on_leaderboard_since=None)
    Story.objects.filter(customer=customer).update(text="", shown_name="", state=StoryState.WITHDRAWN)
    Feedback.objects.filter(customer=customer).update(words="")
    questions = HelpRequest.objects.filter(customer=customer)
    # Nobody is left to be answered: what still waits is closed, so that it does not wait for ever.
    questions.filter(state=HelpState.OPEN).update(state=HelpState.ANSWERED, answered_at=F("asked_at"))
    questions.update(question="", answer="")


def register() -> None:
    """Hang it in. From `AppConfig.ready`."""
    register_eraser(blank_words)
