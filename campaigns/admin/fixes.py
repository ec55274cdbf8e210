"""Which tab of a campaign mends a check that is not well."""

from django.urls import reverse

from campaigns.admin.tabs import address_of_tab
from campaigns.models import Campaign
from campaigns.readiness import Check

_TABS = {
    "terms": "terms",
    "loan_terms": "terms",
    "tiers": "tiers",
    "rules": "rules",
    "audience": "rules",
    "dates": "set-up",
}
_PAGES = {
    "pools": "admin:equipment_pool_changelist",
    "units": "admin:equipment_unit_changelist",
    "stock": "admin:equipment_pool_changelist",
}


def register_fix(code: str, tab: str) -> None:
    """Say that the check `code` of an upper floor is mended on the tab of this slug; the same code replaces."""
    _TABS[code] = tab


def address_of_fix(check: Check, campaign: Campaign) -> str:
    """Where to go to mend this; the page of the campaign when no tab is named for it."""
    if check.code in _PAGES:
        return reverse(_PAGES[check.code])
    return address_of_tab(_TABS.get(check.code, ""), campaign)
