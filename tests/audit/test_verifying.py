"""Whoever drops the triggers and alters the trail is found, and what they altered is named."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import sealing, trail
from audit.actors import SYSTEM
from audit.chain import entry_hash
from audit.exporting import SealFileInvalid, lines, read
from audit.jobs import seal_entries
from audit.models import Entry, Seal, SealedEntry
from audit.trail import Happening, body_of
from audit.verifying import verify
from tests.audit.conftest import Record, Thing, cut, unprotected

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(record: Record, at) -> list[Entry]:
    """Five entries about one thing, the third concerning another; sealed."""
    entries = [record(concerns=["thing_2"] if n == 3 else []) for n in range(1, 6)]
    record("thing_9")
    sealing.seal(at=at)
    return entries


def test_an_untouched_trail_is_intact(chain):
    report = verify()
    assert report.is_intact
    assert (report.entries, report.chains, report.seals, report.sealed) == (6, 2, 1, 6)


def test_an_empty_trail_is_intact():
    assert verify().is_intact


@pytest.mark.parametrize("column", ["event", "sentence", "data", "actor", "request_id", "at"])
def test_a_changed_column_is_named(chain, column):
    value = "2020-01-01 00:00:00+00:00" if column == "at" else "another"
    with unprotected() as cursor:
        cursor.execute(f"UPDATE audit_entry SET {column} = %s WHERE id = %s", [value, chain[2].pk])
    report = verify()
    assert report.problems[0].startswith("Entry 3 of thing thing_1 (")
    assert "was changed after it was written" in report.problems[0]


def test_an_entry_changed_with_its_hash_is_named_by_the_next_one(chain):
    entry = chain[2]
    entry.sentence = "Never seen."
    with unprotected() as cursor:
        cursor.execute(
            "UPDATE audit_entry SET sentence = %s, hash = %s WHERE id = %s",
            [entry.sentence, entry_hash(entry.previous_hash, body_of(entry)), entry.pk],
        )
    assert verify().problems[0].startswith("Entry 4 of thing thing_1 (thing.seen) does not fit on the entry before it")


def test_a_whole_chain_written_anew_no_longer_fits_its_seal(chain):
    tip = ""
    with unprotected() as cursor:
        for entry in chain:
            entry.sentence = "Never seen."
            digest = entry_hash(tip, body_of(entry))
            cursor.execute(
                "UPDATE audit_entry SET sentence = %s, previous_hash = %s, hash = %s WHERE id = %s",
                [entry.sentence, tip, digest, entry.pk],
            )
            tip = digest
    assert verify().problems == ["Seal 1 of 2026-03-02 12:00 UTC does not fit the entries under it: one of them was replaced."]


def test_a_middle_cut_is_named(chain):
    cut(chain[2])
    report = verify()
    assert report.problems[0] == "Entry 4 of thing thing_1 follows on entry 2: entry 3 of this subject is gone."


def test_a_cut_at_the_start_is_named(chain):
    cut(chain[0])
    cut(chain[1])
    assert verify().problems[0] == "Entry 3 of thing thing_1 follows on nothing: entries 1 to 2 of this subject are gone."


def test_a_cut_tail_is_named_by_its_seal(chain):
    cut(chain[4])
    assert verify().problems == ["Seal 1 of 2026-03-02 12:00 UTC covers 6 entries and 1 of them is gone."]


def test_an_added_mention_and_a_removed_one_are_named(chain):
    with unprotected() as cursor:
        cursor.execute("UPDATE audit_mention SET reference = 'thing_3'")
    assert verify().problems == ["Entry 3 of thing thing_1 lost the mention of thing_2."]
    with unprotected() as cursor:
        cursor.execute("INSERT INTO audit_mention (entry_id, reference) VALUES (%s, 'thing_8')", [chain[0].pk])
    assert verify().problems[0] == "Mention of thing_8 hangs on an entry that concerns nobody else: it was added."


def test_a_changed_a_forged_and_a_removed_seal_are_named(chain, record, at):
    record()
    sealing.seal(at=at + timedelta(minutes=1))
    first = Seal.objects.get(n=1)
    with unprotected() as cursor:
        cursor.execute("UPDATE audit_seal SET count = 5 WHERE n = 1")
    assert "Seal 1 of 2026-03-02 12:00 UTC was changed after it was made" in verify().problems[0]
    with unprotected() as cursor:
        cursor.execute("UPDATE audit_seal SET count = %s, signature = %s WHERE n = 1", [first.count, "0" * 64])
    assert "was not signed with our key" in verify().problems[0]
    with unprotected() as cursor:
        cursor.execute("DELETE FROM audit_sealedentry WHERE seal_id = %s", [first.pk])
        cursor.execute("DELETE FROM audit_seal WHERE n = 1")
    assert verify().problems == ["Seal 2 follows on nothing: a seal between them is gone."]


def test_another_key_is_told_from_tampering(chain, settings):
    settings.SEAL_KEY = "another key"
    assert verify().problems[0].endswith("it was forged, or SEAL_KEY is another one now.")


def test_many_problems_are_counted_but_only_the_first_told(record):
    for n in range(30):
        record(f"thing_{n:02}")
    with unprotected() as cursor:
        cursor.execute("UPDATE audit_entry SET sentence = 'Never seen.'")
    report = verify()
    assert (report.problem_count, len(report.problems)) == (30, 20)


# --- sealing --------------------------------------------------------------------------------------------------------
def test_sealing_takes_only_what_is_not_sealed_yet_and_chains_its_seals(record, at):
    record()
    assert seal_entries(at) == 1
    assert seal_entries(at) == 0
    record()
    record("thing_2")
    assert seal_entries(at + timedelta(days=2)) == 2
    first, second = Seal.objects.order_by("n")
    assert (second.n, second.previous_hash, second.count) == (2, first.hash, 2)
    assert verify().is_intact


def test_sealing_goes_in_batches(record, at):
    for n in range(7):
        record(f"thing_{n}")
    assert sealing.seal(at=at, batch=3) == 7
    assert list(Seal.objects.order_by("n").values_list("count", flat=True)) == [3, 3, 1]
    assert verify().is_intact


def test_an_entry_with_a_lower_id_that_was_committed_later_is_still_sealed(record, at):
    """On PostgreSQL an id can be handed out first and committed last."""
    late, early = record("thing_1"), record("thing_2")
    row = Seal.objects.create(n=1, at=at, count=1, root="0" * 64, hash="0" * 64, signature="0" * 64)
    SealedEntry.objects.create(seal=row, entry=early)
    assert sealing.seal(at=at + timedelta(minutes=1)) == 1
    assert late.sealed.seal.n == 2


def test_two_sealers_at_once_leave_one_row_of_seals(record, at, monkeypatch):
    record()
    leaves = sealing._unsealed(at, 10)
    assert sealing.seal(at=at) == 1
    monkeypatch.setattr(sealing, "_unsealed", lambda at, batch: leaves)
    assert sealing.seal(at=at) == 0
    assert Seal.objects.count() == 1
    assert verify().is_intact


def test_sealing_leaves_no_entry_of_its_own(record, at):
    record()
    sealing.seal(at=at)
    assert Entry.objects.count() == 1


# --- the exported file ----------------------------------------------------------------------------------------------
def test_an_exported_file_fits_the_trail_it_was_taken_from(chain):
    exported = read(lines())
    assert exported.heads.keys() == {("thing", "thing_1", 5), ("thing", "thing_9", 1)}
    assert verify(exported).is_intact


def test_a_trail_that_went_on_still_has_all_that_the_file_names(chain, record, at):
    exported = read(lines())
    record()
    sealing.seal(at=at)
    assert verify(exported).is_intact


def test_a_tail_cut_with_its_seals_is_found_by_the_exported_file(chain):
    exported = read(lines())
    with unprotected() as cursor:
        cursor.execute("DELETE FROM audit_sealedentry")
        cursor.execute("DELETE FROM audit_seal")
    cut(chain[4])
    assert verify().is_intact
    assert verify(exported).problems == [
        "Entry 5 of thing thing_1 is in the exported file but no longer in the trail: its end was cut.",
        "Seal 1 is in the exported file but no longer in the trail: its end was cut.",
    ]


def test_a_trail_written_anew_after_the_export_is_found(chain, record):
    exported = read(lines())
    with unprotected() as cursor:
        cursor.execute("DELETE FROM audit_sealedentry")
        cursor.execute("DELETE FROM audit_seal")
    cut(chain[4])
    record(place="Rome")
    assert verify(exported).problems[0] == "Entry 5 of thing thing_1 (thing.seen) is another entry than the exported file says."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text[:-1], "no signature at its end"),
        (lambda text: text[1:], "signature does not fit"),
        (lambda text: [*text, text[0]], "nothing may follow"),
        (lambda text: ["no json", *text], "Line 1 is not a line"),
        (lambda text: ["[]", *text], "Line 1 is not a line"),
        (lambda text: [json.dumps({"kind": "head"}), *text], "Line 1 is not a line"),
        (lambda text: [], "no signature"),
    ],
)
def test_a_file_that_was_changed_is_refused_in_words(chain, change, told):
    with pytest.raises(SealFileInvalid, match=told):
        read(change(list(lines())))


# --- the commands ---------------------------------------------------------------------------------------------------
def test_verify_audit_says_that_the_trail_is_intact(chain, tmp_path):
    out, file = io.StringIO(), tmp_path / "seals.jsonl"
    call_command("export_seals", output=file, stdout=io.StringIO())
    call_command("verify_audit", "--seals", str(file), stdout=out)
    assert "6 entries in 2 chains, 1 seals over 6 entries" in out.getvalue()
    assert out.getvalue().rstrip().endswith("The trail is intact and has all that the file names.")


def test_verify_audit_exits_with_1_and_names_what_is_broken(chain):
    cut(chain[2])
    with pytest.raises(CommandError, match="Entry 4 of thing thing_1 follows on entry 2") as refusal:
        call_command("verify_audit", stdout=io.StringIO())
    assert refusal.value.returncode == 1


def test_verify_audit_says_why_a_file_cannot_be_used(tmp_path):
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("verify_audit", seals=tmp_path / "nowhere", stdout=io.StringIO())
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("verify_audit", seals=tmp_path / "binary", stdout=io.StringIO())


def test_export_seals_writes_to_the_screen(chain):
    out = io.StringIO()
    call_command("export_seals", stdout=out)
    assert [json.loads(line)["kind"] for line in out.getvalue().splitlines()] == ["seal", "head", "head", "signature"]


def test_verifying_many_entries_asks_few_questions(record, at, django_assert_max_num_queries):
    record()
    with transaction.atomic():
        trail.record_many(Happening("thing.seen", Thing(f"thing_{n % 50}"), SYSTEM, at, {"place": "Rome"}) for n in range(3000))
    sealing.seal(at=at, batch=500)
    with django_assert_max_num_queries(12 if connection.vendor == "sqlite" else 30):
        report = verify()
    assert (report.entries, report.sealed, report.seals) == (3001, 3001, 7)
