"""What is wrong with a rule is said by its key."""

import pytest

from campaigns.recipe_parts import RulePart
from campaigns.rule_checks import all_problems, problems_of
from customers.facts import fields
from customers.models import Attribute


def rule(**changes):
    values = {"side": "referrer", "field": "country", "operator": "is", "value": "DE", "sentence": "Living in Germany.", **changes}
    return RulePart(**values)


def keys(**changes):
    return [key for key, _ in problems_of(rule(**changes))]


def words(**changes):
    return " ".join(problem for _, problem in problems_of(rule(**changes)))


def test_a_good_rule_has_no_problem():
    assert problems_of(rule()) == []


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"side": "friend"}, "side", "allowed: referrer, referee"),
        ({"sentence": ""}, "sentence", "as customers read it"),
        ({"sentence": "x" * 201}, "sentence", "at most 200"),
        ({"field": "contry"}, "field", "did you mean “country”?"),
        ({"field": "gender"}, "field", "is not known"),
        ({"field": "attribute."}, "field", "not declared"),
        ({"operator": "at_least"}, "operator", "allowed: is, is_not, one_of, none_of"),
        ({"operator": "one_of"}, "value", "needs a list"),
        ({"operator": "one_of", "value": ()}, "value", "needs a list"),
        ({"value": ("DE", "FR")}, "value", "use one_of or none_of"),
        ({"value": 5}, "value", "is not a text"),
        ({"value": "UK"}, "value", "is not a country"),
        ({"field": "city", "value": " Berlin"}, "value", "without spaces at its ends"),
        ({"field": "city", "value": "Ber\x00lin"}, "value", "plain characters"),
        ({"field": "membership", "value": "activ"}, "value", "did you mean “active”?"),
        ({"field": "is_verified", "value": "yes"}, "value", "true or false"),
        ({"field": "membership_days", "value": "90"}, "value", "is not a number"),
        ({"field": "membership_days", "value": True}, "value", "is not a number"),
        ({"field": "membership_days", "value": 1.5}, "value", "whole number"),
        ({"field": "membership_days", "value": -1}, "value", "whole number"),
        ({"field": "membership_days", "value": 10**10}, "value", "too far from zero"),
        ({"source": "own account history"}, "source", "credit_score only"),
    ],
)
def test_each_problem_names_its_key(changes, key, said):
    assert keys(**changes) == [key]
    assert said in words(**changes)


@pytest.mark.parametrize("name", ["age", "credit_score"])
def test_a_sensitive_rule_needs_a_written_reason(name):
    changes = {"field": name, "operator": "at_least", "value": 18, "source": "customer gave it" if name == "credit_score" else ""}
    assert keys(**changes) == ["justification"]
    assert keys(**changes, justification="The insurer asks for it.") == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "is missing"),
        ("a friend", "is not known"),
        ("consumer report", "may not be used"),
        ("Consumer Report", "may not be used"),
    ],
)
def test_a_score_needs_a_lawful_source(source, said):
    changes = {
        "field": "credit_score",
        "operator": "at_least",
        "value": 600,
        "justification": "Deposit-free loans.",
        "source": source,
    }
    assert keys(**changes) == ["source"]
    assert said in words(**changes)


@pytest.mark.django_db
def test_attributes_are_checked_by_their_declaration():
    Attribute.objects.create(name="plan", label="Plan", type="choice", choices=["gold", "silver"], is_sensitive=True)
    Attribute.objects.create(name="joined", label="Joined", type="date")
    rules = [
        rule(field="attribute.plan", value="bronze"),
        rule(field="attribute.joined", operator="at_least", value="2023-02-29"),
        rule(field="attribute.shoes", value="43"),
    ]
    assert all_problems(rules, fields()) == [
        "rules[1].value: “bronze” is not known; allowed: gold, silver",
        "rules[1].justification: is missing; attribute.plan is sensitive, so write why this campaign may use it",
        "rules[2].value: “2023-02-29” is not a day; write it as YYYY-MM-DD",
        "rules[3].field: the attribute “shoes” is not declared; declare it under Attributes first",
    ]
    assert all_problems(rules) == []
