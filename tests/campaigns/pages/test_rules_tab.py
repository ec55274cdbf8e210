"""The tab on which rules are read, tried and changed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns import audience
from campaigns.models import Campaign, EligibilityRule
from campaigns.rule_versions import versions_of
from customers.models import Attribute, CreditScore
from referrals import issuing
from tests.make import AT, make_campaign, make_customer

pytestmark = pytest.mark.django_db

NINETY = {"field": "membership_days", "operator": "at_least", "value": "90"}


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/{campaign.slug}/rules/"


def typed(*rules: dict[str, Any], version: int = 1, **more: Any) -> dict[str, Any]:
    """The rules as the page sends them, on the referrer's side unless said otherwise."""
    data: dict[str, Any] = {"total": len(rules), "base": version, **more}
    for n, rule in enumerate(rules):
        data |= {f"rules-{n}-{name}": value for name, value in {"side": "referrer", **rule}.items()}
    return data


def count_in(text: str) -> int:
    """The number of customers the page says qualify."""
    found = re.search(r'class="rule-count"><b>([\d,]+)</b>', text)
    assert found, "the page says no count"
    return int(found[1].replace(",", ""))


@pytest.fixture
def people() -> list[Any]:
    """Three members of two years, and one of ten days."""
    return [make_customer(f"Member {n}") for n in range(3)] + [
        make_customer("Chloe Lund", member_since=AT.date() - timedelta(days=10))
    ]


def test_the_count_on_the_page_is_that_of_issuing_codes(manager: Client, add_rule: Any, people: list[Any]) -> None:
    campaign = make_campaign()
    add_rule(campaign, "membership_days", "at_least", 90)
    page = manager.get(address(campaign)).content.decode()
    report = issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    assert count_in(page) == report.eligible == 3
    assert report.turned_away == [("A rule.", 1)]
    assert re.search(r"<td>A rule\.</td><td class=\"num\">1</td>", page)


def test_a_change_is_counted_before_it_is_saved(manager: Client, people: list[Any]) -> None:
    campaign = make_campaign()
    live = manager.get(address(campaign), typed(NINETY, part="live")).content.decode()
    assert "<html" not in live and count_in(live) == 3
    assert "1 fewer" in live and "Nothing is saved yet" in live
    shown = manager.post(address(campaign), typed(NINETY, action="show")).content.decode()
    assert count_in(shown) == 3
    assert not EligibilityRule.objects.exists() and not Entry.objects.exists()


def test_saving_puts_a_new_version_in_force_with_a_sentence_made_from_the_rule(manager: Client, people: list[Any]) -> None:
    campaign = make_campaign()
    answer = manager.post(address(campaign), typed(NINETY, action="save"))
    assert answer.status_code == 302
    rule = EligibilityRule.objects.get(campaign=campaign, version=2)
    assert (rule.value, rule.sentence) == (90, "A member for at least 90 days.")
    assert Entry.objects.get(event="campaign.rules_changed").subject_reference == campaign.slug
    campaign.refresh_from_db()
    assert (
        count_in(manager.get(address(campaign)).content.decode()) == audience.eligible(campaign, "referrer", on=AT.date()).count()
    )


def test_a_sentence_of_ones_own_stays_and_a_made_one_follows_the_rule(manager: Client) -> None:
    campaign = make_campaign()
    made = "A member for at least 30 days."
    shown = manager.post(address(campaign), typed({**NINETY, "sentence": made, "made": made}, action="show")).content.decode()
    assert 'value="A member for at least 90 days."' in shown
    own = manager.post(address(campaign), typed({**NINETY, "sentence": "With us a while.", "made": made}, action="show"))
    assert 'value="With us a while."' in own.content.decode()


def test_several_values_groups_and_attributes_are_saved_as_rules_hold_them(manager: Client) -> None:
    campaign = make_campaign()
    Attribute.objects.create(name="seats", label="Seats", type="number")
    rules = (
        {"field": "country", "operator": "one_of", "value": ["DE", "FR"], "group": "A"},
        {"field": "attribute.seats", "operator": "at_least", "value": "2.5", "group": "A"},
        {"field": "is_verified", "operator": "is", "value": "yes", "side": "referee"},
        {"field": "tags", "operator": "one_of", "value": "vip, gold"},
    )
    assert manager.post(address(campaign), typed(*rules, action="save")).status_code == 302
    stored = list(EligibilityRule.objects.filter(version=2).order_by("id").values_list("side", "group", "value", "sentence"))
    assert stored == [
        ("referrer", "A", ["DE", "FR"], "Living in Germany or France."),
        ("referrer", "A", 2.5, "Seats is at least 2.5."),
        ("referee", "", True, "With an e-mail address that is confirmed."),
        ("referrer", "", ["vip", "gold"], "In the group “vip” or “gold”."),
    ]
    page = manager.get(address(campaign)).content.decode()
    assert "One of these is enough" in page and page.count('<option value="DE" selected>') == 1


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({**NINETY, "value": "ninety"}, "“ninety” is not a number."),
        ({**NINETY, "value": ""}, "Give a value."),
        ({"field": ""}, "Choose a field, or remove this rule."),
        ({"field": "age", "operator": "at_least", "value": "18"}, "Write why this campaign may use it."),
        ({"field": "country", "operator": "is", "value": "XX"}, "Select a valid choice."),
        ({**NINETY, "operator": "contains", "value": "a great many"}, "“a great many” is not a number."),
    ],
)
def test_what_is_wrong_is_said_at_the_rule_and_what_was_typed_stays(manager: Client, rule: dict[str, str], says: str) -> None:
    campaign = make_campaign()
    answer = manager.post(address(campaign), typed(rule, action="save"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    if rule.get("field") == "membership_days" and rule["value"]:
        assert f'value="{rule["value"]}"' in text
    assert not EligibilityRule.objects.exists()


def test_a_rule_is_added_and_removed_by_buttons_alone(manager: Client) -> None:
    campaign = make_campaign()
    added = manager.post(address(campaign), typed(NINETY, action="add:referee")).content.decode()
    assert 'name="rules-1-side" value="referee"' in added and 'id="id_rules-1-field"' in added
    removed = manager.post(address(campaign), typed(NINETY, NINETY, action="remove:0")).content.decode()
    assert 'id="id_rules-0-field"' not in removed and 'id="id_rules-1-field"' in removed


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(manager: Client) -> None:
    campaign = make_campaign()
    manager.post(address(campaign), typed(NINETY, action="save"))
    answer = manager.post(address(campaign), typed({**NINETY, "value": "30"}, action="save"))
    assert answer.status_code == 422 and "Somebody else has saved version 2" in answer.content.decode()
    assert list(EligibilityRule.objects.values_list("value", flat=True)) == [90]


def test_why_not_chloe(manager: Client, add_rule: Any, people: list[Any]) -> None:
    campaign = make_campaign()
    add_rule(campaign, "membership_days", "at_least", 365, sentence="A member for a year.")
    for words in ("chlo", people[3].email.upper(), people[3].reference, people[3].external_id):
        text = manager.get(address(campaign), {"q": words}).content.decode()
        assert "Does not qualify" in text, words
        assert "Known: 10 days." in text and "Met from 20 Feb 2027 on." in text and "Qualifies from 20 Feb 2027 on" in text
    assert "Which one?" in manager.get(address(campaign), {"q": "member"}).content.decode()
    assert "No customer fits" in manager.get(address(campaign), {"q": "zebra"}).content.decode()


def test_what_a_role_may_not_see_is_judged_and_not_told(eve: Client, manager: Client, add_rule: Any) -> None:
    campaign = make_campaign()
    add_rule(campaign, "age", "at_least", 18, sentence="Aged 18 or over.")
    make_customer("Chloe Lund", birth_year=2010)
    told = manager.get(address(campaign), {"q": "chloe"}).content.decode()
    assert "Known: 16 years." in told and "1 Jan 2028" in told
    for name in ("view_customer", "view_eligibilityrule"):
        assert eve.get("/admin/").wsgi_request.user.has_perm(f"{'customers' if 'customer' in name else 'campaigns'}.{name}")
    hidden = eve.get(address(campaign), {"q": "chloe"}).content.decode()
    assert "Does not qualify" in hidden and "Known: not shown to your role." in hidden
    assert "16 years" not in hidden and "2028" not in hidden


def test_a_customer_is_tried_by_the_rules_as_typed(manager: Client, people: list[Any]) -> None:
    campaign = make_campaign()
    tried = typed({**NINETY, "value": "5"}, action="try", q="Chloe")
    assert ">Qualifies<" in manager.post(address(campaign), tried).content.decode()


def test_a_score_is_looked_at_only_with_its_permission_and_the_look_is_recorded(
    manager: Client, administrator: Client, add_rule: Any
) -> None:
    campaign = make_campaign()
    add_rule(campaign, "credit_score", "at_least", 600, source="own account history")
    chloe = make_customer("Chloe Lund")
    CreditScore.objects.create(customer=chloe, score=587, source="own account history", scored_on=AT.date())
    for client in (manager, administrator):
        text = client.get(address(campaign), {"q": "chloe"}).content.decode()
        assert "Hangs on the credit score" in text and "587" not in text
    assert manager.post(address(campaign), {"action": "look", "q": "chloe"}).status_code == 403
    assert not Entry.objects.filter(event="customer.score_read").exists()
    seen = administrator.post(address(campaign), {"action": "look", "q": "chloe"}).content.decode()
    assert "Known: 587." in seen and "Does not qualify" in seen
    assert Entry.objects.get(event="customer.score_read").subject_reference == chloe.reference


def test_nobody_learns_scores_by_counting(manager: Client) -> None:
    campaign = make_campaign()
    rule = {
        "field": "credit_score",
        "operator": "at_least",
        "value": "600",
        "source": "own account history",
        "justification": "Risk",
    }
    text = manager.get(address(campaign), typed(rule, part="live")).content.decode()
    assert "needs the permission to read credit scores" in text and "rule-count" not in text
    assert manager.post(address(campaign), typed(rule, action="save")).status_code == 403


def test_the_auditor_reads_and_tries_but_changes_nothing(eve: Client, add_rule: Any, people: list[Any]) -> None:
    campaign = make_campaign()
    add_rule(campaign, "membership_days", "at_least", 90, sentence="A member for a while.")
    text = eve.get(address(campaign)).content.decode()
    assert "A member for a while." in text and "Save as version" not in text
    assert "Does not qualify" in eve.post(address(campaign), {"action": "try", "q": "chloe"}).content.decode()
    for action in ("save", "add:referrer", "remove:0"):
        assert eve.post(address(campaign), typed(NINETY, action=action)).status_code == 403
    assert EligibilityRule.objects.count() == 1


def test_the_handover_desk_does_not_open_it(desk: Client) -> None:
    assert desk.get(address(make_campaign())).status_code == 403


def test_the_rules_of_an_ended_campaign_are_only_read(manager: Client) -> None:
    campaign = make_campaign(state="ended")
    assert "do not change any more" in manager.get(address(campaign)).content.decode()
    assert manager.post(address(campaign), typed(NINETY, action="save")).status_code == 403


def test_each_version_says_what_was_decided_under_it(manager: Client, people: list[Any]) -> None:
    campaign = make_campaign()
    issuing.issue_codes(campaign=campaign, at=AT, by=SYSTEM)
    manager.post(address(campaign), typed(NINETY, action="save"))
    campaign.refresh_from_db()
    found = {
        version.number: (version.is_in_force, dict(version.decided).get("Codes"), version.by) for version in versions_of(campaign)
    }
    assert found == {2: (True, 0, "staff:marketing"), 1: (False, 4, "")}


def test_the_page_asks_as_often_for_many_rules_and_customers_as_for_few(manager: Client, add_rule: Any) -> None:
    campaign = make_campaign()
    add_rule(campaign, "membership_days", "at_least", 90)
    counts = []
    for _ in range(2):
        make_customer()
        manager.get(address(campaign))
        with CaptureQueriesContext(connection) as queries:
            manager.get(address(campaign), {"q": "asha"})
        counts.append(len(queries))
        for _ in range(5):
            make_customer()
            add_rule(campaign, "country", "one_of", ["DE", "FR"])
    assert counts[0] >= counts[1]
