"""Whoever took a decision does not judge the objection to it, as long as there is somebody else who may.

Where one person alone holds the permission they answer themselves: a customer who waits for ever is worse off than one answered by the
same person. That it was the same person stands on the trail.
"""

from django.contrib.auth import get_user_model

from audit.actors import Actor
from audit.models import Entry
from rewards.models import Reward

PERMISSION = "rewards.answer_appeal"
_DECISIONS = ("reward.declined", "reward.withdrawn")


def took_it(reward: Reward, by: Actor) -> bool:
    """Whether `by` is the person who declined this reward or took it back, as the trail says it."""
    entries = Entry.objects.filter(subject_type=reward.subject_type, subject_reference=reward.reference, event__in=_DECISIONS)
    last = entries.order_by("-n").first()
    return last is not None and by.user is not None and last.actor == by.name


def somebody_else_may(by: Actor) -> bool:
    """Whether another active member of staff may answer objections."""
    may = get_user_model()._default_manager.with_perm(PERMISSION, backend="django.contrib.auth.backends.ModelBackend")
    return may.filter(is_staff=True).exclude(pk=by.user.pk).exists()


def objection_to(reward: Reward, by: Actor) -> str:
    """Why `by` may not answer the objection to the decision about `reward`, and what to do, in words; empty when they may."""
    if took_it(reward, by) and somebody_else_may(by):
        return "You took the decision the customer objects to. Somebody else has to answer: ask a colleague who may decide about rewards."
    return ""
