"""The story of a row on its page: the newest of it, and the way to the rest for who may read the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audit import trail
from audit.actors import SYSTEM
from tests.admin.conftest import As
from tests.make import AT, make_campaign


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "leads_on"), [("Auditor", True), ("Approver", False)])
def test_a_long_story_is_cut_and_leads_whoever_may_to_all_of_it(role: str, leads_on: bool, signed_in_as: As) -> None:
    campaign = make_campaign()
    for n in range(25):
        trail.record("campaign.paused", about=campaign, by=SYSTEM, at=AT + timedelta(days=n), reason=f"Reason {n}.")
    page = signed_in_as(role).get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()
    assert "Reason 24." in page
    assert "Reason 4." not in page
    assert page.index("Reason 24.") < page.index("Reason 23.") < page.index("Reason 5."), "the newest first"
    assert "The newest 20 entries." in page
    assert (f"{reverse('admin:audit_search')}?text={campaign.slug}" in page) is leads_on
