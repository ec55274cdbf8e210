import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import verifying as trail_verifying
from audit.actors import SYSTEM, staff
from audit.models import Entry
from desk.csv_files import FileRefused
from desk.csv_imports import ImportReport
from desk.csv_maps import MapRefused
from equipment import lending
from equipment.importing import import_units
from equipment.models import EquipmentModel, Loan, Pool, Unit
from tests.make import AT, make_customer, make_model, make_pool

pytestmark = pytest.mark.django_db

HEAD = "sku,place,serial,service,note,country\n"
BERLIN = "camera,Berlin,SN-1,,,DE\n"
PARIS = "camera,Paris,SN-2,repair,lens,FR\n"


@pytest.fixture
def import_text(tmp_path: Path) -> Callable[..., ImportReport]:
    def run(text: str, **options: Any) -> ImportReport:
        path = tmp_path / "units.csv"
        path.write_text(text)
        return import_units(**{"path": path, "at": AT, "by": SYSTEM, **options})

    return run


@pytest.fixture
def camera() -> EquipmentModel:
    return make_model(sku="camera")


def counts(report):
    return report.created, report.updated, report.unchanged, report.rejected


def rejects(report):
    with report.rejects_path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_units_go_to_pools_that_are_made_when_missing(import_text, camera):
    assert counts(import_text(HEAD + BERLIN + PARIS)) == (2, 0, 0, 0)
    pools = {pool.place: pool.country for pool in Pool.objects.all()}
    assert pools == {"Berlin": "DE", "Paris": "FR"}
    second = Unit.objects.get(serial="SN-2")
    assert (second.service, second.note, second.service_since) == ("repair", "lens", AT)


def test_the_same_file_again_changes_nothing_not_even_a_unit_gone_to_repair(import_text, camera):
    import_text(HEAD + BERLIN + PARIS)
    Unit.objects.filter(serial="SN-1").update(service="repair")
    entries = Entry.objects.count()
    assert counts(import_text(HEAD + BERLIN + PARIS, at=AT + timedelta(days=1))) == (0, 0, 2, 0)
    assert Unit.objects.get(serial="SN-1").service == "repair"
    assert Entry.objects.count() == entries


def test_every_unit_pool_and_model_leaves_its_entry(import_text):
    text = HEAD.replace("country", "model_name") + BERLIN.replace("DE", "Aero 7")
    import_text(text, create_models=True)
    assert list(Entry.objects.values_list("event", flat=True)) == ["equipment_model.added", "pool.added", "unit.added"]
    assert trail_verifying.verify().is_intact


def test_bad_lines_are_told_and_good_ones_go_in(import_text, camera):
    make_pool(units=0, model=camera, place="Rome")
    Unit.objects.create(pool=Pool.objects.get(), serial="SN-9", service_since=AT, created_at=AT)
    bad = [
        ("drone,Berlin,SN-3,,,", "sku", "no equipment model with the sku drone"),
        ("camera,,SN-4,,,", "place", "place is missing"),
        ("camera,Berlin,,broken,,", "serial; service", "serial is missing. service must be one of in_service"),
        ("camera,Oslo,SN-1,,,", "serial", "Line 2 has the same serial number"),
        ("camera,Lima,SN-9,,,", "serial", "Unit SN-9 is already in camera@Rome"),
        ("camera,Berlin,SN-5,,,Germany", "country", "two-letter country code"),
        (f"camera,Berlin,{'x' * 65},,,", "serial", "65 characters long"),
        ("the camera!,Berlin,SN-6,,,", "sku", "letters, digits, hyphens"),
        ("camera,Berlin", "", "The line has 2 fields"),
    ]
    report = import_text(HEAD + BERLIN + "\n".join(line for line, _, _ in bad) + "\n" + PARIS)
    assert counts(report) == (2, 0, 0, len(bad))
    for row, (number, (_, field, reason)) in zip(rejects(report), enumerate(bad, start=3), strict=True):
        assert (row["rejected_line"], row["rejected_field"]) == (str(number), field)
        assert reason in row["rejected_reason"]
    assert set(Pool.objects.values_list("place", flat=True)) == {"Berlin", "Paris", "Rome"}


def test_a_model_is_made_only_when_asked_and_named(import_text):
    head = "sku;model_name;loan_days;turnaround_days;replacement_value;currency;place;serial;time_zone\n"
    text = head + "drone;Drone 3;10;1;899.5;chf;Berlin;D-1;Europe/Berlin\nkite;;;;;;Berlin;K-1;\n"
    assert counts(import_text(text)) == (0, 0, 0, 2)
    report = import_text(text, create_models=True)
    assert counts(report) == (1, 0, 0, 1)
    assert "no model_name to make one" in rejects(report)[0]["rejected_reason"]
    drone = EquipmentModel.objects.get()
    assert (drone.name, drone.loan_days, drone.turnaround_days, str(drone.replacement_value)) == ("Drone 3", 10, 1, "899.50")
    assert drone.currency == "CHF"
    assert Pool.objects.get().time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("loan_days", "0"),
        ("turnaround_days", "-1"),
        ("replacement_value", "NaN"),
        ("replacement_value", "cheap"),
        ("currency", "Euro"),
        ("time_zone", "Berlin"),
    ],
)
def test_what_a_model_or_pool_cannot_be_is_refused(import_text, camera, column, value):
    report = import_text(f"sku,place,serial,{column}\ncamera,Berlin,SN-1,{value}\n")
    assert rejects(report)[0]["rejected_field"] == column


def test_a_dry_run_changes_nothing(import_text):
    text = HEAD.replace("country", "model_name") + BERLIN.replace("DE", "Aero 7")
    assert counts(import_text(text, create_models=True, is_dry_run=True)) == (1, 0, 0, 0)
    assert not any(model.objects.exists() for model in (EquipmentModel, Pool, Unit, Entry))


def test_a_new_unit_goes_to_the_next_in_the_queue_at_once(import_text, camera):
    pool = make_pool(units=0, model=camera, place="Berlin")
    loan = lending.hold(pools=[pool], borrower=make_customer(), purpose="p-1", until=AT + timedelta(days=7), at=AT, by=SYSTEM)
    assert loan.state == "waitlisted"
    import_text(HEAD + BERLIN)
    assert Loan.objects.get().state == "held"


def test_foreign_headings_can_be_mapped(import_text, camera, tmp_path):
    path = tmp_path / "map.toml"
    path.write_text(
        '[columns]\nserial = "Nr"\nplace = "Ort"\nservice = "Status"\n[fixed]\nsku = "camera"\n[values.service]\nok = "in_service"\n'
    )
    assert counts(import_text("Nr,Ort,Status\nSN-1,Berlin,ok\n", mapping=path)) == (1, 0, 0, 0)
    path.write_text('[columns]\nserial = "Nr"\ncolour = "Ort"\n')
    with pytest.raises(MapRefused, match="columns.colour: there is no such field. Fields are: sku, place, serial"):
        import_text("Nr,Ort\nSN-1,Berlin\n", mapping=path)


def test_a_file_without_its_columns_is_refused(import_text):
    with pytest.raises(FileRefused, match="no column “serial”"):
        import_text("sku,place\n")


def test_only_those_with_the_permission_import(import_text, django_user_model):
    eve = staff(django_user_model.objects.create_user("eve"))
    with pytest.raises(PermissionDenied):
        import_text(HEAD + BERLIN, by=eve)


def test_five_thousand_units_go_in_with_few_statements(import_text, camera):
    text = HEAD + "".join(f"camera,{['Berlin', 'Paris'][n % 2]},SN-{n},,,\n" for n in range(5000))
    with CaptureQueriesContext(connection) as queries:
        assert counts(import_text(text)) == (5000, 0, 0, 0)
    assert len(queries) < 500


def test_the_command_ends_with_0_1_or_2(tmp_path, camera, capsys):
    path = tmp_path / "u.csv"
    path.write_text(HEAD + BERLIN)
    call_command("import_units", path)
    assert "1 created" in capsys.readouterr().out
    path.write_text(HEAD + BERLIN + "drone,Berlin,SN-3,,,\n")
    with pytest.raises(SystemExit) as end:
        call_command("import_units", path)
    assert end.value.code == 1
    with pytest.raises(CommandError) as unusable:
        call_command("import_units", tmp_path / "none.csv")
    assert unusable.value.returncode == 2
