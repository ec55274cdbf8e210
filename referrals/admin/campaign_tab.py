"""The tab with a campaign's referrals: how many stand where, and the newest."""

from typing import Any

from campaigns import rule_versions
from campaigns.admin.tabs import CampaignTab, register_tab
from desk.badges import state_badge
from desk.columns import list_of, page_of
from desk.parts import Empty, Kind
from referrals.models import Referral
from referrals.stages import Stage, codes_by_version, newest_of, referrals_by_version, stages_of
from referrals.states import PROGRESS_TONES, STANDING_TONES


@register_tab
class Referrals(CampaignTab):
    """Referrals of a campaign by stage, the newest first."""

    slug = "referrals"
    label = "Referrals"
    order = 90
    permission = "referrals.view_referral"
    help = "performance"
    how = "How many friends stand at which stage, and the newest of them."
    template_name = "referrals/campaign_referrals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Stages with their counts, and the referrals of the chosen one."""
        stages = stages_of(self.campaign)
        chosen = next((stage for stage in stages if stage.value == self.request.GET.get("stage")), None)
        return super().get_context_data(
            stages=[{"stage": stage, "is_here": stage is chosen} for stage in stages],
            chosen=chosen,
            total=sum(stage.count for stage in stages if stage.field == "progress"),
            rows=[self._row(referral) for referral in newest_of(self.campaign, chosen)],
            empty=self._empty(chosen),
            full_list=list_of(Referral, campaign=self.campaign.pk, **_filter(chosen)),
            **kwargs,
        )

    def _row(self, referral: Referral) -> dict[str, Any]:
        sees_names = self.request.user.has_perm("customers.view_customer")
        return {
            "referral": referral,
            "url": page_of(referral),
            "progress": state_badge(referral, PROGRESS_TONES, "progress"),
            "standing": state_badge(referral, STANDING_TONES, "standing"),
            "referrer": referral.referrer if sees_names else referral.referrer.reference,
            "referee": referral.referee if sees_names else referral.referee.reference,
        }

    def _empty(self, chosen: Stage | None) -> Empty:
        if chosen is not None:
            sentence = f"No referral of this campaign is in the stage “{chosen.label}”."
            return Empty(sentence, "Clear filters", self.request.path, Kind.NO_MATCH)
        return Empty("Nobody has signed up through a code of this campaign yet.")


def _filter(stage: Stage | None) -> dict[str, str]:
    return {stage.field: stage.value} if stage else {}


rule_versions.count_decisions("Codes", codes_by_version)
rule_versions.count_decisions("Referrals", referrals_by_version)
