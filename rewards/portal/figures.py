"""A customer's own figures: who opened their links, signed up and counted, in all and by the way the link was passed on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from customers.models import Customer
from referrals.models import Credit, Referral, Touch
from referrals.states import Progress, Standing

CHANNELS = {
    "link": gettext_lazy("Link"), "qr": gettext_lazy("QR code"), "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("Text message"), "whatsapp": "WhatsApp", "typed": gettext_lazy("Code typed by hand"),
    "card": gettext_lazy("Card"), "social": gettext_lazy("Social network"), "share": gettext_lazy("The phone’s own sharing"),
}  # fmt: skip
_DONE = Q(progress=Progress.QUALIFIED)


@dataclass(frozen=True)
class Way:
    """What came by one channel: people who opened, friends who signed up, friends who count."""

    channel: str
    opened: int
    signed_up: int
    counted: int

    @property
    def label(self) -> str:
        """The channel as people call it."""
        return str(CHANNELS.get(self.channel, self.channel))


@dataclass(frozen=True)
class Figures:
    """All of it. Who opens a link is counted once a day and link, machines are not; a friend is counted once, however often they joined."""

    opened: int
    signed_up: int
    counted: int
    ways: Sequence[Way]


def figures_of(customer: Customer) -> Figures:
    """The customer's figures. Three reads."""
    opened = _opened(customer)
    clear = Referral.objects.filter(referrer=customer).exclude(standing=Standing.BLOCKED)
    totals = clear.aggregate(signed_up=Count("referee", distinct=True), counted=Count("referee", distinct=True, filter=_DONE))
    signed_up = _signed_up(customer)
    names = sorted(set(opened) | set(signed_up), key=lambda name: (-opened.get(name, 0), name))
    ways = [Way(name, opened.get(name, 0), *signed_up.get(name, (0, 0))) for name in names]
    return Figures(sum(opened.values()), totals["signed_up"], totals["counted"], ways)


def _opened(customer: Customer) -> dict[str, int]:
    touches = Touch.objects.filter(code__customer=customer, is_bot=False).order_by()
    return dict(touches.values("channel").annotate(people=Count("visitor_hash", distinct=True)).values_list("channel", "people"))


def _signed_up(customer: Customer) -> dict[str, tuple[int, int]]:
    """By the channel of the touch that is credited; where several are, by each of them."""
    credits = Credit.objects.filter(referral__referrer=customer, touch__isnull=False).exclude(referral__standing=Standing.BLOCKED)
    counted = Count("referral__referee", distinct=True, filter=Q(referral__progress=Progress.QUALIFIED))
    rows = credits.order_by().values("touch__channel").annotate(people=Count("referral__referee", distinct=True), counted=counted)
    return {channel: (people, done) for channel, people, done in rows.values_list("touch__channel", "people", "counted")}
