"""What lists of rewards show."""

from desk.lists.tables import Instant, ListColumn, ListTable, Money, Number, Related, RowLink, State
from rewards.states import REWARD_TONES


class RewardTable(ListTable):
    """One reward for one side of one referral."""

    tier = RowLink("Reward")
    beneficiary = Related("For")
    state = State("State", REWARD_TONES)
    campaign = Related("Campaign", "referral__campaign")
    cost = Money("Cost", currency="referral__campaign__currency")
    currency = ListColumn("Currency of the cost", "referral__campaign__currency", only_exported=True)
    risk = Number("Risk, of 100", "referral__risk")
    promised_by = Instant("Promised by")
    created_at = Instant("Due since", sort="created_at")
    reference = ListColumn("Reference", only_exported=True)
    kind = ListColumn("Kind", only_exported=True)
    side = ListColumn("Side", only_exported=True)
    reason = ListColumn("Why", only_exported=True)
    fulfilled_at = Instant("Given", only_exported=True)
