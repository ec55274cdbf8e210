"""Why nobody can join by a code now, in kind words, and what is possible instead. Nothing is said of who is a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.states import CampaignState
from referrals import wording
from referrals.models import Code
from referrals.states import CodeState

GONE, NOT_NOW = 410, 404
"""RFC 9110 (15.5.5, 15.5.11): 410 for what is over; 404 leaves open whether the page will be there again."""

_MOST_OTHERS = 3


@dataclass(frozen=True)
class Closed:
    """Why the page of a code does not take sign-ups. `status` is what the page is answered with."""

    title: str
    sentence: str
    status: int = GONE

    @property
    def is_for_now(self) -> bool:
        """Whether the link is worth keeping: it will work, or may work again."""
        return self.status == NOT_NOW


@dataclass(frozen=True)
class Other:
    """Another invitation by the same person that works."""

    headline: str
    item: str
    path: str


def closed(code: Code, *, at: datetime) -> Closed | None:
    """Why nobody can join by `code` at `at`, or None when they can."""
    campaign = code.campaign
    if code.state == CodeState.REVOKED:
        return _revoked(campaign)
    known = _BY_STATE.get(CampaignState(campaign.state))
    if known is not None:
        return known(campaign)
    if not campaign.is_open(at):
        return _ended(campaign)
    if code.state != CodeState.ACTIVE:
        return Closed(
            _("This invitation is taking a break"),
            _("It does not work at the moment. Keep the link and try again later, or ask the friend who invited you."),
            NOT_NOW,
        )
    if campaign.campaign_terms is None or campaign.campaign_terms.current() is None:
        sentence = _("This offer has no published terms yet. Come back a little later.")
        return Closed(_("We are getting this ready"), sentence, NOT_NOW)
    return None


def others_of(code: Code, *, at: datetime) -> list[Other]:
    """Other invitations of the same person that work at `at`: what a friend who comes too late can still do.

    None for a code that was revoked: whoever lost it does not invite any more.
    """
    if code.state == CodeState.REVOKED or code.customer.erased_at is not None:
        return []
    live = Code.objects.filter(customer=code.customer_id, state=CodeState.ACTIVE, campaign__state=CampaignState.LIVE)
    rows = live.exclude(pk=code.pk).select_related("campaign__campaign_terms", "equipment_model", "customer")[: _MOST_OTHERS * 2]
    working = [row for row in rows if closed(row, at=at) is None]
    return [Other(row.campaign.offer, row.equipment_model.called(), row.get_absolute_url()) for row in working[:_MOST_OTHERS]]


def _early(campaign: Campaign) -> Closed:
    if campaign.starts_at is None:
        return Closed(_("Not open yet"), _("This invitation is early. Keep the link and open it again then."), NOT_NOW)
    when = wording.day(campaign.day_of(campaign.starts_at))
    sentence = _("This invitation is early. It starts on %(day)s. Keep the link and open it again then.") % {"day": when}
    return Closed(_("Not open yet"), sentence, NOT_NOW)


def _paused(campaign: Campaign) -> Closed:
    if campaign.is_used_up:
        return Closed(
            _("Everything has been given out"),
            _("More people came than this offer was made for, so nobody can join any more. What was promised before still stands."),
        )
    sentence = _("This offer is paused at the moment. Keep the link: it works again when we go on.")
    return Closed(_("We are taking a short break"), sentence, NOT_NOW)


def _ended(campaign: Campaign) -> Closed:
    sentence = _("Thank you for coming. Nobody can join any more, but what was promised before still stands.")
    return Closed(_("This offer has ended"), sentence)


def _revoked(campaign: Campaign) -> Closed:
    return Closed(_("This invitation no longer works"), _("Ask the friend who invited you for a new link or code."))


_BY_STATE: dict[CampaignState, Callable[[Campaign], Closed]] = {
    CampaignState.DRAFT: _early,
    CampaignState.SCHEDULED: _early,
    CampaignState.PAUSED: _paused,
    CampaignState.ENDED: _ended,
    CampaignState.ARCHIVED: _ended,
}
