"""The arm of a campaign's test that a code shows."""

from django.conf import settings
from django.core.cache import cache

from campaigns.arms import arm_of
from campaigns.models import Variant
from referrals.models import Code


def variant_of(code: Code) -> Variant | None:
    """The arm of a code, or None where its campaign tests nothing."""
    arms = {arm.key: arm for arm in code.campaign.variants.all()}
    return arms.get(arm_of(code.code, str(code.campaign_id), [(key, arm.weight) for key, arm in arms.items()]))


def kept_variant(code: str, campaign_id: int) -> str:
    """The key of the arm of a code; the arms of a campaign are asked for once in a few seconds."""
    key = f"arms:{campaign_id}"
    arms = cache.get(key)
    if arms is None:
        arms = list(Variant.objects.filter(campaign_id=campaign_id).values_list("key", "weight"))
        cache.set(key, arms, settings.LANDING_KEPT_SECONDS)
    return arm_of(code, str(campaign_id), arms) if arms else ""
