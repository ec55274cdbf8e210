"""Before a campaign goes live: can everything it will have to say be said, with its criteria and terms?"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings

from campaigns.models import Campaign
from campaigns.readiness import Check
from notices.choosing import best, published_for
from notices.kinds import KINDS
from notices.models import Template
from notices.publishing import check as check_words
from notices.refusals import NoticeRefused
from notices.states import Channel


def check_templates(campaign: Campaign, /, *, at: datetime) -> Iterable[Check]:
    """Whether every kind of notice has a published text for this campaign, in every language, stating criteria and terms."""
    problems = list(_problems(campaign))
    if problems:
        yield Check("notices", False, f"Not every notice can be sent: {' · '.join(problems)}", "Publish the missing templates.")
    else:
        yield Check("notices", True, f"All {len(KINDS)} kinds of notices have a text that states criteria and terms.")


def _problems(campaign: Campaign) -> Iterator[str]:
    templates = list(published_for(campaign, channel=Channel.EMAIL))
    for name, kind in KINDS.items():
        of_kind = [template for template in templates if template.kind == name]
        chosen = {best(of_kind, language) for language, _ in settings.LANGUAGES}
        yield from (f"“{kind.label}”: {problem}" for template in chosen if (problem := _problem(template)))


def _problem(template: Template | None) -> str:
    if template is None:
        return "there is no published template."
    try:
        check_words(template)
    except NoticeRefused as refusal:
        return f"version {template.version} in “{template.language}”: {refusal.sentence}"
    return ""
