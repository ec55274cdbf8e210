"""All there is to pass an invitation on: its link, pictures, card, words, and the ways to send them.

It is always the customer's own app that sends: we write to no friend who has not written to us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns import gift_words, offers
from campaigns.models import Brand
from campaigns.states import Side
from referrals import closing, wishing, wording
from referrals.links import link_of
from referrals.models import Code, SpokenName


@dataclass(frozen=True)
class Way:
    """One way to send the invitation. `name` is the channel that visits are counted under; `href` opens the customer's own app."""

    name: str
    label: str
    href: str


@dataclass(frozen=True)
class ShareKit:
    """What is shown to whoever shares. Addresses of ours are paths, but `link` and `join_address`, which travel.

    `spoken_name` is the name its owner is found by, or empty; it can be chosen where `may_have_a_name`.
    `choices` are what its owner may rather have. `text` is the invitation without the link and `message` with it; `closed` says why nobody can join by the code now, or is None.
    """

    code: Code
    link: str
    join_address: str
    subject: str
    text: str
    message: str
    is_own_text: bool
    ways: Sequence[Way]
    qr_svg: str
    qr_png: str
    card: str
    promo_code: str
    past_promo_codes: Sequence[str]
    spoken_name: str
    may_have_a_name: bool
    closed: closing.Closed | None
    choices: Sequence[wishing.Choice]

    @property
    def spoken(self) -> str:
        """What to say on the telephone: the promo code where there is one."""
        return self.promo_code or self.code.code


def share_kit(code: Code, *, at: datetime) -> ShareKit:
    """Everything for sharing `code` at `at`, in the language that is active."""
    text = code.invitation_text or standard_text(code, at=at)
    subject = _("An invitation from %(name)s") % {"name": wording.short_name(code.customer.name)}
    name = SpokenName.objects.filter(code=code).first()
    known = list(code.promo_codes.values_list("text", flat=True))
    return ShareKit(
        code=code,
        link=link_of(code),
        join_address=f"{settings.SITE_URL}{reverse('join')}",
        subject=subject,
        text=text,
        message=_with_link(text, code, ""),
        is_own_text=bool(code.invitation_text),
        ways=_ways(code, subject, text),
        qr_svg=reverse("qr_svg", args=[code.code]),
        qr_png=reverse("qr_png", args=[code.code]),
        card=reverse("card", args=[code.code]),
        promo_code=code.promo_code or "",
        past_promo_codes=[old for old in known if old != code.promo_code],
        spoken_name=name.text if name is not None else "",
        may_have_a_name=code.campaign.name_sharing,
        closed=closing.closed(code, at=at),
        choices=wishing.choices_of(code, at=at),
    )


def standard_text(code: Code, *, at: datetime) -> str:
    """The invitation of whoever wrote none: what the friend gets, not what the sender gets."""
    gifts = [gift_words.gift(due) for due in offers.due(code.campaign, Side.REFEREE, nth=1, at=at)]
    brand = Brand.current().name
    if not gifts:
        return _("%(headline)s. I am with %(brand)s and can invite you:") % {"headline": code.campaign.offer, "brand": brand}
    return _("I am with %(brand)s and can invite you. You get: %(gifts)s. Here is how:") % {
        "brand": brand,
        "gifts": ", ".join(gifts),
    }


def _ways(code: Code, subject: str, text: str) -> list[Way]:
    """The fewest that reach everybody: each further button makes all of them less used."""
    mail = quote(_with_link(text, code, "email").replace("\n", "\r\n"))
    social = quote(link_of(code, "social"), safe="")
    return [
        Way("whatsapp", _("WhatsApp"), f"https://wa.me/?text={quote(_with_link(text, code, 'whatsapp'), safe='')}"),
        Way("sms", _("Text message"), f"sms:?&body={quote(_with_link(text, code, 'sms'), safe='')}"),
        Way("email", _("E-mail"), f"mailto:?subject={quote(subject)}&body={mail}"),
        Way("social", _("Facebook"), f"https://www.facebook.com/sharer/sharer.php?u={social}"),
    ]


def _with_link(text: str, code: Code, via: str) -> str:
    return f"{text}\n\n{link_of(code, via)}"
