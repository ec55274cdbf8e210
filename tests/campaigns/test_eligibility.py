"""Rules and facts in, a verdict with reasons out."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.eligibility import OPERATORS, Rule, evaluate, is_met, not_known, requirements, wording
from campaigns.fact_words import fact_called
from campaigns.states import Operator

GERMANY = Rule("country", "is", "DE", "Living in Germany.")
LONG_MEMBER = Rule("membership_days", "at_least", 90, "A member for at least 90 days.", label="Days as a member")


def test_no_rules_let_everybody_in():
    assert evaluate([], {}).is_eligible


def test_every_lone_rule_must_be_met_and_each_failure_is_a_reason():
    verdict = evaluate([GERMANY, LONG_MEMBER], {"country": "FR", "membership_days": 10})
    assert not verdict.is_eligible
    assert [(reason.code, reason.sentence, reason.field) for reason in verdict.reasons] == [
        ("not_met", "Living in Germany.", "country"),
        ("not_met", "A member for at least 90 days.", "membership_days"),
    ]


def test_one_rule_of_a_group_is_enough():
    rules = [
        Rule("country", "is", "DE", "Living in Germany.", group="where"),
        Rule("country", "is", "AT", "Living in Austria.", group="where"),
        LONG_MEMBER,
    ]
    assert evaluate(rules, {"country": "AT", "membership_days": 90}).is_eligible
    assert not evaluate(rules, {"country": "AT", "membership_days": 89}).is_eligible
    reason = evaluate(rules, {"country": "FR", "membership_days": 90}).reasons[0]
    assert reason.sentence == "One of these: Living in Germany; Living in Austria."


def test_rules_without_a_group_are_not_alternatives_of_each_other():
    assert len(requirements([GERMANY, LONG_MEMBER])) == 2


@pytest.mark.parametrize("facts", [{}, {"membership_days": None}])
def test_an_unknown_fact_refuses_and_says_what_is_not_known(facts):
    verdict = evaluate([LONG_MEMBER], facts)
    assert not verdict.is_eligible
    assert verdict.reasons[0].code == "unknown_fact"
    assert verdict.reasons[0].sentence == "A member for at least 90 days. Not known: days as a member."


def test_what_staff_called_a_fact_is_said_as_they_wrote_it_and_our_own_words_begin_small():
    rules = [
        Rule("attribute.level", "is", "gold", "Gold.", label="VIP-Stufe"),
        Rule("membership_days", "at_least", 90, "A member.", label="Days as a member"),
        Rule("attribute.shoe_size", "is", 43, "Size 43."),
    ]
    assert not_known(rules) == "Not known: VIP-Stufe, days as a member, shoe size."
    with translation.override("de"):
        assert [fact_called(rule) for rule in rules] == ["VIP-Stufe", "Tage als Mitglied", "shoe size"]


def test_a_known_alternative_makes_up_for_an_unknown_one():
    rules = [Rule("age", "at_least", 21, "At least 21.", group="g"), Rule("is_verified", "is", True, "Confirmed.", group="g")]
    assert evaluate(rules, {"age": None, "is_verified": True}).is_eligible
    assert evaluate(rules, {"age": None, "is_verified": False}).reasons[0].code == "unknown_fact"


def test_even_a_negative_rule_refuses_what_is_not_known():
    assert not evaluate([Rule("country", "is_not", "DE", "Abroad.")], {"country": None}).is_eligible


@pytest.mark.parametrize(("facts", "code"), [({"is_erased": True}, "erased"), ({"membership": "closed"}, "closed")])
def test_erased_and_closed_customers_are_never_eligible(facts, code):
    verdict = evaluate([], facts)
    assert [reason.code for reason in verdict.reasons] == [code]


@pytest.mark.parametrize(
    ("operator", "fact", "value", "answer"),
    [
        ("is", "DE", "DE", True),
        ("is", "DE", "de", False),
        ("is_not", "DE", "FR", True),
        ("one_of", "DE", ["FR", "DE"], True),
        ("none_of", "DE", ["FR", "DE"], False),
        ("none_of", "DE", ["FR"], True),
        ("one_of", "DE", [], False),
        ("none_of", "DE", [], False),
        ("one_of", "DE", "DE", False),
        ("at_least", 90, 90, True),
        ("at_least", 89, 90, False),
        ("at_most", Decimal("1.5"), 1.5, True),
        ("at_least", "DE", "AA", False),
        ("is", True, 1, False),
        ("is", 1, True, False),
        ("is_not", True, False, True),
        ("at_least", True, False, False),
        ("is", date(2024, 2, 29), "2024-02-29", True),
        ("at_least", date(2024, 3, 1), "2024-02-29", True),
        ("at_most", date(2024, 3, 1), "2024-02-29", False),
        ("is_not", date(2024, 3, 1), "soon", False),
        ("is_not", date(2024, 3, 1), "20240229", False),
        ("is_not", date(2024, 3, 1), 20240229, False),
        ("is", frozenset({"vip"}), "vip", True),
        ("is_not", frozenset({"vip"}), "vip", False),
        ("is_not", frozenset(), "vip", True),
        ("one_of", frozenset({"vip", "press"}), ["press", "staff"], True),
        ("none_of", frozenset({"vip", "press"}), ["staff"], True),
        ("at_least", frozenset({"vip"}), "vip", False),
        ("is_not", "DE", 5, False),
        ("resembles", "DE", "DE", False),
    ],
)
def test_each_operator_means_what_it_says(operator, fact, value, answer):
    assert is_met(operator, fact, value) is answer


def test_the_pure_operators_are_those_of_the_campaign():
    assert set(Operator.values) == OPERATORS


def test_a_lone_requirement_is_worded_as_it_is():
    assert wording((GERMANY,)) == "Living in Germany."
