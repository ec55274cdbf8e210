"""The invitation in the customer's own words. It travels in messages that the customer's own apps send; we send it to nobody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from referrals.models import Code
from referrals.models.codes import INVITATION_LENGTH
from referrals.refusals import BadInput
from referrals.sharing.owning import require_owner
from referrals.voices import plain_words

_LINES = 8


def write_invitation(*, code: Code, text: str, at: datetime, by: Actor) -> str:
    """Keep `text` as the invitation of `code` and answer it as kept; without a word the standard text is back. Again changes nothing.

    Refuses with `invitation_too_long`, `invitation_has_a_link`.
    """
    require_owner(code, by)
    kept = plain_words.plain(text, limit=INVITATION_LENGTH)
    _check(kept)
    with transaction.atomic():
        row = Code.objects.select_for_update(of=("self",)).select_related("customer").get(pk=code.pk)
        if Code.objects.filter(pk=row.pk).exclude(invitation_text=kept).update(invitation_text=kept):
            what = "in the customer's own words" if kept else "in the standard words again"
            trail.record("code.invitation_written", about=row, by=by, at=at, concerns=[row.customer.reference], what=what)
    code.invitation_text = kept
    return kept


def _check(text: str) -> None:
    if len(text) > INVITATION_LENGTH or text.count("\n") >= _LINES:
        sentence = _("Keep it to %(length)d characters and %(lines)d lines: a short invitation is read.")
        raise BadInput("invitation_too_long", sentence % {"length": INVITATION_LENGTH, "lines": _LINES})
    if plain_words.has_a_link(text):
        raise BadInput("invitation_has_a_link", _("Leave links out: yours is put below your words by itself."))
