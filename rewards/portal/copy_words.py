"""The copy of one's data as a page: what each part and field is called, in the reader's language. The file keeps the plain names."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rewards.portal.copy_values import words_of

_PARTS = {
    "profile": gettext_lazy("profile"),
    "consents": gettext_lazy("consents"),
    "terms accepted": gettext_lazy("terms accepted"),
    "credit scores": gettext_lazy("credit scores"),
    "codes": gettext_lazy("codes"),
    "friends": gettext_lazy("friends"),
    "how you came": gettext_lazy("how you came"),
    "rewards": gettext_lazy("rewards"),
    "account": gettext_lazy("account"),
    "loans": gettext_lazy("loans"),
    "stories": gettext_lazy("stories"),
    "feedback": gettext_lazy("feedback"),
    "questions": gettext_lazy("questions"),
    "messages": gettext_lazy("messages"),
    "sessions": gettext_lazy("sessions"),
}
_FIELDS = {
    "about": gettext_lazy("about"), "accessories": gettext_lazy("accessories"), "activated_on": gettext_lazy("active since"),
    "address": gettext_lazy("address"), "amount": gettext_lazy("amount"), "answer": gettext_lazy("answer"),
    "answered_at": gettext_lazy("answered"), "approved_at": gettext_lazy("approved"), "asked": gettext_lazy("asked for"),
    "asked_at": gettext_lazy("asked"), "at": gettext_lazy("when"), "attributes": gettext_lazy("further facts"),
    "birth_year": gettext_lazy("year of birth"), "campaign": gettext_lazy("offer"), "channel": gettext_lazy("way"),
    "checklist_done": gettext_lazy("checked at the hand-over"), "city": gettext_lazy("town"), "code": gettext_lazy("code"),
    "condition": gettext_lazy("condition"), "country": gettext_lazy("country"), "created_at": gettext_lazy("made"),
    "decision": gettext_lazy("decision"), "decisions": gettext_lazy("decisions"), "device": gettext_lazy("browser"),
    "direction": gettext_lazy("at"), "due_at": gettext_lazy("due back"), "email": gettext_lazy("e-mail address"),
    "ended_at": gettext_lazy("ended"), "equipment": gettext_lazy("equipment"), "external_id": gettext_lazy("customer number"),
    "for": gettext_lazy("for"), "friend": gettext_lazy("friend"), "fulfilled_at": gettext_lazy("given"),
    "given_at": gettext_lazy("when"), "grade": gettext_lazy("grade"), "handed_over_at": gettext_lazy("handed over"),
    "how": gettext_lazy("how"), "invited_by": gettext_lazy("invited by"), "is_given": gettext_lazy("given"),
    "is_marketing": gettext_lazy("news"), "issued_at": gettext_lazy("issued"), "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"), "member_since": gettext_lazy("member since"), "membership": gettext_lazy("membership"),
    "name": gettext_lazy("name"), "note": gettext_lazy("note"), "on": gettext_lazy("day"), "origin": gettext_lazy("origin"),
    "phone": gettext_lazy("phone"), "place": gettext_lazy("place"), "postcode": gettext_lazy("postcode"),
    "progress": gettext_lazy("how far"), "progress_reason": gettext_lazy("why"), "promised_by": gettext_lazy("promised by"),
    "promo_code": gettext_lazy("promo code"), "purpose": gettext_lazy("purpose"), "qualified_at": gettext_lazy("all done"),
    "question": gettext_lazy("question"), "reference": gettext_lazy("reference"), "region": gettext_lazy("region"),
    "returned_at": gettext_lazy("brought back"), "reward": gettext_lazy("reward"), "score": gettext_lazy("score"),
    "scored_on": gettext_lazy("scored on"), "seen_at": gettext_lazy("last seen"), "sent_at": gettext_lazy("sent"),
    "sha256": gettext_lazy("SHA-256 of the wording"), "shown_name": gettext_lazy("shown name"),
    "signed_up_at": gettext_lazy("signed up"), "source": gettext_lazy("source"), "state": gettext_lazy("state"),
    "state_reason": gettext_lazy("why"), "step": gettext_lazy("step"), "submitted_at": gettext_lazy("handed in"),
    "tags": gettext_lazy("groups"), "terms": gettext_lazy("terms"), "text": gettext_lazy("text"),
    "typed_name": gettext_lazy("name as typed"), "unit": gettext_lazy("unit"), "verified_at": gettext_lazy("confirmed"),
    "version": gettext_lazy("version"), "voucher": gettext_lazy("code"), "wishes": gettext_lazy("what you would rather have"), "why": gettext_lazy("why"),
    "words": gettext_lazy("words"),
}  # fmt: skip


def in_words(sections: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Parts with their rows, each a list of label and value. Words of ours are said in the reader's language; what somebody typed stays."""
    return [(str(_PARTS.get(name, name)), [_row(name, row) for row in rows]) for name, rows in sections.items()]


def _row(part: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    # Why it stands so is stored for colleagues; whose data it is reads what the stage means.
    told = {**row, "progress_reason": row["progress"]} if "progress_reason" in row else row
    return [(str(_FIELDS.get(field, field)), _said(part, field, value)) for field, value in told.items()]


def _said(part: str, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{_FIELDS.get(name, name)}: {_said(field, name, one)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(_said(part, field, one) for one in value)
    return words_of(part, field, str(value))
