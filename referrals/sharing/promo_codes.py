"""Choosing a promo code. The ones before keep working: they are printed on cards and said on the telephone."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from campaigns.models import Brand
from referrals.codes import normalise
from referrals.models import Code, PromoCode
from referrals.refusals import ReferralRefused
from referrals.sharing import promo_words
from referrals.sharing.owning import require_owner

MOST = 5
"""Promo codes of one code, with those of before: enough for second thoughts, too few to take all good words."""


def choose_promo_code(*, code: Code, text: str, at: datetime, by: Actor) -> str:
    """Make `text` the promo code of `code` and answer its spelling; an own one of before is taken up again. Again changes nothing.

    Refuses with what `promo_words.check` refuses, `promo_code_taken` or `promo_codes_too_many`.
    """
    require_owner(code, by)
    spelling = promo_words.spelt(text)
    promo_words.check(spelling, brand=Brand.current().name)
    with transaction.atomic():
        row = Code.objects.select_for_update(of=("self",)).select_related("customer", "campaign").get(pk=code.pk)
        if row.promo_code == spelling:
            return spelling
        spelling = _mine(row, spelling, at)
        Code.objects.filter(pk=row.pk).update(promo_code=spelling)
        number = row.promo_codes.count()
        # Not the word itself: it may be a name, and the trail outlives what is erased.
        trail.record("code.promo_chosen", about=row, by=by, at=at, concerns=[row.customer.reference], number=number)
    code.promo_code = spelling
    return spelling


def withdraw_promo_code(*, code: Code, text: str, reason: str, at: datetime, by: Actor) -> None:
    """Let a promo code that slipped through lead nowhere any more; its owner may choose another. Needs `referrals.revoke_code`.

    Refuses with `promo_code_unknown` what this code has not.
    """
    by.require("referrals.revoke_code")
    with transaction.atomic():
        row = Code.objects.select_for_update(of=("self",)).select_related("customer").get(pk=code.pk)
        if not row.promo_codes.filter(text=text).delete()[0]:
            raise ReferralRefused(
                "promo_code_unknown", "This code has no such promo code any more. Reload the page and look again."
            )
        Code.objects.filter(pk=row.pk, promo_code=text).update(promo_code=None)
        trail.record("code.promo_withdrawn", about=row, by=by, at=at, reason=reason, concerns=[row.customer.reference])


def _mine(code: Code, spelling: str, at: datetime) -> str:
    """The spelling under which the key is this code's now."""
    key = normalise(spelling)
    known = code.promo_codes.filter(key=key).first()
    if known is not None:
        PromoCode.objects.filter(pk=known.pk).update(text=spelling)
        return spelling
    if code.promo_codes.count() >= MOST:
        raise ReferralRefused(
            "promo_codes_too_many",
            _("You have chosen %(number)d promo codes already, and all of them keep working. Use one of them.") % {"number": MOST},
        )
    if Code.objects.filter(code__in=promo_words.one_slip_away(spelling)).exists():
        raise promo_words.like_a_code()
    _insert(PromoCode(code=code, text=spelling, key=key, chosen_at=at))
    return spelling


def _insert(row: PromoCode) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ReferralRefused(
            "promo_code_taken", _("This one is taken, or too much like one that is. Add a word or a figure.")
        ) from error
