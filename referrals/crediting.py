"""Who is credited for a sign-up: gathers the stored touches, asks the pure policy, stores the shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from referrals import attribution
from referrals.models import Code, Credit, Referral, Touch
from referrals.states import CodeState

POLICY_VERSION = 1
_KEPT = " The browser remembered it, after a yes."


@dataclass(frozen=True)
class Award:
    """The code that wins the referral, and the shares of all."""

    code: Code
    shares: list[tuple[Code, Touch | None, Decimal, str]]


def award(*, code: Code, touch: Touch | None, at: datetime, remembered: Sequence[Touch] = ()) -> Award:
    """Decide who is credited when a friend signs up on the page of `code`, having come by `touch`.

    The touches considered are those of the same visitor in the same campaign, within its window, and those the browser `remembered`
    after a yes. A winner whose code no longer works leaves the referral with the code of the page.
    """
    seen = _touches(code, touch)
    # Without a visit of its own to weigh them against, a sign-up belongs to the page it was made on.
    kept = [each for each in remembered if seen and each.code.campaign_id == code.campaign_id]
    touches = {str(each.token): each for each in [*kept, *seen]}
    shares = attribution.credit(
        [_pure(each) for each in touches.values()],
        model=code.campaign.attribution,
        window_days=code.campaign.attribution_days,
        at=at,
    )
    if not shares:
        return Award(code, [(code, None, Decimal(1), "Signed up on the page of this code.")])
    only_kept = {str(each.token) for each in kept} - {str(each.token) for each in seen}
    rows = [
        (touches[s.touch.token].code, touches[s.touch.token], s.weight, s.reason + (_KEPT if s.touch.token in only_kept else ""))
        for s in shares
    ]
    winner = max(rows, key=lambda row: (row[2], row[1].at))[0]
    if winner.state != CodeState.ACTIVE:
        winner = code
    return Award(winner, list(rows))


def store(*, referral: Referral, decided: Award, model: str) -> None:
    """Keep the shares beside the referral; their weights sum to exactly 1."""
    Credit.objects.bulk_create(
        Credit(referral=referral, code=code, touch=touch, model=model, policy_version=POLICY_VERSION, weight=weight, reason=reason)
        for code, touch, weight, reason in decided.shares
    )


def _touches(code: Code, touch: Touch | None) -> list[Touch]:
    if touch is None or touch.code.campaign_id != code.campaign_id:
        return []
    if not touch.visitor_hash:
        return [touch]
    same = Touch.objects.filter(code__campaign=code.campaign, visitor_hash=touch.visitor_hash).select_related("code__customer")
    return list({each.pk: each for each in [touch, *same[:100]]}.values())


def _pure(touch: Touch) -> attribution.Touch:
    return attribution.Touch(
        token=str(touch.token), code=touch.code.code, at=touch.at, is_typed=touch.is_typed, is_bot=touch.is_bot
    )
