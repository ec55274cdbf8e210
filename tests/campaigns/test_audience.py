"""The compiled filter finds exactly whom the pure rules accept, and the counts say whom each rule turns away."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import audience
from campaigns.eligibility import Rule, evaluate
from customers.facts import facts_of, fields
from customers.models import Attribute, CreditScore, Customer
from tests.make import AT, make_campaign, make_customer

pytestmark = pytest.mark.django_db

ON = AT.date()
COUNTRIES = ["DE", "FR", "AT", ""]
TAGS = ["vip", "Straße", "a'b\"c", "10"]
ATTRIBUTES = {
    "points": ("number", st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 1.25, 2.0]))),
    "joined": ("date", st.sampled_from(["2024-02-29", "2024-03-01", "1999-12-31"])),
    "plan": ("choice", st.sampled_from(["gold", "silver", "Öl"])),
    "note-2": ("text", st.sampled_from(["x", "10", "true"])),
    "2024": ("yes_no", st.booleans()),
}
STRANGE = st.sampled_from(
    [None, "", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "10", 7, True, False, 2.5, [1], {"a": 1}]
)


def _value(field):
    """Values a rule on this field may have."""
    name = field.name.removeprefix("attribute.")
    if name in ATTRIBUTES:
        return ATTRIBUTES[name][1]
    return {
        "country": st.sampled_from(["DE", "FR", "AT"]),
        "region": st.sampled_from(["Bayern", "Île-de-France"]),
        "city": st.sampled_from(["Berlin", "berlin"]),
        "postcode": st.sampled_from(["10115", "75001"]),
        "language": st.sampled_from(["en", "de"]),
        "membership": st.sampled_from(["active", "prospect", "closed"]),
        "origin": st.sampled_from(["organic", "referral", "import"]),
        "tags": st.sampled_from(TAGS),
        "membership_days": st.integers(-5, 40),
        "age": st.integers(17, 30),
        "credit_score": st.integers(398, 403),
        "is_verified": st.booleans(),
    }[field.name]


@st.composite
def rule_sets(draw, available):
    rules = []
    for _ in range(draw(st.integers(0, 4))):
        field = draw(st.sampled_from(sorted(available.values(), key=lambda one: one.name)))
        operator = draw(st.sampled_from(field.operators))
        value = _value(field)
        if operator in ("one_of", "none_of"):
            value = st.lists(value, min_size=1, max_size=3)
        group = draw(st.sampled_from(["", "", "a", "b"]))
        rules.append(Rule(field.name, operator, draw(value), "A rule.", group=group))
    return rules


PEOPLE = st.fixed_dictionaries(
    {
        "country": st.sampled_from(COUNTRIES),
        "region": st.sampled_from(["Bayern", "Île-de-France", ""]),
        "city": st.sampled_from(["Berlin", "berlin", ""]),
        "postcode": st.sampled_from(["10115", "75001", ""]),
        "language": st.sampled_from(["en", "de"]),
        "membership": st.sampled_from(["active", "prospect", "lapsed", "closed"]),
        "origin": st.sampled_from(["organic", "referral", "import", "unknown"]),
        "tags": st.lists(st.sampled_from(TAGS), max_size=2),
        "member_since": st.one_of(st.none(), st.integers(-5, 40).map(lambda days: ON - timedelta(days=days))),
        "birth_year": st.one_of(st.none(), st.integers(ON.year - 30, ON.year - 17)),
        "verified_at": st.sampled_from([None, AT]),
        "attributes": st.fixed_dictionaries({}, optional={name: st.one_of(kind[1], STRANGE) for name, kind in ATTRIBUTES.items()}),
        "erased": st.sampled_from([False, False, False, True]),
    }
)
SCORES = st.lists(
    st.tuples(st.integers(398, 403), st.sampled_from(["own account history", "Consumer Report", "customer"]), st.integers(-1, 3)),
    max_size=3,
    unique_by=lambda score: score[1:],
)


def _store(person, scores):
    is_erased = person.pop("erased")
    customer = make_customer(**person)
    if is_erased:
        blank = {"name": "", "email": "", "email_key": "", "phone": "", "birth_year": None, "external_id": None}
        Customer.objects.filter(pk=customer.pk).update(erased_at=AT, **blank)
        customer.refresh_from_db()
    for score, source, days in scores:
        CreditScore.objects.create(customer=customer, score=score, source=source, scored_on=ON - timedelta(days=days))
    return customer


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_the_filter_finds_exactly_whom_the_rules_accept(data):
    for name, (kind, _) in ATTRIBUTES.items():
        Attribute.objects.get_or_create(name=name, defaults={"label": name, "type": kind})
    Customer.objects.all().delete()
    people = [_store(data.draw(PEOPLE), data.draw(SCORES)) for _ in range(6)]
    available = fields()
    for _ in range(6):
        rules = data.draw(rule_sets(available))
        found = set(audience.matching(rules, on=ON).values_list("pk", flat=True))
        assert found == {one.pk for one in people if evaluate(rules, facts_of(one, on=ON)).is_eligible}
        assert found == {one.pk for one in people if audience.judge(rules, one, on=ON).is_eligible}


@pytest.mark.parametrize(
    "rule",
    [
        Rule("shoe_size", "is", 43, "Size 43."),
        Rule("attribute.unheard", "is_not", "x", "Not x."),
        Rule("country", "at_least", "DE", "From DE on."),
        Rule("country", "is", 5, "Five."),
        Rule("country", "one_of", "DE", "A list that is none."),
        Rule("age", "is_not", "old", "Not old."),
        Rule("age", "at_least", True, "True years."),
        Rule("country", "resembles", "DE", "Like Germany."),
        Rule("is_verified", "is", "yes", "Verified."),
        Rule("membership_days", "none_of", [], "None of nothing."),
        Rule("country", "is", "", "Nowhere."),
    ],
)
def test_a_rule_that_makes_no_sense_lets_nobody_in_either_way(rule):
    asha = make_customer(birth_year=1990)
    assert not audience.judge([rule], asha, on=ON).is_eligible
    assert not audience.matching([rule], on=ON).exists()


@pytest.mark.parametrize(
    ("field", "operator", "value", "is_in"),
    [
        ("age", "at_least", 25.5, True),
        ("age", "at_least", 26.5, False),
        ("age", "at_most", 25.5, False),
        ("age", "is", 25.5, False),
        ("age", "is_not", 25.5, True),
        ("membership_days", "at_least", 10**8, False),
        ("membership_days", "at_most", 10**8, True),
        ("membership_days", "at_least", -(10**8), True),
    ],
)
def test_broken_and_enormous_numbers_are_compared_as_numbers(field, operator, value, is_in):
    asha = make_customer(birth_year=ON.year - 26)
    rule = Rule(field, operator, value, "A rule.")
    assert audience.judge([rule], asha, on=ON).is_eligible is is_in
    assert audience.matching([rule], on=ON).exists() is is_in


def test_membership_counts_full_days(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "membership_days", "at_least", 90)
    asha = make_customer(member_since=ON - timedelta(days=90))
    make_customer("Ben Meyer", member_since=ON - timedelta(days=89))
    assert list(audience.eligible(campaign, "referrer", on=ON)) == [asha]


def test_a_score_from_a_consumer_report_is_never_looked_at(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "credit_score", "at_least", 600)
    asha = make_customer()
    CreditScore.objects.create(customer=asha, score=700, source="consumer report", scored_on=ON)
    assert audience.verdict(campaign, "referrer", asha, on=ON).reasons[0].code == "unknown_fact"
    CreditScore.objects.create(customer=asha, score=650, source="own account history", scored_on=ON - timedelta(days=9))
    assert audience.verdict(campaign, "referrer", asha, on=ON).is_eligible
    assert list(audience.eligible(campaign, "referrer", on=ON)) == [asha]


def test_the_newest_score_counts_and_none_from_the_future(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "credit_score", "at_least", 600)
    asha = make_customer()
    for score, days in ((700, 30), (500, 3), (900, -3)):
        CreditScore.objects.create(customer=asha, score=score, source="own", scored_on=ON - timedelta(days=days))
    assert not audience.verdict(campaign, "referrer", asha, on=ON).is_eligible
    assert audience.verdict(campaign, "referrer", asha, on=ON + timedelta(days=3)).is_eligible


def test_scores_are_read_only_when_a_rule_asks(django_assert_num_queries):
    asha = make_customer()
    with django_assert_num_queries(0):
        audience.judge([Rule("country", "is", "DE", "Living in Germany.")], asha, on=ON)


def test_each_side_has_its_own_rules(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "country", "is", "FR", side="referee")
    make_customer()
    assert audience.eligible(campaign, "referrer", on=ON).count() == 1
    assert audience.eligible(campaign, "referee", on=ON).count() == 0


def test_rules_of_an_earlier_version_can_still_be_asked(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "country", "is", "FR")
    campaign.rules_version = 2
    campaign.save()
    asha = make_customer()
    assert audience.verdict(campaign, "referrer", asha, on=ON).is_eligible
    assert not audience.verdict(campaign, "referrer", asha, on=ON, version=1).is_eligible


def test_turned_away_counts_per_rule_in_one_query(add_rule, django_assert_num_queries):
    campaign = make_campaign()
    add_rule(campaign, "country", "is", "DE", "Living in Germany.")
    add_rule(campaign, "membership_days", "at_least", 90, "A member for at least 90 days.")
    make_customer()
    make_customer("Ben Meyer", country="FR", member_since=ON)
    make_customer("Chloe Roux", country="", member_since=None)
    make_customer("Gone", membership="closed", country="FR")
    with django_assert_num_queries(2):
        counts = audience.turned_away(campaign, "referrer", on=ON)
    assert counts == [
        ("Living in Germany.", 1),
        ("Living in Germany. Not known: country.", 1),
        ("A member for at least 90 days.", 1),
        ("A member for at least 90 days. Not known: days as a member.", 1),
    ]


def test_turned_away_counts_a_group_once(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "country", "is", "DE", "Living in Germany.", group="who")
    add_rule(campaign, "age", "at_least", 21, "At least 21.", group="who")
    make_customer(birth_year=None)
    make_customer("Ben Meyer", country="FR", birth_year=None)
    make_customer("Chloe Roux", country="FR", birth_year=ON.year - 20)
    words = "One of these: Living in Germany; At least 21."
    assert audience.turned_away(campaign, "referrer", on=ON) == [(words, 1), (f"{words} Not known: country, age.", 1)]


def test_turned_away_survives_a_rule_that_makes_no_sense(add_rule):
    campaign = make_campaign()
    add_rule(campaign, "shoe_size", "is", 43, "Size 43.")
    make_customer()
    assert audience.turned_away(campaign, "referrer", on=ON) == [("Size 43.", 0), ("Size 43. Not known: shoe size.", 1)]


def test_without_rules_nobody_is_turned_away():
    assert audience.turned_away(make_campaign(), "referrer", on=ON) == []


def test_the_audience_is_one_query(add_rule, django_assert_num_queries):
    campaign = make_campaign()
    add_rule(campaign, "age", "at_least", 18)
    add_rule(campaign, "credit_score", "at_least", 400)
    add_rule(campaign, "tags", "one_of", ["vip"])
    rules = audience.rules_of(campaign, "referrer")
    with django_assert_num_queries(1):
        list(audience.matching(rules, on=date(2026, 3, 2)))


def test_all_reasons_can_be_said_at_once():
    asha = make_customer(country="FR", birth_year=None)
    verdict = audience.judge(
        [Rule("country", "is", "DE", "Living in Germany."), Rule("age", "at_least", 18, "An adult.")], asha, on=ON
    )
    assert audience.reasons_in_words(verdict) == "Living in Germany. An adult. Not known: age."
