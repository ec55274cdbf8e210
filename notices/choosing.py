"""Which template speaks: the campaign's own before the general one, the customer's language before English."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from campaigns.models import Campaign
from notices.models import Template
from notices.refusals import NoticeRefused
from notices.states import Channel, TemplateState


def language_of(wish: str) -> str:
    """The plain language code of `wish` (“de-AT” → “de”), or the house's own language when it is empty."""
    return wish.replace("_", "-").split("-")[0].strip().lower() or settings.LANGUAGE_CODE


def template_for(kind: str, *, channel: Channel, language: str, campaign: Campaign | None = None) -> Template:
    """The newest published template: of the campaign in `language`, then in the house's language; then the general one likewise.

    Refuses with `no_template`.
    """
    found = best(published_for(campaign, channel=channel).filter(kind=kind), language)
    if found is None:
        raise NoticeRefused(
            "no_template",
            f"There is no published template “{kind}” for {channel} in “{language}” or “{settings.LANGUAGE_CODE}”. Publish one.",
        )
    return found


def published_for(campaign: Campaign | None, *, channel: Channel) -> QuerySet[Template]:
    """All published templates that may speak for `campaign`: its own and the general ones."""
    mine = Q(campaign__isnull=True) | Q(campaign=campaign)
    return Template.objects.filter(mine, channel=channel, state=TemplateState.PUBLISHED)


def best(templates: Iterable[Template], language: str) -> Template | None:
    """The one of these templates of one kind that speaks to a reader of `language`, or None."""
    read = [template for template in templates if template.language in (language, settings.LANGUAGE_CODE)]
    return max(read, key=lambda t: (t.campaign_id is not None, t.language == language, t.version), default=None)
