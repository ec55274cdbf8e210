"""How referrals say no."""

from desk.refusals import Refused


class ReferralRefused(Refused):
    """A refusal about a code, a sign-up or a referral."""


class LinkExpired(ReferralRefused):
    """The link was good once. The answer is 410 Gone."""

    status = 410


class LinkInvalid(ReferralRefused):
    """The link was never good. The answer is 404."""

    status = 404


class BadInput(ReferralRefused):
    """What was typed cannot be used. The answer is 422."""

    status = 422
