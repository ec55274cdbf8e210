"""What borrowers are told when the desk has answered what they asked about a loan, swept from the state of their requests."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import translation
from django.utils.translation import gettext as _

from equipment.models import LoanRequest
from equipment.states import RequestState, Wish
from notices import outbox
from notices.choosing import language_of
from notices.models import Notice
from notices.wording import Fact, in_words
from rewards.loan_notices import FRESH

KIND = "loan_request_answered"
_BATCH = 500


def untold(*, at: datetime) -> QuerySet[LoanRequest]:
    """Requests that were answered within the last week and whose borrower was not told. Booked days are told by the page itself."""
    key = Concat(Value(f"{KIND}:"), OuterRef("reference"), Value(":"), OuterRef("loan__borrower__reference"))
    answered = Q(state=RequestState.DECLINED) | Q(state=RequestState.AGREED) & ~Q(kind=Wish.RETURN)
    rows = LoanRequest.objects.filter(answered, answered_at__gt=at - FRESH, loan__borrower__erased_at__isnull=True)
    rows = rows.filter(~Exists(Notice.objects.filter(dedupe_key=key)))
    return rows.select_related("loan__pool__model", "loan__borrower", "loan__promise__referral__campaign").order_by("pk")[:_BATCH]


def tell(*, request: LoanRequest, at: datetime) -> Notice:
    """Queue the answer to one request, in the borrower's language. A second call answers the first message."""
    loan = request.loan
    promise = getattr(loan, "promise", None)
    facts: dict[str, Fact] = {"item": loan.pool.model.called, "outcome": _outcome(request), "note": request.answer}
    campaign = promise.referral.campaign if promise else None
    return outbox.queue(KIND, to=loan.borrower, about=request.reference, facts=facts, at=at, campaign=campaign)


def _outcome(request: LoanRequest) -> str:
    language = language_of(request.loan.borrower.language)
    with translation.override(language):
        day = in_words(request.on, language) if request.on else ""
        if request.kind == Wish.PROBLEM:
            return _("Here is our answer to what you reported.")
        if request.state == RequestState.AGREED:
            return _("You can keep it until %(day)s.") % {"day": day}
        if request.kind == Wish.RETURN:
            return _("Please choose another day to bring it back: %(day)s is not possible.") % {"day": day}
        return _("We cannot give you more time this time.")
