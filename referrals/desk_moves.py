"""What staff can do with codes and referrals: each move calls one verb and says what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from audit.actors import Actor
from campaigns.models import Campaign
from campaigns.states import CampaignState
from desk.admin.moves import Move, MoveForm, ReasonForm
from desk.columns import can_become, in_states
from desk.panels import Cell, Panel
from equipment.models import Loan
from referrals import inviting, issuing, qualifying, reviewing, substituting
from referrals.models import Code, Referral, SubstituteOffer
from referrals.refusals import ReferralRefused
from referrals.sharing import invitation_texts, promo_codes
from referrals.states import CODE_MOVES, PROGRESS_MOVES, STANDING_MOVES, CodeState, OfferState, Progress, Standing

Data = dict[str, Any]


class InviteForm(MoveForm):
    """How many customers to invite at most."""

    most = forms.IntegerField(
        label="At most", min_value=1, max_value=inviting.MOST_AT_A_TIME, initial=50,
        help_text=f"Customers, 1 to {inviting.MOST_AT_A_TIME} at a time.",
    )  # fmt: skip


class PromoCodeForm(ReasonForm):
    """Which promo code leads nowhere any more."""

    text = forms.ChoiceField(label="Promo code")
    field_order = ["text", "reason"]

    def prepare(self) -> None:
        """Those of this code."""
        self.offer("text", [(row.text, row.text) for row in self.row.promo_codes.all()])


class HowForm(MoveForm):
    """How the registration was found to be real."""

    how = forms.CharField(
        label="How was it verified?", max_length=200, help_text="Such as “called back on the number they gave”. Name nobody."
    )


def _verify(referral: Referral, data: Data, by: Actor, at: datetime) -> str:
    now = qualifying.verify(referral=referral, how=data["how"], at=at, by=by)
    return f"Verified. The referral is now “{now.get_progress_display().lower()}”."


def _flag(referral: Referral, data: Data, by: Actor, at: datetime) -> str:
    reviewing.flag(referral=referral, reason=data["reason"], at=at, by=by)
    return "Flagged: nothing is released until a person clears it."


def _clear(referral: Referral, data: Data, by: Actor, at: datetime) -> str:
    reviewing.clear(referral=referral, reason=data["reason"], at=at, by=by)
    return "Cleared: its rewards can be decided."


def _block(referral: Referral, data: Data, by: Actor, at: datetime) -> str:
    reviewing.block(referral=referral, reason=data["reason"], at=at, by=by)
    return "Blocked: it releases no reward, and what was held for it is free."


def _pause(code: Code, data: Data, by: Actor, at: datetime) -> str:
    issuing.pause(code=code, reason=data["reason"], at=at, by=by)
    return "The code is paused; its page says so."


def _resume(code: Code, data: Data, by: Actor, at: datetime) -> str:
    issuing.resume(code=code, reason=data["reason"], at=at, by=by)
    return "The code works again."


def _revoke(code: Code, data: Data, by: Actor, at: datetime) -> str:
    issuing.revoke(code=code, reason=data["reason"], at=at, by=by)
    return "The code is revoked for good. What was earned with it stays."


def _withdraw_promo(code: Code, data: Data, by: Actor, at: datetime) -> str:
    promo_codes.withdraw_promo_code(code=code, text=data["text"], reason=data["reason"], at=at, by=by)
    return f"“{data['text']}” leads nowhere any more. The link and the code itself still work."


def _standard_words(code: Code, data: Data, by: Actor, at: datetime) -> str:
    invitation_texts.write_invitation(code=code, text="", at=at, by=by)
    return "The invitation is in our standard words again."


def _issue(campaign: Campaign, data: Data, by: Actor, at: datetime) -> Sequence[Panel]:
    report = issuing.issue_codes(campaign=campaign, at=at, by=by)
    rows = [
        [Cell("Qualify"), Cell(report.eligible)],
        [Cell("Got a code now"), Cell(report.issued)],
        [Cell("Had one"), Cell(report.already)],
    ]
    turned_away = [[Cell(sentence), Cell(count)] for sentence, count in report.turned_away]
    return [
        Panel("Codes", ["Customers who", "How many"], rows, ""),
        Panel("Who did not qualify", ["Criterion not met", "Customers"], turned_away, "Everybody qualifies."),
    ]


def _invite(campaign: Campaign, data: Data, by: Actor, at: datetime) -> str:
    number = inviting.invite(campaign=campaign, most=data["most"], at=at, by=by)
    return f"{number} customers are invited; the messages go out within a minute. {inviting.meter(campaign, at=at).sentence}"


def _open_offer(loan: Loan) -> SubstituteOffer:
    """The offer that waits for an answer; one that was answered meanwhile is refused by the verb. Refuses with `no_offer`."""
    offer = SubstituteOffer.objects.filter(promise__loan=loan).order_by("offered_at", "pk").last()
    if offer is None:
        raise ReferralRefused("no_offer", "Nothing else was offered for this loan, so there is no answer to note.")
    return offer


def _accept(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    taken = substituting.accept_substitute(offer=_open_offer(loan), at=at, by=by)
    return f"The loan is served by {taken.loan.pool} now."


def _turn_down(loan: Loan, data: Data, by: Actor, at: datetime) -> str:
    substituting.decline_substitute(offer=_open_offer(loan), at=at, by=by)
    return "Noted. What was promised stands, and the unit that was kept goes to the next."


def _waits_for_an_answer(loan: Loan, at: datetime) -> bool:
    offers = SubstituteOffer.objects.filter(promise__loan=loan, state=OfferState.OFFERED)
    return offers.filter(answer_by__gt=at).exists()


def _standing(state: Standing) -> Any:
    return can_become(state, STANDING_MOVES, "standing")


_VERIFY_HELP = "Instead of the button in the friend's mail. The same follows: the proof counts, rewards become due."
REFERRAL = (
    Move(
        "verify", "Verify by hand", _verify, "referrals.verify_referral", can_become(Progress.VERIFIED, PROGRESS_MOVES, "progress"),
        HowForm, help=_VERIFY_HELP,
    ),
    Move("clear", "Clear", _clear, "referrals.review_referral", _standing(Standing.CLEAR), ReasonForm, "primary"),
    Move("flag", "Flag for a second look", _flag, "referrals.review_referral", _standing(Standing.FLAGGED), ReasonForm),
    Move("block", "Block", _block, "referrals.review_referral", _standing(Standing.BLOCKED), ReasonForm, "danger"),
)  # fmt: skip
CODE = (
    Move("pause", "Pause", _pause, "referrals.revoke_code", can_become(CodeState.PAUSED, CODE_MOVES), ReasonForm),
    Move(
        "resume",
        "Make active again",
        _resume,
        "referrals.revoke_code",
        can_become(CodeState.ACTIVE, CODE_MOVES),
        ReasonForm,
        "primary",
    ),
    Move(
        "withdraw-promo", "Take a promo code away", _withdraw_promo, "referrals.revoke_code",
        lambda code, at: code.promo_codes.exists(), PromoCodeForm,
        help="For a word that may not be. Whoever was told it finds nothing any more; the link and the code still work.",
    ),
    Move(
        "standard-words", "Standard invitation", _standard_words, "referrals.issue_codes",
        lambda code, at: bool(code.invitation_text), help="Instead of the customer's own words, which are deleted.",
    ),
    Move("revoke", "Revoke", _revoke, "referrals.revoke_code", can_become(CodeState.REVOKED, CODE_MOVES), ReasonForm, "danger"),
)  # fmt: skip
CAMPAIGN = Move(
    "issue-codes", "Issue codes", _issue, "referrals.issue_codes", in_states(CampaignState.LIVE),
    help="Every customer who qualifies and has none gets a code. Again is harmless.",
)  # fmt: skip
INVITE = Move(
    "invite", "Invite customers", _invite, "referrals.issue_codes", in_states(CampaignState.LIVE), InviteForm,
    help="Customers with a code who want news and were not invited yet, as many as can be served. Nobody is invited twice.",
)  # fmt: skip
ANSWERS = (
    Move(
        "accept-substitute", "The customer takes the substitute", _accept, substituting.PERMISSION, _waits_for_an_answer, tone="primary",
        help="The unit that was kept serves this loan from now on, and its place here goes to the next.",
    ),
    Move(
        "decline-substitute", "The customer declines the substitute", _turn_down, substituting.PERMISSION, _waits_for_an_answer,
        help="What was promised stands as before.",
    ),
)  # fmt: skip
