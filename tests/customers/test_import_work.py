"""The background work of imports: in slices, cancelled, killed, stuck, forbidden, forgotten."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from audit.models import Entry
from customers import import_files, import_running, jobs
from customers.models import Customer, ImportRun
from tests.admin.conftest import clock, manager, signed_in_as  # noqa: F401
from tests.importing import NOW, Importing, counts, run_now

pytestmark = pytest.mark.django_db

HEAD = "external_id,name,email,country,membership\n"
ASHA = "1,Asha Rao,asha@example.org,DE,active\n"
BEN = "2,Ben Okafor,ben@example.org,FR,prospect\n"
BAD = "3,,no-address,XX,sleepy\n"


@pytest.fixture
def mina(manager: Client) -> Importing:  # noqa: F811
    return Importing(manager)


def test_a_cancelled_import_keeps_what_went_in_and_takes_no_more(mina):
    text = HEAD + "".join(f"{n},Person {n},p{n}@example.org,,\n" for n in range(1, 1201))
    run = mina.checked(text)
    mina.do(run, "start")
    import_running.carry_on(run=run, at=NOW, seconds=0.0)
    stored = Customer.objects.count()
    mina.do(run, "cancel")
    assert import_running.carry_on(run=run, at=NOW) is False
    run.refresh_from_db()
    assert (run.state, Customer.objects.count()) == ("cancelled", stored)
    assert "cancelled" in mina.page(run)


def test_in_slices_the_counts_rejects_and_repeats_are_those_of_one_go(mina, monkeypatch):
    lines = [f"{n},Person {n},p{n}@example.org,,\n" for n in range(1, 1800)] + ["5,Repeated,again@example.org,,\n", BAD]
    run = mina.checked(HEAD + "".join(lines))
    whole = counts(run)
    mina.do(run, "start")
    with monkeypatch.context() as patch:
        patch.setattr("customers.import_running._Slice._portions", one_portion(import_running._Slice._portions))
        slices = 0
        while import_running.carry_on(run=run, at=NOW):
            slices += 1
    run.refresh_from_db()
    assert slices >= 3
    assert (run.state, counts(run)) == ("done", whole) == ("done", (1799, 0, 0, 2))
    answer = mina.client.get(f"/admin/import/{run.reference}/rejected.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["rejected_line"] for row in rows] == ["1801", "1802"]
    assert "Line 6 has the same external_id" in rows[0]["rejected_reason"]


def one_portion(portions):
    """Let the time be up after every portion."""

    def limited(self, file, course, seconds):
        done = []
        store = self._portion

        def portion(batch, course):
            store(batch, course)
            done.append(batch)
            self._began -= 1000

        self._portion = portion
        return portions(self, file, course, seconds)

    return limited


def test_whoever_lost_the_lease_stores_nothing(mina, monkeypatch):
    run = mina.checked(HEAD + ASHA)
    mina.do(run, "start")
    read = import_files.open_file

    def taken_over(claimed):
        ImportRun.objects.filter(pk=claimed.pk).update(worker="another")
        return read(claimed)

    monkeypatch.setattr(import_files, "open_file", taken_over)
    assert import_running.carry_on(run=run, at=NOW) is False
    assert Customer.objects.count() == 0
    monkeypatch.undo()
    ImportRun.objects.update(leased_until=None)
    assert run_now(run).created == 1


def test_an_import_nobody_is_at_is_taken_up_by_the_sweep(mina):
    run = mina.checked(HEAD + ASHA)
    mina.do(run, "start")
    ImportRun.objects.update(state="running", worker="killed", leased_until=NOW + timedelta(seconds=100))
    assert jobs.carry_on_imports(at=NOW)["carried_on"] == 0
    assert jobs.carry_on_imports(at=NOW + timedelta(seconds=101))["carried_on"] == 1
    run.refresh_from_db()
    assert (run.state, run.created) == ("done", 1)
    assert jobs.carry_on_imports(at=NOW + timedelta(hours=1)) == {"carried_on": 0, "failed": 0}


def test_one_that_stops_again_and_again_says_so_and_can_go_on(mina, monkeypatch):
    run = mina.checked(HEAD + ASHA)
    mina.do(run, "start")

    def broken(*args):
        raise OSError("The disk is gone.")

    monkeypatch.setattr("customers.import_running.import_batch", broken)
    for _ in range(import_running.MAX_TRIES):
        assert jobs.carry_on_imports(at=NOW) == {"carried_on": 0, "failed": 1}
    assert jobs.carry_on_imports(at=NOW)["carried_on"] == 1
    run.refresh_from_db()
    assert run.state == "failed"
    assert "It stopped 5 times after line 0" in mina.page(run)
    monkeypatch.undo()
    mina.do(run, "start")
    assert (run_now(run).state, run.created) == ("done", 1)


def test_who_may_no_longer_import_has_nothing_imported(mina):
    run = mina.checked(HEAD + ASHA)
    mina.do(run, "start")
    run.user.groups.clear()
    assert run_now(run).state == "failed"
    assert "may not do so any more" in run.problem
    assert Customer.objects.count() == 0


def test_the_trail_holds_counts_and_the_sum_and_nothing_of_the_content(mina):
    run = mina.imported(HEAD + ASHA + BAD)
    entries = Entry.objects.filter(subject_reference=run.reference).order_by("n")
    assert [entry.event for entry in entries] == [
        "import.uploaded",
        "import.mapped",
        "import.checked",
        "import.started",
        "import.finished",
    ]
    text = "".join(f"{entry.sentence}{entry.data}" for entry in entries)
    assert run.sha256 in text
    assert not re.search("Asha|asha@|no-address|sleepy|customers.csv", text)


def test_files_and_examples_are_deleted_after_thirty_days_and_counts_stay(mina):
    run = mina.imported(HEAD + ASHA + BAD)
    waiting = mina.uploaded(HEAD + BEN)
    names = [run.stored_as, waiting.stored_as]
    assert jobs.forget_import_files(at=NOW + timedelta(days=29))["forgotten"] == 0
    assert jobs.forget_import_files(at=NOW + timedelta(days=30, seconds=1))["forgotten"] == 2
    run.refresh_from_db()
    waiting.refresh_from_db()
    assert (run.stored_as, run.findings, run.mapping, counts(run)) == ("", {}, {}, (1, 0, 0, 1))
    assert waiting.state == "cancelled"
    assert not [path for path in import_files.folder().iterdir() if path.name.split(".")[0] in names]
    assert "are deleted; the counts stay" in mina.page(run)
    assert mina.client.get(f"/admin/import/{run.reference}/rejected.csv").status_code == 404
    assert mina.client.get(f"/admin/import/{run.reference}/columns/").status_code in (302, 404)
    assert jobs.forget_import_files(at=NOW + timedelta(days=31)) == {"forgotten": 0, "failed": 0}


def test_a_file_lies_under_a_random_name_for_the_program_alone(mina):
    run = mina.uploaded(HEAD + ASHA)
    path = import_files.path_of(run.stored_as)
    assert re.fullmatch(r"[0-9a-f]{32}", run.stored_as)
    assert path.stat().st_mode & 0o077 == 0
    assert str(path).startswith(str(settings.VAR_DIR))
