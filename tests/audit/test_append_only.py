"""Nothing that was written to the trail can be changed or taken away: not by the ORM, not by SQL."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import sealing
from audit.models import Entry, Mention, Seal, SealedEntry
from desk import triggers
from tests.audit.conftest import Record
from tests.make import make_acceptance, make_customer, make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(record: Record, at) -> Entry:
    entry = record(concerns=["thing_2"])
    sealing.seal(at=at)
    return entry


def refused(statement: str, *values: object) -> None:
    """The database refuses this statement."""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("model", [Entry, Mention, Seal, SealedEntry])
def test_the_orm_cannot_delete(entry, model):
    with pytest.raises((IntegrityError, DatabaseError), match="append-only|protected"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    assert model.objects.count() == 1


def test_the_orm_cannot_update_an_entry(entry):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(sentence="Never seen.")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.sentence = "Never seen."
        entry.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.bulk_update([entry], ["sentence"])
    assert Entry.objects.get().sentence == "Seen in Berlin."


@pytest.mark.parametrize("table", ["audit_entry", "audit_mention", "audit_seal", "audit_sealedentry"])
def test_raw_sql_cannot_update_or_delete(entry, table):
    refused(f"UPDATE {table} SET id = id")
    refused(f"DELETE FROM {table}")


def test_an_entry_cannot_be_replaced(entry):
    columns = "id, subject_type, subject_reference, n, event, sentence, data, actor, request_id, at, previous_hash, hash"
    others = columns.replace("event, sentence", "event, 'Never seen.'")
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {others} FROM audit_entry")
        without_id = columns.removeprefix("id, ")
        refused(f"INSERT OR REPLACE INTO audit_entry ({without_id}) SELECT {without_id} FROM audit_entry")
    refused(
        f"INSERT INTO audit_entry ({columns}) SELECT {others} FROM audit_entry WHERE true "
        "ON CONFLICT (id) DO UPDATE SET sentence = excluded.sentence"
    )
    assert Entry.objects.get().sentence == "Seen in Berlin."


def test_replacing_is_refused_even_where_recursive_triggers_are_off(entry):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            refused(
                "INSERT OR REPLACE INTO audit_mention (id, entry_id, reference) SELECT id, entry_id, 'thing_9' FROM audit_mention"
            )
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA recursive_triggers = ON")
    else:
        refused(
            "INSERT INTO audit_mention (id, entry_id, reference) SELECT id, entry_id, 'thing_9' FROM audit_mention "
            "ON CONFLICT (id) DO UPDATE SET reference = excluded.reference"
        )
    assert Mention.objects.get().reference == "thing_2"


def test_the_tables_cannot_be_emptied(entry):
    """SQLite has no TRUNCATE; there, a DELETE of everything is what empties a table."""
    connection.check_constraints()  # PostgreSQL would refuse for another reason: foreign keys not yet looked at
    statement = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {} WHERE true"
    for table in ("audit_entry", "audit_mention", "audit_seal", "audit_sealedentry"):
        refused(statement.format(table))
    assert Entry.objects.count() == 1


def test_a_dropped_trigger_is_missed_and_put_back(entry):
    on_table = ' ON "audit_entry"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "audit_entry_no_update"{on_table}')
    assert triggers.missing() == ["audit_entry_no_update"]
    triggers.install()
    assert triggers.missing() == []
    refused("UPDATE audit_entry SET sentence = 'Never seen.'")


def test_what_a_person_typed_can_be_erased_from_an_acceptance_but_what_they_accepted_cannot():
    asha = make_customer()
    acceptance = make_acceptance(asha, make_terms(), "loan_1")
    type(acceptance).objects.filter(pk=acceptance.pk).update(typed_name="", where="")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(acceptance).objects.filter(pk=acceptance.pk).update(sha256="b" * 64)
