"""The lists of codes and referrals."""

from django.db.models import Count, Q

from customers import finding
from desk.lists import BulkMove, ListPage
from desk.lists.added import add_column
from desk.lists.bars import bar
from desk.lists.tables import Made
from desk.lists.ways import found_by
from referrals import desk_moves
from referrals.codes import normalise
from referrals.filters import CodeFilters, ReferralFilters
from referrals.models import Code, PromoCode, Referral
from referrals.states import Standing
from referrals.tables import CodeTable, ReferralTable

_REFERRAL = {move.name: move for move in desk_moves.REFERRAL}
_CODE = {move.name: move for move in desk_moves.CODE}


class ReferralList(ListPage):
    """Who brought whom, newest first."""

    table = ReferralTable
    filters = ReferralFilters
    order = "-signed_up_at"
    related = ("campaign", "referrer", "referee", "code")
    search_help = "A reference, a code, or an e-mail or the beginning of a name."
    phone = ("referee", "progress", "referrer", "signed_up_at")
    nothing_yet = "Nobody has signed up through a code yet. Launch a campaign and issue its codes to begin."
    bulk = (
        BulkMove(_REFERRAL["clear"], "cleared"),
        BulkMove(_REFERRAL["flag"], "flagged"),
        BulkMove(_REFERRAL["block"], "blocked"),
    )

    def find(self, rows, text):
        """By either person, the code or the reference."""
        people = finding.keys(text)
        return found_by(rows, Q(reference=text), Q(code__in=_codes(text)), Q(referrer__in=people), Q(referee__in=people))


class CodeList(ListPage):
    """Whose code is which, newest first."""

    table = CodeTable
    filters = CodeFilters
    order = "-issued_at"
    related = ("campaign", "customer")
    search_help = "A code, or an e-mail or the beginning of a name."
    phone = ("code", "state", "customer", "issued_at")
    nothing_yet = "No code was issued yet. Launch a campaign, then choose “Issue codes” on its page."
    bulk = (
        BulkMove(_CODE["pause"], "paused"),
        BulkMove(_CODE["resume"], "made active again"),
        BulkMove(_CODE["revoke"], "revoked for good"),
    )

    def find(self, rows, text):
        """By the code, the promo code or whose it is."""
        return found_by(rows, Q(pk__in=_codes(text)), Q(customer__in=finding.keys(text)))


def _codes(text: str) -> list[int]:
    """Keys of codes that are meant by a text: their own or a memorable one, of now or once."""
    key = normalise(text)
    own = Code.objects.filter(code=key).order_by().values_list("pk", flat=True)
    return [*own, *PromoCode.objects.filter(key=key).order_by().values_list("code", flat=True)]


def _count_referrals(campaigns, at):
    """How many referrals each campaign has, without the blocked ones, in one query."""
    rows = Referral.objects.filter(campaign__in=campaigns).exclude(standing=Standing.BLOCKED).order_by()
    known = dict(rows.values("campaign").annotate(number=Count("pk")).values_list("campaign", "number"))
    for campaign in campaigns:
        campaign.listed_referrals = known.get(campaign.pk, 0)


def _goal(campaign):
    """How many of how many, where the campaign has such a goal."""
    goal = campaign.goals.get("total_referrals")
    words = f"{campaign.listed_referrals:,} of {goal:,.0f}" if goal else f"{campaign.listed_referrals:,}"
    return bar(words, campaign.listed_referrals, int(goal)) if goal else words


add_column(
    "campaigns.campaign",
    "referrals",
    Made(
        "Referrals, of the goal", _goal, plain=lambda one: one.listed_referrals, kind="number", permission="referrals.view_referral"
    ),
    _count_referrals,
)
