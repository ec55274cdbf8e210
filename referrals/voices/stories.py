"""Stories of customers: written by them, read by the desk, shown to friends, taken back at any time."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor, customer
from campaigns.models import Campaign
from customers.models import Customer
from desk.moves import move
from referrals.models import Code, Referral, Story
from referrals.models.voices import STORY_LENGTH
from referrals.refusals import BadInput, ReferralRefused
from referrals.states import STORY_MOVES, StoryState
from referrals.voices import plain_words

SHORTEST = 20
SHOWN = 3
"""Stories on the page of a campaign."""

_MODERATE = "referrals.moderate_story"


def submit_story(*, customer: Customer, campaign: Campaign, text: str, consents: bool, at: datetime, by: Actor) -> Story:
    """Hand a story in to be read by the desk; it is shown under the customer's first name once it is published.

    Refuses with `consent_missing`, `story_too_short`, `story_too_long`, `story_has_a_link`, `not_taking_part`, `story_known` (one
    at a time; take the other back first).
    """
    _require_self(customer, by)
    words = plain_words.plain(text, limit=STORY_LENGTH)
    _check(words, consents)
    with transaction.atomic():
        _require_part(customer, campaign)
        story = Story(
            campaign=campaign,
            customer=customer,
            text=words,
            shown_name=customer.first_name()[:40],
            consented_at=at,
            submitted_at=at,
        )
        _insert(story)
        trail.record("story.submitted", about=story, by=by, at=at, concerns=[customer.reference, campaign.slug])
    return story


def publish_story(*, story: Story, at: datetime, by: Actor) -> None:
    """Show a story on the pages of its campaign. Needs `referrals.moderate_story`. Refuses `story_without_a_name` of an erased customer."""
    by.require(_MODERATE)
    with transaction.atomic():
        if Customer.objects.select_for_update().get(pk=story.customer_id).erased_at is not None:
            raise ReferralRefused("story_without_a_name", "This customer was erased, and their story with them.")
        move(story, to=StoryState.PUBLISHED, moves=STORY_MOVES, refusal=ReferralRefused, decided_at=at)
        trail.record("story.published", about=story, by=by, at=at, concerns=_concerned(story))


def decline_story(*, story: Story, reason: str, at: datetime, by: Actor) -> None:
    """Show a story to nobody, or no longer; the customer reads the reason. Needs `referrals.moderate_story`."""
    by.require(_MODERATE)
    if not reason.strip():
        raise BadInput("reason_missing", "Say why; the customer reads it.")
    with transaction.atomic():
        move(
            story,
            to=StoryState.DECLINED,
            moves=STORY_MOVES,
            refusal=ReferralRefused,
            decided_at=at,
            state_reason=reason.strip()[:300],
        )
        trail.record("story.declined", about=story, by=by, at=at, reason=reason, concerns=_concerned(story))


def withdraw_story(*, story: Story, at: datetime, by: Actor) -> None:
    """Take one's own story back: it is shown to nobody from now on. Again changes nothing."""
    _require_self(story.customer, by)
    with transaction.atomic():
        if story.state == StoryState.WITHDRAWN:
            return
        move(story, to=StoryState.WITHDRAWN, moves=STORY_MOVES, refusal=ReferralRefused, decided_at=at)
        trail.record("story.withdrawn", about=story, by=by, at=at, concerns=_concerned(story))


def published(campaign: Campaign) -> QuerySet[Story]:
    """The stories friends see on the page of a campaign, the newest first."""
    rows = Story.objects.filter(campaign=campaign, state=StoryState.PUBLISHED, customer__erased_at__isnull=True)
    return rows.order_by("-decided_at", "-pk")[:SHOWN]


def stories_of(customer: Customer) -> QuerySet[Story]:
    """A customer's own stories, the newest first; those taken back are not there any more."""
    return Story.objects.filter(customer=customer).exclude(state=StoryState.WITHDRAWN).select_related("campaign")


def _require_self(whose: Customer, by: Actor) -> None:
    if by != customer(whose.reference):
        by.require(_MODERATE)


def _check(words: str, consents: bool) -> None:
    if not consents:
        raise BadInput("consent_missing", _("Tick the box: without your consent we show your story to nobody."))
    if len(words) < SHORTEST:
        raise BadInput("story_too_short", _("Write at least %(length)d characters.") % {"length": SHORTEST})
    if len(words) > STORY_LENGTH:
        raise BadInput("story_too_long", _("Write at most %(length)d characters.") % {"length": STORY_LENGTH})
    if plain_words.has_a_link(words):
        raise BadInput("story_has_a_link", _("Leave links and addresses out."))


def _require_part(person: Customer, campaign: Campaign) -> None:
    takes_part = Code.objects.filter(customer=person, campaign=campaign).exists()
    if not takes_part and not Referral.objects.filter(referee=person, campaign=campaign).exists():
        raise ReferralRefused("not_taking_part", _("You do not take part in this offer."))


def _insert(story: Story) -> None:
    try:
        with transaction.atomic():
            story.save(force_insert=True)
    except IntegrityError as error:
        raise ReferralRefused(
            "story_known", _("You have told us a story already. Take it back first, then write another.")
        ) from error


def _concerned(story: Story) -> list[str]:
    return [story.customer.reference, story.campaign.slug]
