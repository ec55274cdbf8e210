"""Why a reward stands as it does: in English for staff and the trail, in the reader's own language for its customer.

A sentence with facts in it cannot be translated later, so it is said in every language at the moment of the decision. A sentence without
facts is looked up when it is read, and what a person typed stays as it was typed.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from notices.wording import in_words
from rewards.models import Reward

Sentence = str | Callable[[], str]
"""Words as they are, or what says a sentence in the language spoken when it is called."""
LONGEST = 300
"""As many characters of the English sentence are kept."""


def in_english(reason: Sentence) -> str:
    """The reason as staff and the trail keep it, whatever language is spoken now."""
    return in_words(reason, settings.LANGUAGE_CODE)


def in_every_language(sentence: Callable[[], str]) -> dict[str, str]:
    """The sentence in every language but the house's own, by its code, with the facts as they are now."""
    return {code: str(in_words(sentence, code)) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def kept(reward: Reward, reason: Sentence) -> dict[str, Any]:
    """The columns that keep `reason` as why this reward stands as it does.

    What was kept for earlier reasons stays: a decision and an account may still quote them.
    """
    english = in_english(reason)[:LONGEST]
    if isinstance(reason, str):
        return {"reason": english}
    added = in_every_language(reason)
    said = {code: {**reward.reason_said.get(code, {}), english: words} for code, words in added.items()}
    return {"reason": english, "reason_said": reward.reason_said | said}


def reason_of(reward: Reward) -> str:
    """Why it stands as it does, in the language spoken now."""
    return as_said(reward, reward.reason)


def as_said(reward: Reward, english: str) -> str:
    """A reason this reward has or had, in the language spoken now."""
    words: str = reward.reason_said.get(get_language() or "", {}).get(english, "")
    return words or (_(english) if english else "")
