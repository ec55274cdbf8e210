"""What referrers hear about their friends besides the sign-up: how often their link was opened, once a day, and that a friend has confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from notices import outbox
from notices.models import Notice
from notices.outbox import Also
from notices.wording import Fact
from referrals.links import link_of
from referrals.models import Code, Referral, Touch
from referrals.states import CodeState, Progress, Standing

FRESH = timedelta(days=7)
"""A friend who confirmed longer ago is not told of any more: after an outage there is no burst of stale messages."""
_BATCH = 500


@dataclass(frozen=True)
class Opened:
    """How many people opened the links of one customer on one day; `codes` begins with the one opened most."""

    customer: Customer
    codes: Sequence[Code]
    people: int
    day: str

    @property
    def reference(self) -> str:
        """Whom it is for."""
        return self.customer.reference

    @property
    def keys(self) -> list[str]:
        """The key of each code's day."""
        return [f"friend_opened:{code.code}:{self.day}" for code in self.codes]


def opened_yesterday(*, at: datetime) -> list[Opened]:
    """Whose links were opened on the day before (UTC), by whom they belong to, and not told of yet. Machines do not count."""
    end = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    touches = Touch.objects.filter(at__gte=end - timedelta(days=1), at__lt=end, is_bot=False, is_typed=False)
    counted = touches.filter(code__state=CodeState.ACTIVE, code__customer__erased_at__isnull=True).order_by().values("code")
    people = dict(counted.annotate(people=Count("visitor_hash", distinct=True)).values_list("code", "people"))
    day = f"{end - timedelta(days=1):%Y-%m-%d}"
    grouped: dict[int, list[Code]] = {}
    for code in Code.objects.filter(pk__in=people).select_related("customer", "campaign").order_by("pk"):
        grouped.setdefault(code.customer_id, []).append(code)
    found = [_opened(codes, people, day) for codes in grouped.values()]
    said = set(
        Notice.objects.filter(dedupe_key__in=[key for one in found for key in one.keys]).values_list("dedupe_key", flat=True)
    )
    return [one for one in found if not said & set(one.keys)]


def tell_opened(*, opened: Opened, at: datetime) -> Notice:
    """One message about all links of a customer. A second call answers the first message."""
    code, *others = opened.codes
    key, *other_keys = opened.keys
    also = [Also(other.code, other_key) for other, other_key in zip(others, other_keys, strict=True)]
    facts: dict[str, Fact] = {"opened": partial(_opened_by, opened.people), "link": link_of(code)}
    return outbox.queue(
        "friend_opened", to=opened.customer, about=code.code, facts=facts, at=at, campaign=code.campaign, dedupe=key, also=also
    )


def confirmed(*, at: datetime) -> QuerySet[Referral]:
    """Referrals whose friend has confirmed of late and whose referrer does not know yet."""
    told = Notice.objects.filter(
        dedupe_key=Concat(Value("friend_verified:"), OuterRef("reference"), Value(":"), OuterRef("referrer__reference"))
    )
    rows = Referral.objects.filter(progress__in=[Progress.VERIFIED, Progress.QUALIFIED], verified_at__gt=at - FRESH)
    fine = rows.exclude(standing=Standing.BLOCKED).filter(~Exists(told))
    return fine.select_related("campaign", "referrer", "referee").order_by("verified_at", "pk")[:_BATCH]


def tell_confirmed(*, referral: Referral, at: datetime) -> Notice:
    """Thank the referrer, and say what comes next. A second call answers the first message."""
    facts: dict[str, Fact] = {"friend_name": referral.referee.first_name(), "next_step": partial(_next_step, referral.progress)}
    return outbox.queue(
        "friend_verified", to=referral.referrer, about=referral.reference, facts=facts, at=at, campaign=referral.campaign
    )


def _opened(codes: list[Code], people: dict[int, int], day: str) -> Opened:
    ordered = sorted(codes, key=lambda code: (-people[code.pk], code.pk))
    return Opened(codes[0].customer, ordered, sum(people[code.pk] for code in codes), day)


def _opened_by(people: int) -> str:
    said = ngettext("%(count)d person opened your link yesterday", "%(count)d people opened your link yesterday", people)
    return said % {"count": people}


def _next_step(progress: str) -> str:
    if progress == Progress.QUALIFIED:
        return _("Your friend has done all the offer asks. We work out your reward and write to you about it.")
    return _("Some of what the offer asks is still to come. We write to you when it is done.")
