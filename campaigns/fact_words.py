"""What the facts are called that rules ask about, where customers read it within a sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns.eligibility import Rule

_WORDS: Mapping[str, str] = {
    "country": gettext_noop("country"),
    "region": gettext_noop("region"),
    "city": gettext_noop("city"),
    "postcode": gettext_noop("postcode"),
    "language": gettext_noop("language"),
    "membership": gettext_noop("membership"),
    "origin": gettext_noop("origin"),
    "tags": gettext_noop("tags"),
    "membership_days": gettext_noop("days as a member"),
    "age": gettext_noop("age"),
    "credit_score": gettext_noop("credit score"),
    "is_verified": gettext_noop("e-mail address confirmed"),
}
"""Field -> its name. Attributes that were declared here bear the label that staff gave them, in whichever language."""


def fact_called(rule: Rule) -> str:
    """The fact that a rule asks about, in the language spoken now."""
    return _(_WORDS[rule.field]) if rule.field in _WORDS else rule.words_within
