"""What a campaign asks, in the words its customers read: who qualifies and what must be proved."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns import audience
from campaigns.eligibility import Reason, Rule, requirements
from campaigns.fact_words import fact_called
from campaigns.models import Campaign
from campaigns.states import Proof, ReferrerPeriod, Side
from desk.amounts import money
from desk.speaking import Words, clause, joined, phrase


def sentences(campaign: Campaign, side: str) -> list[str]:
    """Every criterion one side must know, each a sentence: their own rules, what has to be proved, and the limits.

    The referrer is also told what the friend must be.
    """
    own = _requirements(campaign, side)
    friends = _requirements(campaign, Side.REFEREE) if side == Side.REFERRER else []
    told: list[str] = [phrase(_("Your friend: %(criterion)s"), criterion=sentence) for sentence in friends]
    return own + told + [proof(campaign, side), *_limits(campaign, side)]


def text(campaign: Campaign, side: str) -> str:
    """The criteria as one paragraph."""
    return " ".join(sentences(campaign, side))


def unmet(campaign: Campaign, reasons: Iterable[Reason]) -> str:
    """The criteria somebody does not meet, as customers read them, in the language spoken now; with what is not known of them."""
    return " ".join(_unmet(campaign, reason) for reason in reasons)


def _unmet(campaign: Campaign, reason: Reason) -> str:
    if not reason.requirement:
        return reason.sentence
    said = _wording(campaign, reason.requirement)
    if not reason.unknown:
        return said
    lacking = _("Not known: %(facts)s.") % {"facts": ", ".join(dict.fromkeys(map(fact_called, reason.unknown)))}
    return f"{said} {lacking}"


def proof(campaign: Campaign, side: str) -> str:
    """What the friend has to do, and by when, said to the referrer or to the friend."""
    is_friend = side == Side.REFEREE
    words = {"within": _within(campaign.proof_within_days), "deed": _deed(campaign, is_friend=is_friend)}
    if not words["deed"]:
        said = (
            _("You register and confirm your e-mail address %(within)s.")
            if is_friend
            else _("Your friend registers and confirms their e-mail address %(within)s.")
        )
        return said % words
    said = (
        _("You register, confirm your e-mail address and %(deed)s %(within)s.")
        if is_friend
        else _("Your friend registers, confirms their e-mail address and %(deed)s %(within)s.")
    )
    return said % words


def days(count: int) -> str:
    """A number of days in words: 1 day, 30 days."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def period(campaign: Campaign) -> str:
    """Over which time the limits of one referrer count, with a space before it; empty for the whole campaign."""
    return {
        ReferrerPeriod.MONTH.value: _(" a month"),
        ReferrerPeriod.YEAR.value: _(" a year"),
        ReferrerPeriod.ROLLING.value: _in_days(campaign.referrer_days or 1),
    }.get(campaign.referrer_period, "")


def _in_days(count: int) -> str:
    # A sentence of its own: other languages say “in 90 days” with another word for the days than “90 days”.
    return ngettext(" in %(count)d day", " in %(count)d days", count) % {"count": count}


def _most_rewards(count: int, campaign: Campaign) -> str:
    if campaign.referrer_period == ReferrerPeriod.ALWAYS:
        said = ngettext("Each person can earn at most %(count)d reward.", "Each person can earn at most %(count)d rewards.", count)
        return said % {"count": count}
    said = ngettext(
        "Each person can earn at most %(count)d reward%(period)s.",
        "Each person can earn at most %(count)d rewards%(period)s.",
        count,
    )
    return said % {"count": count, "period": period(campaign)}


def _within(count: int) -> str:
    return ngettext("within %(count)d day", "within %(count)d days", count) % {"count": count}


def _deed(campaign: Campaign, *, is_friend: bool) -> str:
    """What has to be done besides registering, as the end of a sentence; empty when registering is enough."""
    if campaign.proof in (Proof.FIRST_PURCHASE, Proof.N_PURCHASES):
        count = (campaign.proof_count or 1) if campaign.proof == Proof.N_PURCHASES else 0
        return _purchases(count, campaign, is_friend=is_friend)
    if campaign.proof == Proof.DAYS_ACTIVE:
        length = days(campaign.proof_days or 1)
        said = _("are an active customer for %(days)s, all") if is_friend else _("is an active customer for %(days)s, all")
        return said % {"days": length}
    return ""


def _purchases(count: int, campaign: Campaign, *, is_friend: bool) -> str:
    """Buying `count` times, or for the first time when that is nought."""
    make = _("make") if is_friend else _("makes")
    what = ngettext("%(count)d purchase", "%(count)d purchases", count) % {"count": count} if count else _("a first purchase")
    if not campaign.proof_amount:
        return _("%(make)s %(what)s") % {"make": make, "what": what}
    words = {"make": make, "what": what, "least": money(campaign.proof_amount, campaign.currency)}
    if count > 1:
        return _("%(make)s %(what)s of at least %(least)s each") % words
    return _("%(make)s %(what)s of at least %(least)s") % words


def _requirements(campaign: Campaign, side: str) -> list[str]:
    return [_wording(campaign, requirement) for requirement in requirements(audience.rules_of(campaign, side))]


def _wording(campaign: Campaign, requirement: tuple[Rule, ...]) -> Words:
    if len(requirement) == 1:
        return campaign.said(requirement[0].sentence)
    either = [clause(campaign.said(rule.sentence)) for rule in requirement]
    return phrase(_("One of these: %(criteria)s."), criteria=joined("; ", either))


def _limits(campaign: Campaign, side: str) -> list[str]:
    limits = []
    if side == Side.REFERRER and campaign.referrer_cap:
        limits.append(_most_rewards(campaign.referrer_cap, campaign))
    if campaign.ends_at:
        last = campaign.last_day(campaign.ends_at)
        day = date_format(last, pgettext("a day, as Django's date filter writes it", "j F Y"))
        limits.append(_("The offer ends on %(day)s.") % {"day": day})
    return limits
