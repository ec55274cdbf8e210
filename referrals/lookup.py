"""Finding a code by what a person typed or followed."""

from django.db.models import Q

from referrals.codes import normalise
from referrals.models import Code


def find_code(text: str) -> Code | None:
    """The code meant by `text`, forgiving case, spaces, dashes and look-alikes; promo codes too. None if there is none."""
    if not text or len(text) > 64 or "\x00" in text:
        return None
    wanted = Q(code=normalise(text)) | Q(promo_code=text.strip().upper())
    return Code.objects.filter(wanted).select_related("campaign", "customer", "equipment_model").first()
