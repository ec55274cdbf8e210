"""How a campaign's messages read: which text speaks for each kind, and a text filled in for a customer before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from campaigns.models import Campaign
from campaigns.states import Side
from customers.models import Customer
from notices.choosing import best
from notices.common_facts import common_facts
from notices.examples import example_customer, facts_of
from notices.filling import filled
from notices.framing import footed, framed
from notices.kinds import KINDS, Kind, kind_of
from notices.models import Template
from notices.refusals import NoticeRefused
from notices.rendering import Rendered
from notices.segments import Sms, count, plain
from notices.states import Channel, TemplateState
from notices.wording import in_words

_NOT_TO_PRESS = "/unsubscribe/example/"
"""Stands where a real message carries the address that stops news and offers."""


@dataclass(frozen=True)
class Speaking:
    """Which text speaks in one language: none, the common one, or the campaign's own; and the newest draft that would take over."""

    language: str
    language_name: str
    template: Template | None
    draft: Template | None

    @property
    def source(self) -> str:
        """Where the text comes from, in words."""
        if self.template is None:
            return "No text"
        name = "Own" if self.template.campaign_id else "Common"
        return name if self.template.language == self.language else f"{name}, {self.template.language}"


@dataclass(frozen=True)
class Message:
    """One kind of message with its texts."""

    kind: Kind
    texts: Sequence[Speaking]


@dataclass(frozen=True)
class Preview:
    """A text filled in. `html` is empty and `sms` counted for an SMS; `refusal` says why it cannot be filled in."""

    subject: str = ""
    text: str = ""
    html: str = ""
    sms: Sms | None = None
    refusal: str = ""


def messages_of(campaign: Campaign, channel: Channel) -> list[Message]:
    """Every kind of message of a campaign, in every language. One query."""
    rows = list(
        Template.objects.filter(Q(campaign__isnull=True) | Q(campaign=campaign), channel=channel).order_by("kind", "-version")
    )
    return [
        Message(kind, [_speaking(campaign, rows, kind.name, code, str(name)) for code, name in settings.LANGUAGES])
        for kind in KINDS.values()
    ]


def preview(template: Template, campaign: Campaign, *, to: Customer | None, at: datetime, side: Side | None = None) -> Preview:
    """The text as `to` would read it, or as an example customer would. What only a real occasion knows is an example."""
    try:
        rendered = rendered_for(template, campaign, to=to, at=at, side=side)
    except NoticeRefused as refusal:
        return Preview(refusal=refusal.sentence)
    if template.channel == Channel.SMS:
        words = plain(rendered.text.strip())
        return Preview(text=words, sms=count(words))
    kind = kind_of(template.kind)
    text = footed(rendered.text, kind, template.language)
    return Preview(rendered.subject, text, framed(rendered, kind, language=template.language))


def rendered_for(
    template: Template, campaign: Campaign, *, to: Customer | None, at: datetime, side: Side | None = None
) -> Rendered:
    """The words of a template filled in. Refuses as `rendering.render` and `common_facts` do.

    An SMS states the criteria of the reader's `side`, of both where it is not known; a mail those of both. A preview stops no news and
    offers: the address that would is an example, whoever the reader is.
    """
    kind = kind_of(template.kind)
    reader = to or example_customer(template.language)
    facts = facts_of(kind, campaign, at=at, site_url=settings.SITE_URL)
    words: Mapping[str, str] = {name: in_words(fact, template.language) for name, fact in facts.items()}
    common = common_facts(to=reader, campaign=campaign, language=template.language)
    given = {**common, "unsubscribe_url": f"{settings.SITE_URL}{_NOT_TO_PRESS}", **words}
    return filled(template, given, campaign=campaign, side=side)


def _speaking(campaign: Campaign, rows: Sequence[Template], kind: str, language: str, name: str) -> Speaking:
    mine = [row for row in rows if row.kind == kind]
    published = [row for row in mine if row.state == TemplateState.PUBLISHED]
    drafts = [
        row for row in mine if row.state == TemplateState.DRAFT and row.campaign_id == campaign.pk and row.language == language
    ]
    spoken = best(published, language)
    newest = max(drafts, key=lambda row: row.version, default=None)
    is_newer = newest is not None and (spoken is None or spoken.campaign_id is None or newest.version > spoken.version)
    return Speaking(language, name, spoken, newest if is_newer else None)
