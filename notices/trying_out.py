"""Sending a text to oneself: through the outbox like any other message, marked as a test, about no customer."""

from datetime import datetime

from django.db import transaction

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from desk import queue as background
from notices.framing import framed
from notices.kinds import for_trail, kind_of
from notices.models import Notice, Template
from notices.previewing import rendered_for
from notices.refusals import NoticeRefused
from notices.rendering import Rendered, as_subject, paragraphs
from notices.states import Channel
from notices.writing import named

_MARK = {
    "en": "This is a test. It was written to no customer.",
    "de": "Dies ist ein Test. Er ging an keine Kundin und keinen Kunden.",
}


def send_test(*, template: Template, campaign: Campaign, at: datetime, by: Actor) -> Notice:
    """Put a text into the outbox for whoever asks, filled in for an example customer. Needs `notices.add_template`.

    A second call within the same minute answers the first notice. Refuses with `no_own_address`, `no_test_by_sms` and as
    `previewing.rendered_for` does.
    """
    by.require("notices.add_template")
    address = getattr(by.user, "email", "")
    if not address:
        raise NoticeRefused(
            "no_own_address", "Your account has no e-mail address to send the test to. Ask an administrator to add it."
        )
    if template.channel != Channel.EMAIL:
        raise NoticeRefused(
            "no_test_by_sms", "Tests are sent by e-mail only. Look at the preview: it says how many SMS the text makes."
        )
    key = f"test:{template.pk}:{by.user.pk}:{at:%Y%m%d%H%M}"
    with transaction.atomic():
        said = Notice.objects.filter(dedupe_key=key).first()
        return said or _queued(
            _marked(rendered_for(template, campaign, to=None, at=at), template), template, campaign, address, key, at, by
        )


def _marked(rendered: Rendered, template: Template) -> Rendered:
    mark = _MARK.get(template.language, _MARK["en"])
    return Rendered(as_subject(f"[Test] {rendered.subject}"), f"{mark}\n\n{rendered.text}", (*paragraphs(mark), *rendered.parts))


def _queued(rendered: Rendered, template: Template, campaign: Campaign, address: str, key: str, at: datetime, by: Actor) -> Notice:
    notice = Notice(
        dedupe_key=key,
        kind=template.kind,
        channel=template.channel,
        campaign=campaign,
        is_test=True,
        address=address,
        language=template.language,
        subject=rendered.subject,
        body_text=rendered.text,
        body_html=framed(rendered, kind_of(template.kind), language=template.language),
        created_at=at,
        next_attempt_at=at,
    )
    named(notice).save(force_insert=True)
    trail.record(
        "notice.tested",
        about=notice,
        by=by,
        at=at,
        concerns=notice.concerns(),
        language=notice.language,
        version=template.version,
        **for_trail(notice.kind),
    )
    background.enqueue("notices.jobs.send_notice", notice.reference)
    return notice
