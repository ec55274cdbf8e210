"""What whoever invites would rather have where a tier has choices: said once, shown from then on, and given without asking again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from campaigns import gift_words, offers
from campaigns.models import Tier
from campaigns.states import Rhythm, Side
from referrals import testing
from referrals.models import Code
from referrals.refusals import ReferralRefused
from referrals.sharing.owning import require_owner


@dataclass(frozen=True)
class Option:
    """One thing that may be had, and whether it is what would be given as things stand."""

    key: str
    gift: str
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """What may be had at one occasion. `is_wished` says whether its owner has chosen, or gets the first because nobody asked."""

    key: str
    occasion: str
    options: Sequence[Option]
    is_wished: bool


def choices_of(code: Code, *, at: datetime) -> list[Choice]:
    """What the owner of a code may choose beforehand: each tier of theirs that has others beside it. One query where there is none."""
    tiers = list(code.campaign.tiers.filter(side=Side.REFERRER).select_related("step", "campaign"))
    if not any(tier.instead_of for tier in tiers):
        return []
    return [choice for tier in tiers if not tier.instead_of and (choice := _choice(code, tier, at))]


def wish(*, code: Code, tier: str, at: datetime, by: Actor) -> Code:
    """Keep that the owner of `code` would rather have `tier` (its key) than what it stands beside. The same again changes nothing.

    It counts for every reward that becomes due from then on. Refuses with `not_a_choice`.
    """
    require_owner(code, by)
    with transaction.atomic():
        row = Code.objects.select_for_update(of=("self",)).select_related("customer", "campaign").get(pk=code.pk)
        choice = next((one for one in choices_of(row, at=at) if tier in {option.key for option in one.options}), None)
        if choice is None:
            raise ReferralRefused("not_a_choice", _("This cannot be chosen instead. Choose one of those that are offered."))
        if row.wishes.get(choice.key) != tier:
            row.wishes = {**row.wishes, choice.key: tier}
            row.save(update_fields=["wishes"])
            trail.record(
                "code.wished",
                about=row,
                by=by,
                at=at,
                concerns=[row.customer.reference],
                tier=tier,
                title=row.campaign.tiers.get(key=tier).title,
            )
    code.wishes = row.wishes
    return row


def _choice(code: Code, tier: Tier, at: datetime) -> Choice | None:
    arm = testing.variant_of(code)
    found = offers.choices(tier, variant=arm.key if arm else "", at=at)
    if len(found) < 2 or found[0].tier.pk != tier.pk:
        return None
    wished = code.wishes.get(tier.key, "")
    chosen = wished if wished in {due.tier.key for due in found} else tier.key
    options = [Option(due.tier.key, gift_words.gift(due), due.tier.key == chosen) for due in found]
    return Choice(tier.key, _occasion(tier), options, bool(wished))


def _occasion(tier: Tier) -> str:
    """When it is given, as customers read it."""
    if tier.step is not None:
        return _("For a friend’s next step: %(step)s") % {"step": tier.campaign.said(tier.step.title)}
    if tier.rhythm == Rhythm.ONCE:
        return _("For your friend number %(number)d") % {"number": tier.nth}
    if tier.nth == 1:
        return _("For each friend")
    if tier.rhythm == Rhythm.EVERY:
        return _("For every %(number)d friends") % {"number": tier.nth}
    return _("For each friend from number %(number)d on") % {"number": tier.nth}
