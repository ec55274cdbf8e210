"""A notice in words: the text chosen, filled in, framed, and judged whether it may go out, for each way it can travel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from campaigns.models import Brand, Campaign
from campaigns.states import Side
from customers.models import Customer
from notices import pacing
from notices.channels import texting
from notices.choosing import best, language_of, published_for, template_for
from notices.common_facts import common_facts
from notices.filling import filled
from notices.framing import footed, framed
from notices.kinds import COMMON, Kind
from notices.models import Notice, Template
from notices.refusals import NoticeRefused
from notices.rendering import Rendered
from notices.segments import MOST, count, plain
from notices.states import Channel, NoticeState
from notices.suppressing import UNREACHABLE, why_not
from notices.wording import Fact, in_words


@dataclass(frozen=True)
class Occasion:
    """What is to be said to whom, before it is put into words. `side` is the one on which the reader stands, where it is known."""

    kind: Kind
    to: Customer
    about: str
    facts: Mapping[str, Fact]
    at: datetime
    campaign: Campaign | None = None
    side: Side | None = None

    def check(self) -> None:
        """Refuse with `fact_missing` or `fact_unknown` facts that are not those of the kind."""
        missing = [name for name in self.kind.variables if name not in self.facts]
        if missing:
            raise NoticeRefused("fact_missing", f"“{self.kind.label}” needs {', '.join(missing)}.")
        unknown = sorted(set(self.facts) - set(self.kind.variables))
        if unknown:
            own = " (filled in by the outbox itself)" if set(unknown) <= set(COMMON) else ""
            raise NoticeRefused("fact_unknown", f"“{self.kind.label}” has no place for {', '.join(unknown)}{own}.")


def written(occasion: Occasion, key: str) -> Notice:
    """The notice of an occasion, not yet stored: by mail, or as a text to whom no mail can reach but a text can."""
    mail = _as_mail(occasion, key)
    if mail.reason in UNREACHABLE:
        text = as_text(occasion, key)
        return text if text is not None and text.state == NoticeState.QUEUED else mail
    return mail


def as_text(occasion: Occasion, key: str) -> Notice | None:
    """The notice of an occasion as SMS; None where none can be sent: no provider, no number, no words for it."""
    if not texting.is_on() or not occasion.to.phone:
        return None
    templates = published_for(occasion.campaign, channel=Channel.SMS).filter(kind=occasion.kind.name)
    template = best(templates, language_of(occasion.to.language))
    if template is None:
        return None
    body = plain(_rendered(occasion, template).text.strip())
    parts = count(body).parts
    too_long = f"the text makes {parts} SMS, and {MOST} are the most; shorten its words" if parts > MOST else ""
    return _notice(occasion, key, template, Rendered("", body, ()), too_long)


def goes_by_text_too(occasion: Occasion, notice: Notice) -> bool:
    """Whether the brand has this said by SMS beside the mail."""
    return notice.channel == Channel.EMAIL and occasion.kind.is_urgent and Brand.current().texts_urgent


def bundled(occasion: Occasion, key: str, about: str, carrier: Notice) -> Notice:
    """The row for something that is said in another message."""
    return named(Notice(
        dedupe_key=key, kind=occasion.kind.name, channel=carrier.channel, customer=occasion.to, campaign=occasion.campaign,
        about=about, address=carrier.address, language=carrier.language, subject=carrier.subject, body_text="",
        is_marketing=occasion.kind.is_marketing, state=NoticeState.BUNDLED, said_with=carrier,
        reason="said in another message, sent at the same time", created_at=occasion.at, next_attempt_at=occasion.at,
    ))  # fmt: skip


def named(notice: Notice) -> Notice:
    """The notice with its Message-ID (RFC 5322, section 3.6.4): one for ever, so that a second try is seen to be the same message."""
    notice.message_id = f"<{notice.reference}@{urlsplit(settings.SITE_URL).hostname}>"
    return notice


def _as_mail(occasion: Occasion, key: str) -> Notice:
    language = language_of(occasion.to.language)
    template = template_for(occasion.kind.name, channel=Channel.EMAIL, language=language, campaign=occasion.campaign)
    return _notice(occasion, key, template, _rendered(occasion, template))


def _rendered(occasion: Occasion, template: Template) -> Rendered:
    language = template.language
    common = common_facts(to=occasion.to, campaign=occasion.campaign, language=language, channel=Channel(template.channel))
    given = {name: in_words(fact, language) for name, fact in occasion.facts.items()}
    return filled(template, {**common, **given}, campaign=occasion.campaign, side=occasion.side)


def _notice(occasion: Occasion, key: str, template: Template, rendered: Rendered, why: str = "") -> Notice:
    kind, to, at = occasion.kind, occasion.to, occasion.at
    is_mail = template.channel == Channel.EMAIL
    address = to.email if is_mail else to.phone
    reason = why or _why_not(occasion, address, template.channel)
    notice = Notice(
        dedupe_key=key,
        kind=kind.name,
        channel=template.channel,
        customer=to,
        campaign=occasion.campaign,
        about=occasion.about,
        address=address,
        language=template.language,
        subject=rendered.subject,
        body_text=footed(rendered.text, kind, template.language) if is_mail else rendered.text,
        body_html=framed(rendered, kind, language=template.language) if is_mail else "",
        is_marketing=kind.is_marketing,
        state=NoticeState.SUPPRESSED if reason else NoticeState.QUEUED,
        reason=reason,
        created_at=at,
        next_attempt_at=pacing.next_hour(to, occasion.campaign, Brand.current(), at=at) if kind.is_marketing else at,
    )
    return named(notice)


def _why_not(occasion: Occasion, address: str, channel: str) -> str:
    kind, to = occasion.kind, occasion.to
    reason = why_not(to=to, address=address, channel=channel, is_marketing=kind.is_marketing)
    if reason or not kind.is_marketing:
        return reason
    # One after the other: two pieces of news written at once would each see the same room under the cap.
    Customer.objects.select_for_update().only("pk").get(pk=to.pk)
    return pacing.over_cap(to, Brand.current(), at=occasion.at, campaign=occasion.campaign)
