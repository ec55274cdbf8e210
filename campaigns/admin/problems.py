"""From what is wrong with a recipe to the field of a form where it can be mended."""

from collections.abc import Callable, Iterable

from django import forms

from campaigns import words
from campaigns.refusals import CampaignRefused, RecipeInvalid
from desk.refusals import Refused

FieldOf = Callable[[str], str]
"""Answers the name of the form's field for a key such as `tiers[2].amount`; empty where the form has none."""


def put_on(form: forms.BaseForm, refusal: Refused, field_of: FieldOf) -> None:
    """Add every reason of a refusal to the form, each to its field where there is one."""
    for sentence in _reasons(refusal):
        key, _, what = sentence.partition(": ")
        field = field_of(key) if what and key[:1].islower() else ""
        if field in form.fields:
            form.add_error(field, _as_sentence(what))
        else:
            form.add_error(None, _as_sentence(sentence))


def _reasons(refusal: Refused) -> Iterable[str]:
    if isinstance(refusal, RecipeInvalid):
        return refusal.problems
    return refusal.reasons if isinstance(refusal, CampaignRefused) else [refusal.sentence]


def _as_sentence(text: str) -> str:
    text = words.in_words(text)
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
