"""Everybody who qualifies gets one code, once."""

import pytest

from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns.models import Campaign, EligibilityRule
from referrals import issuing
from referrals.lookup import find_code
from referrals.models import Code
from referrals.refusals import ReferralRefused
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db


def _german_rule(campaign: Campaign) -> None:
    EligibilityRule.objects.create(
        campaign=campaign, version=1, side="referrer", field="country", operator="is", value="DE", sentence="You live in Germany."
    )


def test_everybody_who_qualifies_gets_a_code_tied_to_campaign_and_model(campaign: Campaign) -> None:
    _german_rule(campaign)
    asha, chloe = make_customer("Asha Rao"), make_customer("Chloe Doyle", country="FR")
    report = issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    code = Code.objects.get(customer=asha)
    assert (code.campaign, code.equipment_model) == (campaign, campaign.equipment_model)
    assert not Code.objects.filter(customer=chloe).exists()
    assert (report.eligible, report.issued, report.already) == (1, 1, 0)
    assert report.turned_away == [("You live in Germany.", 1)]


def test_running_it_twice_issues_none_twice(campaign: Campaign) -> None:
    for n in range(30):
        make_customer(f"Person {n}")
    issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    again = issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    assert (again.issued, again.already, Code.objects.count()) == (0, 30, 30)
    assert Entry.objects.filter(event="code.issued").count() == 30


def test_two_codes_that_meet_are_drawn_again(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        make_customer(f"Person {n}")
    drawn = iter(["AAAAAAAAAA", "AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC", "DDDDDDDDDD"])
    monkeypatch.setattr(issuing, "new_code", lambda: next(drawn))
    report = issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    assert report.issued == Code.objects.count() == 3


def test_codes_are_issued_only_while_the_campaign_is_live(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    campaign.refresh_from_db()
    with pytest.raises(ReferralRefused, match="campaign_not_live"):
        issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)


def test_eve_may_not_issue_codes(campaign: Campaign, django_user_model: type) -> None:
    eve = django_user_model.objects.create_user("eve")
    with pytest.raises(Exception, match=r"referrals\.issue_codes"):
        issuing.issue_codes(campaign=campaign, at=AT, by=staff(eve))


def test_a_code_is_found_as_people_type_it(code: Code) -> None:
    spaced = f" {code.code[:5].lower()}-{code.code[5:].lower().replace('0', 'o').replace('1', 'l')} "
    assert find_code(spaced) == code
    assert find_code("") is None
    assert find_code("x" * 500) is None
    assert find_code("NO\x00PE") is None


def test_a_revoked_code_stays_revoked(code: Code) -> None:
    issuing.revoke(code=code, reason="Shared on a coupon site.", at=AT, by=SYSTEM)
    with pytest.raises(ReferralRefused, match="wrong_state"):
        issuing.resume(code=code, reason="Please.", at=AT, by=SYSTEM)
