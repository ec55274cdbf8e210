"""What the tests about campaigns share."""

import pytest

from audit.models import Entry
from campaigns.models import EligibilityRule


@pytest.fixture
def add_rule():
    """Write a rule to a campaign."""

    def add(campaign, field, operator, value, sentence="A rule.", **changes):
        sensitive = field in ("age", "credit_score")
        values = {
            "version": campaign.rules_version,
            "side": "referrer",
            "is_sensitive": sensitive,
            "justification": "Safety on the road" if sensitive else "",
            **changes,
        }
        return EligibilityRule.objects.create(
            campaign=campaign, field=field, operator=operator, value=value, sentence=sentence, **values
        )

    return add


@pytest.fixture
def trail_of():
    """The events recorded about a subject, oldest first."""

    def events(reference):
        return list(Entry.objects.filter(subject_reference=reference).order_by("n").values_list("event", flat=True))

    return events
