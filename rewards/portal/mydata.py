"""What is kept of a customer, gathered for them: all of theirs, nothing of anybody else's.

Friends are “friend 1”, “friend 2” with their stage. What a doubtful sign-up was recognised by is left out, and the copy says so.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from customers.models import Customer
from equipment.models import Loan
from notices.kinds import KINDS, PERSON_NAMES, title_of
from notices.models import Notice
from referrals.models import Code, Referral
from rewards import messages
from rewards.models import PortalSession, Posting, Reward
from rewards.portal.account import words_of
from rewards.reasons import reason_of
from rewards.states import RewardState

Section = Sequence[Mapping[str, Any]]

LEFT_OUT = gettext_noop(
    "Left out: names, addresses and doings of other people, and by what signs doubtful sign-ups are recognised. "
    "The record of what was decided, the audit trail, names nobody; ask us for your part of it."
)


_ENDED = (RewardState.CANCELLED, RewardState.REVOKED, RewardState.EXPIRED)
"""States whose reason was written for the customer. Why a reward waits may speak of doubts, and of a decline there is the note."""


def gathered(customer: Customer, *, at: datetime) -> dict[str, Any]:
    """Everything, as JSON can hold it: when it was made, what is left out, and the sections by name."""
    sections: dict[str, Section] = {
        "profile": [_profile(customer)],
        "consents": _rows(customer.consents.order_by("at"), "channel", "purpose", "is_given", "how", "at"),
        "terms accepted": _accepted(customer),
        "credit scores": _rows(customer.credit_scores.order_by("scored_on"), "score", "source", "scored_on"),
        "codes": _codes(customer),
        "friends": _friends(customer),
        "how you came": _came(customer),
        "rewards": _rewards(customer),
        "account": _account(customer),
        "loans": _loans(customer),
        "stories": _rows(customer.stories.order_by("submitted_at"), "text", "shown_name", "state", "state_reason", "submitted_at"),
        "feedback": _rows(customer.feedback.order_by("given_at"), "step", "score", "words", "given_at"),
        "questions": _rows(customer.help_requests.order_by("asked_at"), "question", "answer", "asked_at", "answered_at"),
        "messages": _messages(customer),
        "sessions": _rows(PortalSession.objects.filter(customer=customer), "device", "created_at", "seen_at", "ended_at"),
    }
    return {"made_at": _plain(at), "left_out": LEFT_OUT, "sections": sections}


def _profile(customer: Customer) -> dict[str, Any]:
    fields = (
        "reference", "external_id", "name", "email", "phone", "language", "country", "region", "postcode", "city", "birth_year",
        "tags", "attributes", "membership", "member_since", "activated_on", "origin", "verified_at", "created_at",
    )  # fmt: skip
    return _of(customer, fields)


def _accepted(customer: Customer) -> Section:
    rows = customer.acceptances.select_related("version__agreement").order_by("at")
    own = ("about", "typed_name", "how", "at", "sha256")
    return [{"terms": str(row.version.agreement), "version": row.version.number, **_of(row, own)} for row in rows]


def _codes(customer: Customer) -> Section:
    rows = Code.objects.filter(customer=customer).select_related("campaign").order_by("issued_at")
    return [{"campaign": row.campaign.offer, **_of(row, ("code", "promo_code", "wishes", "state", "issued_at"))} for row in rows]


def _friends(customer: Customer) -> Section:
    rows = Referral.objects.filter(referrer=customer).select_related("campaign").order_by("signed_up_at", "pk")
    return [
        {
            "friend": _("friend %(number)d") % {"number": number},
            "campaign": row.campaign.offer,
            **_of(row, ("progress", "signed_up_at", "qualified_at")),
        }
        for number, row in enumerate(rows, start=1)
    ]


def _came(customer: Customer) -> Section:
    rows = Referral.objects.filter(referee=customer).select_related("campaign").order_by("signed_up_at")
    own = ("reference", "progress", "progress_reason", "signed_up_at", "verified_at", "qualified_at")
    return [{"campaign": row.campaign.offer, "invited_by": _("another customer"), **_of(row, own)} for row in rows]


def _rewards(customer: Customer) -> Section:
    rows = (
        Reward.objects.filter(beneficiary=customer)
        .select_related("tier__campaign", "equipment_model")
        .prefetch_related("approvals")
    )
    own = ("reference", "state", "promised_by", "created_at", "approved_at", "fulfilled_at", "voucher")
    return [
        {
            "reward": messages.what(row),
            **_of(row, own),
            "why": reason_of(row) if row.state in _ENDED else "",
            "decisions": [{"decision": each.decision, "note": each.note, "at": _plain(each.at)} for each in row.approvals.all()],
        }
        for row in rows.order_by("created_at")
    ]


def _account(customer: Customer) -> Section:
    rows = Posting.objects.filter(customer=customer).select_related("entry__reward__tier__campaign").order_by("entry__at", "pk")
    return [{"at": _plain(row.entry.at), "for": words_of(row), "amount": _plain(row.amount), "unit": row.unit} for row in rows]


def _loans(customer: Customer) -> Section:
    rows = Loan.objects.filter(borrower=customer).select_related("pool__model", "unit").order_by("created_at")
    own = ("reference", "state", "created_at", "handed_over_at", "due_at", "returned_at", "ended_at", "checklist_done")
    return [
        {
            "equipment": str(row.pool.model.called()),
            "place": row.pool.place,
            "unit": row.unit.serial if row.unit else "",
            **_of(row, own),
            "condition": [_of(seen, ("direction", "grade", "accessories", "note", "at")) for seen in row.condition_reports.all()],
            "asked": [_of(asked, ("kind", "state", "on", "words", "answer", "asked_at")) for asked in row.requests.all()],
        }
        for row in rows.prefetch_related("condition_reports", "requests")
    ]


def _messages(customer: Customer) -> Section:
    rows = Notice.objects.filter(customer=customer).order_by("created_at")
    own = ("channel", "address", "is_marketing", "state", "created_at", "sent_at")
    return [{"kind": _label(row), **_of(row, own), "text": _text(row)} for row in rows]


def _label(notice: Notice) -> str:
    return _(title_of(notice.kind))


def _text(notice: Notice) -> str:
    """What was written, but for messages that name somebody else."""
    names = KINDS[notice.kind].variables if notice.kind in KINDS else PERSON_NAMES
    return "" if PERSON_NAMES & set(names) else notice.body_text


def _rows(rows: Any, *fields: str) -> Section:
    return [_of(row, fields) for row in rows]


def _of(row: Any, fields: Sequence[str]) -> dict[str, Any]:
    return {field: _plain(getattr(row, field)) for field in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
