"""Words of a campaign: states with badge tones and moves, and the choices marketing makes."""

from django.db.models import TextChoices


class CampaignState(TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"
    ARCHIVED = "archived", "Archived"


C = CampaignState
CAMPAIGN_TONES = {C.DRAFT: "plain", C.SCHEDULED: "info", C.LIVE: "ok", C.PAUSED: "warn", C.ENDED: "plain", C.ARCHIVED: "plain"}
CAMPAIGN_MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    C.DRAFT: frozenset({C.SCHEDULED, C.LIVE, C.ARCHIVED}),
    C.SCHEDULED: frozenset({C.DRAFT, C.LIVE}),
    C.LIVE: frozenset({C.PAUSED, C.ENDED}),
    C.PAUSED: frozenset({C.LIVE, C.ENDED}),
    C.ENDED: frozenset({C.ARCHIVED}),
    C.ARCHIVED: frozenset(),
}
CAMPAIGN_TERMINAL = frozenset({C.ARCHIVED})


class Programme(TextChoices):
    """Who refers."""

    FRIEND = "friend", "Friends and family"
    BUSINESS = "business", "Business customers"
    INFLUENCER = "influencer", "Influencers"
    AFFILIATE = "affiliate", "Affiliates"


class Rewarded(TextChoices):
    """Who is rewarded."""

    BOTH = "both", "Both sides"
    REFERRER = "referrer", "The referrer only"
    REFEREE = "referee", "The friend only"


class Side(TextChoices):
    """The two sides of a referral."""

    REFERRER = "referrer", "Referrer"
    REFEREE = "referee", "Friend"


class Proof(TextChoices):
    """What the friend must do before the referral qualifies."""

    VERIFIED_SIGNUP = "verified_signup", "A verified registration"
    FIRST_PURCHASE = "first_purchase", "A first purchase"
    N_PURCHASES = "n_purchases", "Several purchases"
    DAYS_ACTIVE = "days_active", "Days as an active customer"


class Approval(TextChoices):
    """Who lets a reward go out."""

    AUTOMATIC = "automatic", "Automatic"
    MANUAL = "manual", "A person"
    BY_RISK = "by_risk", "A person above a risk score"


class ReferrerPeriod(TextChoices):
    """Over which time the limits of one referrer count."""

    ALWAYS = "always", "The whole campaign"
    MONTH = "month", "Each calendar month"
    YEAR = "year", "Each calendar year"
    ROLLING = "rolling", "The last days"


class LastReward(TextChoices):
    """What becomes of a reward that is larger than what a limit leaves."""

    REFUSE = "refuse", "It waits for a person"
    CLAMP = "clamp", "It is made as large as what is left"


class Attribution(TextChoices):
    """Which touch is credited."""

    FIRST_CLICK = "first_click", "First click"
    LAST_CLICK = "last_click", "Last click"
    LINEAR = "linear", "All alike"
    TIME_DECAY = "time_decay", "Later counts more"
    POSITION_BASED = "position_based", "First and last count more"


class RewardKind(TextChoices):
    """What a tier gives."""

    EQUIPMENT = "equipment", "Loaner equipment"
    CREDIT = "credit", "Account credit"
    DISCOUNT = "discount", "Discount"
    CASH = "cash", "Cash"
    PRODUCT = "product", "Product"
    POINTS = "points", "Points"


class Rhythm(TextChoices):
    """How often a tier gives."""

    EACH = "each", "From the n-th referral, each time"
    ONCE = "once", "Once, at the n-th referral"
    EVERY = "every", "At every n-th referral"


class Operator(TextChoices):
    """How a rule compares."""

    IS = "is", "is"
    IS_NOT = "is_not", "is not"
    ONE_OF = "one_of", "is one of"
    NONE_OF = "none_of", "is none of"
    AT_LEAST = "at_least", "is at least"
    AT_MOST = "at_most", "is at most"
