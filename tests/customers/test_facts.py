"""What is known of a customer on a day."""

from datetime import date, timedelta

import pytest

from customers.facts import FIELDS, FactKind, day_of, facts_of, fields, fields_of, typed
from customers.models import Attribute, CreditScore
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db
ON = AT.date()


def test_the_facts_of_a_customer_are_plain_values():
    asha = make_customer(region="Berlin", city="Berlin", postcode="10115", tags=["vip", 7], birth_year=1990, verified_at=AT)
    facts = facts_of(asha, on=ON)
    assert facts == {
        "country": "DE",
        "region": "Berlin",
        "city": "Berlin",
        "postcode": "10115",
        "language": "en",
        "membership": "active",
        "origin": "import",
        "tags": frozenset({"vip"}),
        "membership_days": 730,
        "age": 36,
        "credit_score": None,
        "is_verified": True,
        "is_erased": False,
    }


def test_what_is_not_known_is_none():
    facts = facts_of(make_customer(country="", member_since=None, birth_year=None, origin="unknown"), on=ON)
    assert [facts[name] for name in ("country", "membership_days", "age", "origin", "credit_score")] == [None] * 5
    assert facts["tags"] == frozenset()
    assert facts["is_verified"] is False


def test_the_newest_lawful_score_is_the_score():
    asha = make_customer()
    for score, source, days in ((600, "own", 9), (700, "own", 2), (800, "Consumer Report", 1), (900, "own", -1)):
        CreditScore.objects.create(customer=asha, score=score, source=source, scored_on=ON - timedelta(days=days))
    assert facts_of(asha, on=ON)["credit_score"] == 700


def test_only_what_is_asked_is_read(django_assert_num_queries):
    asha = make_customer()
    with django_assert_num_queries(0):
        assert facts_of(asha, on=ON, only=["country"]) == {"country": "DE", "membership": "active", "is_erased": False}


def test_declared_attributes_are_facts_of_their_type():
    for name, kind in (("points", "number"), ("joined", "date"), ("note", "text"), ("opted", "yes_no"), ("plan", "choice")):
        Attribute.objects.create(name=name, label=name, type=kind)
    values = {"points": 5, "joined": "2024-02-29", "note": "x", "opted": False, "plan": "gold", "secret": 1}
    facts = facts_of(make_customer(attributes=values), on=ON)
    assert {name: value for name, value in facts.items() if name.startswith("attribute.")} == {
        "attribute.points": 5,
        "attribute.joined": date(2024, 2, 29),
        "attribute.note": "x",
        "attribute.opted": False,
        "attribute.plan": "gold",
    }


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "5"), ("number", True), ("number", float("nan")), ("date", "2023-02-29"), ("date", "20240229"),
        ("date", 20240229), ("yes_no", "yes"), ("yes_no", 1), ("text", ""), ("text", 5), ("choice", None),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_not_known(kind, value):
    assert typed(FactKind(kind), value) is None


def test_days_are_written_one_way_only():
    assert day_of("2024-02-29") == date(2024, 2, 29)
    assert day_of("2024-W09-4") is None


def test_attributes_become_fields_with_their_choices_and_sensitivity():
    Attribute.objects.create(name="plan", label="Plan", type="choice", choices=["gold"], is_sensitive=True)
    field = fields()["attribute.plan"]
    assert (field.label, field.kind, field.choices, field.is_sensitive) == ("Plan", FactKind.CHOICE, ("gold",), True)
    assert set(fields()) == {*FIELDS, "attribute.plan"}
    assert set(fields_of(["attribute.plan", "attribute.none", "age", "none"])) == {"attribute.plan", "age"}


def test_age_and_score_are_sensitive_and_there_is_no_gender():
    assert {name for name, field in FIELDS.items() if field.is_sensitive} == {"age", "credit_score"}
    assert "gender" not in FIELDS


def test_every_kind_has_its_operators():
    assert FIELDS["age"].operators == ("is", "is_not", "one_of", "none_of", "at_least", "at_most")
    assert FIELDS["is_verified"].operators == ("is", "is_not")
    assert "at_least" not in FIELDS["country"].operators
