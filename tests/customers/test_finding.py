"""Finding people by what somebody typed, with an index for each way."""

import re

import pytest
from django.db import connection, transaction
from django.db.models.functions import Upper

from customers import finding
from customers.models import Customer
from customers.surnames import Surname
from desk.beginnings import Begins
from tests.make import make_customer

pytestmark = pytest.mark.django_db

TYPED = ["cus_nobody", "C-7", "+49 151 000", "nobody@example.com", "Asha", "50%_off\\", "é", "ß", "'"]


@pytest.fixture
def people() -> list[Customer]:
    """Four whose names differ in what matters: capitals, accents, signs that patterns know, and one word alone."""
    return [make_customer(name) for name in ("Asha Navarro", "ana van Dyk", "Émile Åström", "50%_off", "Cher")]


def names(text: str) -> list[str]:
    """Whom both ways to ask find."""
    found = sorted(str(one) for one in finding.people(text))
    assert sorted(str(one) for one in Customer.objects.filter(pk__in=finding.keys(text))) == found
    return found


def test_a_name_or_surname_is_found_by_how_it_begins_in_any_case(people: list[Customer]) -> None:
    assert names("asha n") == names("NAVA") == ["Asha Navarro"]
    assert names("a") == ["Asha Navarro", "ana van Dyk"]
    assert names("VAN D") == ["ana van Dyk"]
    assert names("che") == ["Cher"]
    assert names("Émi") == names("Åst") == ["Émile Åström"]
    assert names("dyk") == names("sha") == names("") == names("  ") == []


def test_signs_that_mean_something_in_a_pattern_are_letters(people: list[Customer]) -> None:
    assert names("50%") == names("50%_") == ["50%_off"]
    assert names("%") == names("_") == names("A%a") == names("\\") == []


def test_a_key_is_found_only_whole_and_an_erased_address_never(people: list[Customer]) -> None:
    asha = people[0]
    Customer.objects.filter(pk=asha.pk).update(external_id="C-7", phone="+4915100")
    assert names("C-7") == names("+49 151 00") == names(asha.reference) == names(asha.email.upper()) == ["Asha Navarro"]
    assert names("C-") == names("+49151") == names(asha.email[:-1]) == []


def test_not_more_are_looked_up_for_a_list_than_it_needs(monkeypatch: pytest.MonkeyPatch, people: list[Customer]) -> None:
    monkeypatch.setattr(finding, "MOST", 1)
    assert len(finding.keys("a")) == 1


@pytest.mark.parametrize("text", TYPED)
def test_nobody_reads_all_customers_to_find_one(people: list[Customer], text: str) -> None:
    for query in (finding.people(text).values("pk").order_by().query, *map(_way, finding._ways(text))):
        plan = explained_of(query)
        assert not reads_all(plan), plan


def test_a_search_that_reads_all_customers_is_found_out(people: list[Customer]) -> None:
    assert reads_all(explained_of(Customer.objects.filter(name__icontains="a").order_by().values("name", "phone").query))
    assert reads_all(explained_of(Customer.objects.filter(Begins(Upper("city"), "a")).order_by().values("city").query))
    assert not reads_all(explained_of(Customer.objects.filter(Begins(Surname("name"), "a")).order_by().values("city").query))


def _way(way: object) -> object:
    return Customer.objects.filter(way).order_by().values("pk").query  # type: ignore[arg-type]


def explained_of(query: object) -> str:
    """The plan of a query when rows are so many that an index is worth its while."""
    sql, values = query.sql_with_params()  # type: ignore[attr-defined]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            cursor.execute("RESET enable_seqscan")
            return plan
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


def reads_all(plan: str) -> bool:
    """Whether a table is read from end to end."""
    return re.search(r"Seq Scan on customers_customer|\bSCAN (U\d|customers_customer)", plan) is not None
