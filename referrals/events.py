"""What can be recorded about codes and referrals, and the one signal that wakes those above."""

from django.dispatch import Signal

EVENTS: dict[str, str] = {
    "code.issued": "Code issued in the campaign {campaign} for {item}.",
    "campaign.invited": "Invited {number} customers; {open} invitations were open, at most {most} should be.",
    "code.paused": "Code paused.",
    "code.resumed": "Code active again.",
    "code.revoked": "Code revoked.",
    "code.promo_chosen": "A promo code was chosen; promo codes that lead here now: {number}.",
    "code.promo_withdrawn": "A promo code was taken away.",
    "code.wished": "Would rather have “{title}” where there is a choice.",
    "code.invitation_written": "The invitation is {what}.",
    "code.name_chosen": "Friends can find this code by the name its owner chose.",
    "code.name_withdrawn": "Friends can no longer find this code by a name.",
    "code.leaderboard_joined": "The owner of this code is seen on the leaderboard.",
    "code.leaderboard_left": "The owner of this code is no longer seen on the leaderboard.",
    "story.submitted": "A customer told their story.",
    "story.published": "The story is shown to friends.",
    "story.declined": "The story is not shown.",
    "story.withdrawn": "The customer took the story back.",
    "feedback.given": "Feedback on {step}: {score} of 5.",
    "help_request.asked": "A customer asked a question.",
    "help_request.answered": "The question was answered.",
    "referral.signed_up": "A friend signed up with the code {code}.",
    "referral.verified": "Registration verified: {how}.",
    "referral.qualified": "Qualified as number {number} of this referrer.",
    "referral.step_done": "Did the step “{step}”.",
    "referral.expired": "Expired: the proof was not given by {due_on}.",
    "referral.screened": "Screened with a risk of {risk} of 100: {signals}.",
    "referral.flagged": "Flagged for a person to look at.",
    "referral.cleared": "Cleared.",
    "referral.blocked": "Blocked: it releases no reward.",
    "promise.made": "Promised the {side} “{title}” with the loan {loan}.",
    "promise.renewed": "Promised the {side} “{title}” again, now with the loan {loan}.",
    "promise.released": "The promise of “{title}” to the {side} was released.",
    "promise.substitute_offered": "Offered the {side} a unit of {pool} instead, kept until {answer_by}.",
    "promise.substitute_accepted": "The {side} took the unit of {pool} instead.",
    "promise.substitute_declined": "The {side} did not want the unit of {pool} instead; what was promised stands.",
    "promise.substitute_lapsed": "The {side} did not answer about the unit of {pool}; what was promised stands.",
    "promise.at_risk": "The promise to the {side} cannot be kept as things stand, from {day} on.",
    "promise.safe_again": "The promise to the {side} can be kept again.",
    "mailing.started": "“{kind}” is sent to {total} customers.",
    "mailing.ended": "The mailing ended: {how}.",
    "conversion.recorded": "Recorded a {kind} with the id {external_id}.",
}

referral_qualified = Signal()
"""Sent after commit with `reference`. It only wakes: delete every receiver and the sweep finds the same work."""

step_done = Signal()
"""Sent after commit with the `reference` of a referral that did a step. It only wakes."""
