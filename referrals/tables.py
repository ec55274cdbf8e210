"""What lists of codes and referrals show."""

from desk.lists.tables import Instant, ListColumn, ListTable, Number, Related, RowLink, RowOf, State
from referrals.states import CODE_TONES, PROGRESS_TONES, STANDING_TONES


class ReferralTable(ListTable):
    """A friend who signed up: how far they got, and whether it may be trusted."""

    referee = RowOf("Friend")
    referrer = Related("Referrer")
    campaign = Related("Campaign")
    progress = State("Progress", PROGRESS_TONES, "progress")
    standing = State("Standing", STANDING_TONES, "standing")
    risk = Number("Risk, of 100", sort="risk")
    signed_up_at = Instant("Signed up", sort="signed_up_at")
    reference = ListColumn("Reference")
    code = ListColumn("Code", only_exported=True)
    verified_at = Instant("Verified", only_exported=True)
    qualified_at = Instant("Qualified", only_exported=True)


class CodeTable(ListTable):
    """A customer's own code in a campaign."""

    code = RowLink("Code")
    customer = Related("Customer")
    campaign = Related("Campaign")
    state = State("State", CODE_TONES)
    promo_code = ListColumn("Promo code")
    basis = ListColumn("Why")
    issued_at = Instant("Issued", sort="issued_at")
