"""How referrals say no."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from campaigns import criteria
from campaigns.eligibility import Reason
from campaigns.models import Campaign
from desk.refusals import Refused
from referrals.models import Code


class ReferralRefused(Refused):
    """A refusal about a code, a sign-up or a referral."""


class OutsideSegment(ReferralRefused):
    """A friend does not meet these rules of the campaign, as far as we know."""

    def __init__(self, campaign: Campaign, reasons: Sequence[Reason]) -> None:
        self._campaign, self._reasons = campaign, reasons
        said = _("We cannot take this sign-up, for this does not hold as far as we know: %(wanted)s If it does, write to us.")
        super().__init__("not_in_segment", said % {"wanted": self.wanted})

    @property
    def wanted(self) -> str:
        """What the rules ask for, in the language spoken now."""
        return criteria.unmet(self._campaign, self._reasons)


class LinkExpired(ReferralRefused):
    """The link was good once. The answer is 410 Gone. `invitation` is the code with which one can begin anew, where that makes sense."""

    status = 410

    def __init__(self, sentence: str, *, invitation: Code | None) -> None:
        super().__init__("link_expired", sentence)
        self.invitation = invitation


class LinkInvalid(ReferralRefused):
    """The link was never good. The answer is 404."""

    status = 404


class BadInput(ReferralRefused):
    """What was typed cannot be used. The answer is 422."""

    status = 422
