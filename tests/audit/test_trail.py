"""Writing to the trail: in the verb's transaction, registered events only, one gapless chain per subject."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from audit import registry, timeline, trail
from audit.actors import SYSTEM
from audit.chain import canonical, merkle_root
from audit.middleware import current_request_id
from audit.models import Entry, Mention
from audit.trail import Happening
from audit.verifying import verify
from tests.audit.conftest import Record, Thing


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(at):
    with pytest.raises(RuntimeError, match="own transaction"):
        trail.record("thing.seen", about=Thing(), by=SYSTEM, at=at, place="Berlin")
    with pytest.raises(RuntimeError, match="own transaction"):
        trail.record_many([])


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_away_with_the_act_that_was_rolled_back(record: Record):
    record()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(concerns=["thing_2"])
        raise ZeroDivisionError
    record()
    assert list(Entry.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
    assert not Mention.objects.exists()
    assert verify().is_intact


@pytest.mark.django_db
def test_an_event_nobody_registered_cannot_be_recorded(at):
    with pytest.raises(KeyError), transaction.atomic():
        trail.record("thing.vanished", about=Thing(), by=SYSTEM, at=at)


@pytest.mark.django_db
def test_a_sentence_that_lacks_a_value_cannot_be_recorded(at, record: Record):
    with pytest.raises(KeyError), transaction.atomic():
        trail.record("thing.seen", about=Thing(), by=SYSTEM, at=at)


@pytest.mark.django_db
def test_a_float_cannot_be_recorded(record: Record):
    with pytest.raises(TypeError, match="Decimal"):
        record(share=0.1)


@pytest.mark.django_db
def test_the_reason_stands_in_the_sentence_and_in_the_data(record: Record):
    entry = record(reason="It shone.")
    assert entry.sentence == "Seen in Berlin. It shone."
    assert entry.data == '{"place":"Berlin","reason":"It shone."}'


@pytest.mark.django_db
def test_a_timeline_shows_what_is_about_a_subject_and_what_mentions_it(record: Record):
    own, mentioning, _other = record(), record("thing_2", concerns=["thing_1"]), record("thing_3")
    assert list(timeline.of("thing_1")) == [own, mentioning]


@pytest.mark.django_db
def test_many_entries_at_once_make_the_same_chains_as_one_by_one(record: Record, at):
    record("thing_1")
    with transaction.atomic():
        count = trail.record_many(
            Happening("thing.seen", Thing(f"thing_{n % 3}"), SYSTEM, at, {"place": "Rome"}, concerns=["thing_0"])
            for n in range(1000)
        )
    assert count == 1000
    assert Entry.objects.count() == 1001
    report = verify()
    assert report.problems == []
    assert report.chains == 3


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_on_one_subject_leave_a_chain_without_gaps(record: Record):
    """On PostgreSQL all of them would read the same head, and all but one lose the position; so they queue up."""
    failures: list[BaseException] = []
    start = threading.Barrier(16)

    def write() -> None:
        try:
            start.wait()
            for _ in range(10):
                record(concerns=["thing_2"])
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert list(Entry.objects.order_by("n").values_list("n", flat=True)) == list(range(1, 161))
    assert verify().is_intact


@pytest.mark.django_db
def test_entries_of_one_request_carry_its_id(record: Record):
    token = current_request_id.set("a-request")
    try:
        assert record().request_id == "a-request"
    finally:
        current_request_id.reset(token)
    assert record().request_id == ""


def test_registering_twice_keeps_the_last_sentence(monkeypatch):
    monkeypatch.setattr(registry, "_sentences", {})
    registry.register({"thing.seen": "Seen."})
    registry.register({"thing.seen": "Seen again."})
    assert registry.registered() == {"thing.seen": "Seen again."}


def test_canonical_text_does_not_depend_on_order_or_time_zone():
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert canonical({"b": noon, "a": 1}) == '{"a":1,"b":"2026-03-02T12:00:00.000000+00:00"}'
    assert canonical({"a": 1, "b": noon.astimezone()}) == canonical({"b": noon, "a": 1})


def test_the_root_depends_on_every_leaf_and_on_their_order():
    leaves = [f"{n:064x}" for n in range(5)]
    roots = {
        merkle_root(leaves),
        merkle_root(leaves[::-1]),
        merkle_root(leaves[:4]),
        merkle_root([*leaves, leaves[4]]),
        merkle_root([]),
    }
    assert len(roots) == 5


def test_the_database_is_the_one_the_suite_says(db):
    assert connection.vendor in {"sqlite", "postgresql"}
