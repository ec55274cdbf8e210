"""All that marketing defines."""

from campaigns.models.brand import Brand
from campaigns.models.campaign import Campaign
from campaigns.models.parts import EligibilityRule, Promotion, Quota, Segment, Step, Tier, Variant

__all__ = ["Brand", "Campaign", "EligibilityRule", "Promotion", "Quota", "Segment", "Step", "Tier", "Variant"]
