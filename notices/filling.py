"""A template filled in with facts: a mail states all the criteria, a text as many of their sentences as it has room for."""

from collections.abc import Mapping

from campaigns.models import Campaign
from campaigns.states import Side
from notices.acts import act_of
from notices.common_facts import sentences_of
from notices.fitting import as_many_as_fit
from notices.kinds import kind_of
from notices.models import Template
from notices.rendering import Rendered, render
from notices.states import Channel


def filled(template: Template, facts: Mapping[str, str], *, campaign: Campaign | None, side: Side | None = None) -> Rendered:
    """The words of a template with its `facts`. `side` is the one on which the reader stands, where it is known.

    Refuses with `unknown_placeholder`.
    """
    if template.channel == Channel.SMS and campaign is not None:
        return _as_text(template, facts, sentences_of(campaign, template.language, side))
    return render(subject=template.subject, body=template.body, facts=facts, act=act_of(kind_of(template.kind)))


def _as_text(template: Template, facts: Mapping[str, str], sentences: list[str]) -> Rendered:
    def with_criteria(words: str) -> Rendered:
        return render(subject=template.subject, body=template.body, facts={**facts, "criteria": words})

    return with_criteria(as_many_as_fit(sentences, filled=lambda words: with_criteria(words).text))
