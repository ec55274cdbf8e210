"""What staff can do with notices and their templates: each move calls one verb and says what came of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings

from audit.actors import Actor
from campaigns.models import Campaign
from customers.models import Customer
from desk.admin.moves import Move, MoveForm, ReasonForm
from desk.columns import in_states
from notices import publishing, retrying, suppressing
from notices.inbound import replying
from notices.kinds import KINDS
from notices.models import Notice, ProviderEvent, Template
from notices.states import Channel, EventState, NoticeState, TemplateState

Data = dict[str, Any]


class WordsForm(MoveForm):
    """The words of the next version, beginning with those of this one."""

    subject = forms.CharField(max_length=150)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 14}))

    def prepare(self) -> None:
        """Begin with the words of this version, and say which placeholders there are."""
        self.initial.update({"subject": self.row.subject, "body": self.row.body})
        self.fields["body"].help_text = _placeholders(self.row.kind)


class TemplateForm(MoveForm):
    """The first words of a kind of notice in a language, or for one campaign only."""

    kind = forms.ChoiceField(choices=[(kind.name, kind.label) for kind in KINDS.values()])
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    campaign = forms.ModelChoiceField(Campaign.objects.order_by("name"), required=False, empty_label="All campaigns")
    subject = forms.CharField(max_length=150)
    body = forms.CharField(
        label="Text",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="With {{ placeholders }}; an empty line starts a paragraph.",
    )


def _placeholders(kind: str) -> str:
    known = KINDS.get(kind)
    names = ", ".join(f"{{{{ {name} }}}}" for name in sorted(known.allowed)) if known else ""
    return f"Placeholders: {names}. An empty line starts a paragraph."


def _retry(notice: Notice, data: Data, by: Actor, at: datetime) -> str:
    retrying.retry(notice=notice, at=at, by=by)
    return "The notice is in the outbox again."


def _draft_next(template: Template, data: Data, by: Actor, at: datetime) -> str:
    known: Data = {"kind": template.kind, "language": template.language, "campaign": template.campaign, "channel": template.channel}
    return _said(publishing.draft(**known, **data, at=at, by=by))


def _draft(row: None, data: Data, by: Actor, at: datetime) -> str:
    return _said(publishing.draft(**data, at=at, by=by))


def _said(template: Template) -> str:
    return f"Version {template.version} of “{template.kind}” is a draft. Publish it on its own page."


def _publish(template: Template, data: Data, by: Actor, at: datetime) -> str:
    publishing.publish(template=template, at=at, by=by)
    return "Published: from now on these words are sent."


class ChannelForm(ReasonForm):
    """Which of the customer's addresses, and why."""

    channel = forms.ChoiceField(choices=Channel)

    field_order = ["channel", "reason"]


def _suppress_address(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    channel = Channel(data["channel"])
    suppressing.suppress(address=suppressing.address_of(customer, channel), channel=channel, reason=data["reason"], at=at, by=by)
    return f"Nothing more is sent to this customer by {channel.label}, until somebody lifts it."


def _lift(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    channel = Channel(data["channel"])
    suppressing.lift(address=suppressing.address_of(customer, channel), channel=channel, reason=data["reason"], at=at, by=by)
    return f"Messages by {channel.label} are sent to this customer again."


def _suppress_of_notice(notice: Notice, data: Data, by: Actor, at: datetime) -> str:
    suppressing.suppress(address=notice.address, channel=Channel(notice.channel), reason=data["reason"], at=at, by=by)
    return "Nothing more is sent to this address, until somebody lifts it on the customer's page."


def _read(reply: ProviderEvent, data: Data, by: Actor, at: datetime) -> str:
    replying.settle(reply=reply, is_stop=False, at=at, by=by)
    return "Noted: somebody has read it."


def _means_stop(reply: ProviderEvent, data: Data, by: Actor, at: datetime) -> str:
    replying.settle(reply=reply, is_stop=True, at=at, by=by)
    return "Nothing goes to this number by SMS any more."


def _has_address(notice: Notice, at: datetime) -> bool:
    return bool(notice.address) and not suppressing.is_suppressed(notice.address, notice.channel)


def _can_be_written_to(customer: Customer, at: datetime) -> bool:
    reachable = [channel for channel in Channel if suppressing.address_of(customer, channel)]
    return len(suppressing.suppressions_of(customer)) < len(reachable)


def _is_kept_back(customer: Customer, at: datetime) -> bool:
    return bool(suppressing.suppressions_of(customer))


_SUPPRESS_HELP = "Nothing is sent to this address any more, news and service messages alike. Consent is another matter."
CUSTOMER = (
    Move(
        "suppress", "Stop writing to an address", _suppress_address, "notices.add_suppression", _can_be_written_to, ChannelForm,
        help=_SUPPRESS_HELP,
    ),
    Move("lift", "Write to an address again", _lift, "notices.delete_suppression", _is_kept_back, ChannelForm),
)  # fmt: skip
N = NoticeState
NOTICE = (
    Move(
        "retry", "Send again", _retry, "notices.retry_notice", in_states(N.FAILED, N.DEAD, N.SUPPRESSED), tone="primary",
        help="To the customer's address of today, in the same words.",
    ),
    Move(
        "suppress", "Stop writing to this address", _suppress_of_notice, "notices.add_suppression", _has_address, ReasonForm,
        help=_SUPPRESS_HELP,
    ),
)  # fmt: skip
TEMPLATE = (
    Move("publish", "Publish", _publish, "notices.publish_template", in_states(TemplateState.DRAFT), tone="primary",
         help="From then on these words are sent, and this version never changes."),
    Move("next", "Write the next version", _draft_next, "notices.add_template", form=WordsForm),
)  # fmt: skip
REPLY = (
    Move("read", "Read, nothing to stop", _read, "notices.answer_reply", in_states(EventState.FOR_PERSON), tone="primary",
         help="Answer them by mail or by telephone if they asked something. News may go to them by SMS again."),
    Move("means-stop", "They want no more texts", _means_stop, "notices.answer_reply", in_states(EventState.FOR_PERSON),
         help="Nothing goes to this number any more, until somebody lifts it on the customer's page."),
)  # fmt: skip
TEMPLATES = (Move("draft", "Write a new text", _draft, "notices.add_template", form=TemplateForm),)
