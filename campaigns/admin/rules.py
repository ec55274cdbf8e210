"""The tab on which the rules of a campaign are read, tried and changed."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from campaigns.admin.rule_pages import RulePage
from campaigns.admin.tabs import CampaignTab, register_tab
from campaigns.editing import OVER, new_rules_version, stored_rules
from campaigns.recipe_parts import RulePart
from campaigns.rule_versions import versions_of
from campaigns.states import CampaignState, Side

_CHANGE = "campaigns.change_campaign"


@register_tab
class Rules(RulePage, CampaignTab):
    """Who may take part: read it, try it, change it. What is typed counts in the answer before anything is saved."""

    slug = "rules"
    label = "Rules"
    order = 30
    permission = "campaigns.view_eligibilityrule"
    how = (
        "Each line is a rule; all must be met unless they are joined as “one of these”. The count shows who qualifies "
        "before you save. Saving makes a new version."
    )
    template_name = "campaigns/rules.html"
    sides = (
        (Side.REFERRER, "Who may refer", "Every customer may refer friends."),
        (Side.REFEREE, "What the friend must be", "Any friend may join."),
    )

    @cached_property
    def may_change(self) -> bool:
        """Whether this person may change the rules of this campaign now."""
        return self.request.user.has_perm(_CHANGE) and self.campaign.state not in OVER

    @cached_property
    def in_force(self) -> tuple[RulePart, ...]:
        """The rules in force."""
        return stored_rules(self.campaign)

    @property
    def base(self) -> str:
        """The version in force."""
        return str(self.campaign.rules_version)

    @cached_property
    def on(self) -> date:
        """Today where the campaign is."""
        return self.campaign.day_of(timezone.now())

    def keep(self) -> tuple[str, str]:
        """Put what was typed in force as a new version."""
        version = new_rules_version(campaign=self.campaign, rules=self.editor.parts, at=timezone.now(), by=self.actor)
        return f"Saved: version {version} of the rules is in force.", self.address(self.campaign)

    def changed_meanwhile(self) -> str:
        """Which version is in force by now."""
        return (
            f"Somebody else has saved version {self.campaign.rules_version} meanwhile. What you typed is still here: "
            "open this tab in a second window, compare, and save again."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the versions there were."""
        return super().get_context_data(
            is_over=self.campaign.state in OVER,
            is_live=self.campaign.state in (CampaignState.LIVE, CampaignState.PAUSED),
            versions=versions_of(self.campaign),
            **kwargs,
        )
