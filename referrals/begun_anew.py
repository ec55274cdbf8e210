"""Friends who let the time run out and joined the same campaign anew: two referrals of one friend, of which the later one counts."""

from django.db.models import Exists, OuterRef, Q

from referrals.models import Referral
from referrals.states import Progress


def stands(*, through: str = "") -> Q:
    """That a referral did not run out and was begun anew in its campaign; with `through="referrer"` only by the same customer's code.

    What has not run out is settled without looking for another one, so that counting many costs no more than before.
    """
    same = {"campaign": OuterRef("campaign"), "referee": OuterRef("referee")}
    if through:
        same[through] = OuterRef(through)
    return ~Q(progress=Progress.EXPIRED) | ~Q(Exists(Referral.objects.filter(**same, pk__gt=OuterRef("pk"))))


def newest_of(referral: Referral) -> Referral:
    """The referral that counts instead of this one: the one its friend began anew through the same customer, else itself."""
    if referral.progress != Progress.EXPIRED:
        return referral
    anew = Referral.objects.filter(campaign=referral.campaign_id, referee=referral.referee_id, referrer=referral.referrer_id)
    return anew.select_related("campaign", "referee", "referrer", "code").order_by("-pk")[0]
