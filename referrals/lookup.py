"""Finding a code by what a person typed or followed."""

from referrals.codes import normalise
from referrals.models import Code


def find_code(text: str) -> Code | None:
    """The code meant by `text`, forgiving case, spaces, dashes and look-alikes; promo codes of now and once too. None if there is none."""
    if not text or len(text) > 64 or "\x00" in text:
        return None
    key = normalise(text)
    codes = Code.objects.select_related("campaign", "customer", "equipment_model")
    # One after the other: a database cannot look in two tables at once by their indexes.
    return codes.filter(code=key).first() or codes.filter(promo_codes__key=key).first()
