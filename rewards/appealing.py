"""A customer objects to a decision, once; a person answers, and the customer reads the answer."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import actors, trail
from audit.actors import Actor
from desk.moves import move
from rewards import deciding, four_eyes, messages
from rewards.models import Appeal, Reward
from rewards.refusals import RewardRefused
from rewards.states import APPEAL_MOVES, REWARD_TERMINAL, AppealState, RewardState

ANSWER_WITHIN_DAYS = 5
"""A person answers within this many days, and the customer is told which day that is."""
MOST_CHARACTERS = 1000


def appeal(*, reward: Reward, words: str, at: datetime, by: Actor) -> Appeal:
    """Object to the end of a reward, in the customer's own words. Once per decision.

    The beneficiary objects, or staff write down what they said. Raises `PermissionDenied`, or `RewardRefused` with `words_missing`,
    `words_too_long`, `nothing_to_appeal`, `appealed_already`.
    """
    if by != actors.customer(reward.beneficiary.reference):
        by.require("rewards.answer_appeal")
    text = words.strip()
    _refuse_words(text)
    with transaction.atomic():
        row = Reward.objects.select_for_update(of=("self",)).select_related("referral__campaign", "beneficiary").get(pk=reward.pk)
        if not may_appeal(row):
            raise RewardRefused("nothing_to_appeal", _("There is no decision about this reward that you could object to."))
        made = Appeal(reward=row, round=row.round, words=text, about=row.reason, at=at, answer_by=answer_by(row, at))
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise RewardRefused(
                "appealed_already", _("You have objected to this decision already. The answer is on this page once it is there.")
            ) from None
        trail.record(
            "reward.appealed", about=row, by=by, at=at, reason="The words are with the reward.", concerns=deciding.concerns(row)
        )
    return made


def answer(*, appeal: Appeal, overturn: bool, note: str, at: datetime, by: Actor) -> Appeal:
    """A person's answer; `note` is what the customer reads. With `overturn` the reward is approved after all.

    A minute later it goes out, as after any approval. Raises `PermissionDenied`, or `RewardRefused` with `note_missing`,
    `own_decision` (see `four_eyes`), `wrong_state`, `changed_meanwhile`, `looked_at_already`, and all that `deciding.approve`
    refuses with.
    """
    by.require(four_eyes.PERMISSION)
    if not note.strip():
        raise RewardRefused("note_missing", "Write the answer: the customer reads exactly this.")
    to = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    with transaction.atomic():
        reward = Reward.objects.select_related("referral__campaign", "beneficiary").get(pk=appeal.reward_id)
        is_own = four_eyes.took_it(reward, by)
        if is_own:
            _refuse_own(reward, by)
        move(
            appeal, to=to, moves=APPEAL_MOVES, refusal=RewardRefused, note=note.strip()[:300], answered_at=at, answered_by=by.name
        )  # fmt: skip
        if overturn:
            _give_after_all(appeal, reward, note, at, by)
        trail.record(
            "reward.appeal_answered", about=reward, by=by, at=at, reason="The answer is with the reward.",
            concerns=deciding.concerns(reward), outcome=to.label.lower(),
            eyes="the same person" if is_own else "another person",
        )  # fmt: skip
        messages.say_answered(appeal, at)
    return appeal


def may_appeal(reward: Reward) -> bool:
    """Whether there is a decision to object to: it ended, and what was declined can no longer be undone."""
    return reward.state in REWARD_TERMINAL and reward.state != RewardState.FAILED and reward.undo_until is None


def current(reward: Reward) -> Appeal | None:
    """The objection to the decision as it stands, answered or not."""
    return reward.appeals.filter(round=reward.round).first()


def answer_by(reward: Reward, at: datetime) -> date:
    """The day by which we say an objection made at `at` is answered."""
    return reward.referral.campaign.day_of(at + timedelta(days=ANSWER_WITHIN_DAYS))


def _give_after_all(appeal: Appeal, reward: Reward, note: str, at: datetime, by: Actor) -> None:
    if reward.round != appeal.round:
        raise RewardRefused("looked_at_already", "This reward was looked at again since. Open its page.")
    deciding.reopen(reward=reward, reason=f"After an objection: {note}"[:300], at=at, by=by)
    deciding.approve(reward=reward, at=at, by=by, note=note)


def _refuse_own(reward: Reward, by: Actor) -> None:
    objection = four_eyes.objection_to(reward, by)
    if objection:
        raise RewardRefused("own_decision", objection)


def _refuse_words(text: str) -> None:
    if not text:
        raise RewardRefused("words_missing", _("Say in a few words why you object; a person reads them."))
    if len(text) > MOST_CHARACTERS:
        raise RewardRefused("words_too_long", _("Write at most %(most)s characters.") % {"most": MOST_CHARACTERS})
