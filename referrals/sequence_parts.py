"""What sequences of messages can begin with and ask about codes and friends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from campaigns import gift_words, offers
from campaigns.models import Campaign
from campaigns.states import Side
from notices.kinds import SHARING
from notices.models import Notice
from notices.sequences.parts import Condition, Start, Trigger, register_condition, register_trigger
from notices.wording import Fact
from referrals.links import link_of
from referrals.models import Code, Referral, Touch
from referrals.states import CodeState, Progress


def sharing_facts(code: Code, campaign: Campaign, at: datetime) -> dict[str, Fact]:
    """What a message that asks somebody to pass their code on may say."""
    gifts = offers.due(campaign, Side.REFERRER, nth=1, at=at)
    return {"code": code.code, "link": link_of(code), "offer": lambda: campaign.offer, "gift": partial(_gifts, gifts)}


def _gifts(gifts: Sequence[offers.Due]) -> str:
    return ", ".join(gift_words.gift(gift) for gift in gifts) or _("our thanks")


def _facts(campaign: Campaign, start: Start, at: datetime) -> Mapping[str, Fact]:
    return sharing_facts(Code.objects.get(code=start.about), campaign, at)


def _codes_issued(campaign: Campaign, since: datetime, until: datetime) -> Iterable[Start]:
    codes = Code.objects.filter(campaign=campaign, state=CodeState.ACTIVE, issued_at__gt=since, issued_at__lte=until)
    return [
        Start(code.customer, code.issued_at, code.code) for code in codes.select_related("customer").order_by("issued_at", "pk")
    ]


def _invited(campaign: Campaign, since: datetime, until: datetime) -> Iterable[Start]:
    sent = Notice.objects.filter(kind="invitation", campaign=campaign, sent_at__gt=since, sent_at__lte=until)
    instants = {about: sent_at for about, sent_at in sent.values_list("about", "sent_at") if sent_at is not None}
    codes = Code.objects.filter(campaign=campaign, state=CodeState.ACTIVE, code__in=instants).select_related("customer")
    return [Start(code.customer, instants[code.code], code.code) for code in codes.order_by("pk")]


def _friends_qualified(campaign: Campaign, since: datetime, until: datetime) -> Iterable[Start]:
    rows = Referral.objects.filter(
        campaign=campaign, progress=Progress.QUALIFIED, qualified_number=1, qualified_at__gt=since, qualified_at__lte=until,
        code__state=CodeState.ACTIVE,
    )  # fmt: skip
    return [
        Start(row.referrer, row.qualified_at, row.code.code)
        for row in rows.select_related("referrer", "code").order_by("qualified_at", "pk")
        if row.qualified_at is not None
    ]


def _without(taken: Iterable[str], starts: Sequence[Start]) -> set[str]:
    return {start.about for start in starts} - set(taken)


def _no_visit(campaign: Campaign, starts: Sequence[Start]) -> set[str]:
    codes = [start.about for start in starts]
    opened = Touch.objects.filter(code__code__in=codes, is_bot=False).values_list("code__code", flat=True).distinct()
    joined = Referral.objects.filter(code__code__in=codes).values_list("code__code", flat=True).distinct()
    return _without({*opened, *joined}, starts)


def _no_friend(campaign: Campaign, starts: Sequence[Start]) -> set[str]:
    codes = [start.about for start in starts]
    return _without(Referral.objects.filter(code__code__in=codes).values_list("code__code", flat=True).distinct(), starts)


def _no_second_friend(campaign: Campaign, starts: Sequence[Start]) -> set[str]:
    codes = [start.about for start in starts]
    more = Referral.objects.filter(code__code__in=codes, progress=Progress.QUALIFIED, qualified_number__gt=1)
    return _without(more.values_list("code__code", flat=True).distinct(), starts)


def register() -> None:
    """Offer them all."""
    register_trigger(Trigger("code_issued", "A customer gets a code", SHARING, _codes_issued, _facts))
    register_trigger(Trigger("invited", "A customer is invited to share", SHARING, _invited, _facts))
    register_trigger(Trigger("first_friend", "A customer's first friend has qualified", SHARING, _friends_qualified, _facts))
    register_condition(Condition("no_visit", "Only if nobody has opened their link", _no_visit))
    register_condition(Condition("no_friend", "Only if no friend has signed up", _no_friend))
    register_condition(Condition("no_second_friend", "Only if no second friend has qualified", _no_second_friend))
