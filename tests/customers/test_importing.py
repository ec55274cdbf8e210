import csv
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import verifying as trail_verifying
from audit.actors import SYSTEM, staff
from audit.models import Entry
from customers import erasing
from customers.import_batches import Store
from customers.importing import import_customers
from customers.models import Attribute, CreditScore, Customer
from desk.csv_files import FileRefused
from tests.make import AT, make_customer

pytestmark = pytest.mark.django_db

HEAD = "external_id,name,email,country,phone,birth_year,membership,member_since\n"
ASHA = "1,Asha Rao,asha@example.org,DE,0170 1234567,1984,active,2020-01-01\n"
BEN = "2,Ben Okafor,ben@example.org,FR,,,prospect,\n"
BANK_HEADINGS = (
    "CustomerId,Surname,Email,CreditScore,Geography,Gender,BirthYear,MemberSince,Balance,NumOfProducts,HasCrCard,"
    "IsActiveMember,EstimatedSalary,Exited"
)


def bank_line(number, land="Germany", exited=0):
    return f"{number},Rao,c{number}@bank.example,619,{land},Female,1984,2024-07-19,12.5,2,1,0,101348.88,{exited}"


def counts(report):
    return report.created, report.updated, report.unchanged, report.rejected


def rejects(report):
    with report.rejects_path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def state_of_everything():
    return [list(model.objects.order_by("pk").values()) for model in (Customer, CreditScore, Attribute, Entry)]


def test_the_same_file_again_changes_nothing(import_text):
    assert counts(import_text(HEAD + ASHA + BEN)) == (2, 0, 0, 0)
    before = state_of_everything()
    assert counts(import_text(HEAD + ASHA + BEN, at=AT + timedelta(days=1))) == (0, 0, 2, 0)
    assert state_of_everything() == before


def test_a_line_becomes_a_customer_with_all_it_says(import_text):
    import_text(HEAD + ASHA)
    asha = Customer.objects.get()
    assert (asha.name, asha.email_key, asha.phone, asha.birth_year) == ("Asha Rao", "asha@example.org", "+491701234567", 1984)
    assert (asha.membership, asha.member_since, asha.origin, asha.created_at) == ("active", date(2020, 1, 1), "import", AT)


def test_a_changed_line_updates_and_tells_the_fields(import_text):
    import_text(HEAD + ASHA + BEN)
    changed = ASHA.replace("DE", "AT").replace("active", "lapsed").replace("0170", "+49170")
    assert counts(import_text(HEAD + changed + BEN)) == (0, 1, 1, 0)
    asha = Customer.objects.get(external_id="1")
    assert (asha.country, asha.membership) == ("AT", "lapsed")
    assert Entry.objects.get(event="customer.updated").sentence == "Profile changed: country, membership."


def test_an_empty_cell_leaves_what_is_known(import_text):
    import_text(HEAD + ASHA)
    assert counts(import_text(HEAD + "1,Asha Rao,asha@example.org,,,,,\n")) == (0, 0, 1, 0)
    assert Customer.objects.get().birth_year == 1984


def test_where_somebody_came_from_is_not_rewritten_by_a_file(import_text):
    make_customer("Ben Okafor", external_id="2", email="ben@example.org", origin="referral")
    assert counts(import_text("external_id,name,email,origin\n2,Ben Okafor,ben@example.org,import\n")) == (0, 0, 1, 0)


def test_a_dry_run_tells_all_and_changes_nothing(import_text):
    import_text(HEAD + ASHA)
    before = state_of_everything()
    report = import_text(HEAD + ASHA.replace("DE", "AT") + BEN + "3,,nobody,,,,,\n", is_dry_run=True)
    assert counts(report) == (1, 1, 0, 1)
    assert state_of_everything() == before
    assert "dry run" in report.summary()[0]


def test_every_bad_line_is_told_with_number_field_and_reason(import_text):
    bad = [
        ("1b,Asha,nonsense,DE,,,active,", "email", "not an e-mail address"),
        ("1c,,c@example.org,DE,,,active,", "name", "name is missing"),
        (",Asha,d@example.org,DE,,,active,", "external_id", "external_id is missing"),
        ("1e,Asha,e@example.org,Germany,,,active,", "country", "two-letter country code"),
        ("1f,Asha,f@example.org,,0170 1234567,,active,", "phone", "with its country code"),
        ("1g,Asha,g@example.org,DE,,84,active,", "birth_year", "between 1900 and 2100"),
        ("1h,Asha,h@example.org,DE,,,gold,", "membership", "one of prospect, active, lapsed, closed"),
        ("1i,Asha,i@example.org,DE,,,active,19.07.2024", "member_since", "year-month-day"),
        ("1j,Asha,j@example.org,XX,,12,active,", "country; birth_year", "country must be"),
        ("1k,Asha,k@example.org", "", "The line has 3 fields; the header has 8."),
        (f"1l,{'x' * 1_000_000},l@example.org,DE,,,active,", "", "longer than 100,000 characters"),
        (f"1m,{'x' * 121},m@example.org,DE,,,active,", "name", "121 characters long; at most 120 fit"),
    ]
    report = import_text(HEAD + ASHA + "\n".join(line for line, _, _ in bad) + "\n" + BEN)
    assert counts(report) == (2, 0, 0, len(bad))
    found = rejects(report)
    assert [(row["rejected_line"], row["rejected_field"]) for row in found] == [
        (str(number), field) for number, (_, field, _) in enumerate(bad, start=3)
    ]
    for row, (_, _, reason) in zip(found, bad, strict=True):
        assert reason in row["rejected_reason"]
    assert found[0]["email"] == "nonsense"


def test_corrected_rejects_can_be_imported_as_they_are(import_text):
    report = import_text(HEAD + ASHA + "2,=Ben,ben@example.org,Fra,+33 1 70 18 99 00,,,\n")
    text = report.rejects_path.read_text(encoding="utf-8-sig")
    assert "'=Ben" in text
    assert "'+33" in text
    again = import_text(text.replace("Fra,", "FR,"))
    assert counts(again) == (1, 0, 0, 0)
    assert again.ignored == ["rejected_line", "rejected_field", "rejected_reason"]
    ben = Customer.objects.get(external_id="2")
    assert (ben.name, ben.phone) == ("=Ben", "+33170189900")


def test_ids_and_addresses_that_come_twice_are_told_with_the_first_line(import_text):
    make_customer("Dev", external_id="D", email="dev@example.org")
    report = import_text(
        HEAD
        + ASHA
        + BEN
        + ASHA.replace("asha@", "rao@")
        + BEN.replace("2,", "3,").replace("ben@", "BEN@")
        + ASHA.replace("1,Asha", "4,Asha").replace("asha@", "dev@")
    )
    assert counts(report) == (2, 0, 0, 3)
    reasons = [(row["rejected_field"], row["rejected_reason"]) for row in rejects(report)]
    dev = Customer.objects.get(external_id="D")
    assert reasons == [
        ("external_id", "Line 2 has the same external_id; the first one counts."),
        ("email", "Line 3 has the same e-mail address; two customers cannot share one."),
        ("email", f"This e-mail address already belongs to customer {dev.reference}."),
    ]


def test_repeats_are_found_across_batches(import_text):
    many = "".join(f"x{n},Name,x{n}@example.org,,,,,\n" for n in range(600))
    assert counts(import_text(HEAD + ASHA + many + ASHA)) == (601, 0, 0, 1)


def test_an_address_given_up_in_the_file_can_be_taken_by_a_later_line(import_text):
    import_text(HEAD + ASHA)
    report = import_text(HEAD + ASHA.replace("asha@", "rao@") + BEN.replace("ben@", "asha@"))
    assert counts(report) == (1, 1, 0, 0)


def test_a_row_the_database_refuses_costs_no_good_line(import_text, monkeypatch):
    plan_new = "customers.import_batches._Batch._refuse_repeats"
    make_customer("Dev", external_id="D", email="dev@example.org")
    # Without the look beforehand, only the constraint stands: as when another process registers the address meanwhile.
    monkeypatch.setattr(plan_new, lambda *arguments: None)
    taken = BEN.replace("2,", "9,").replace("ben@", "dev@")
    report = import_text(HEAD + ASHA + taken + BEN)
    assert counts(report) == (2, 0, 0, 1)
    assert "already belongs to a customer" in rejects(report)[0]["rejected_reason"]
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"1", "2", "D"}
    assert trail_verifying.verify().is_intact


def test_a_failure_in_the_middle_keeps_whole_batches_and_the_next_run_goes_on(import_text, monkeypatch):
    text = HEAD + "".join(f"x{n},Name,x{n}@example.org,,,,,\n" for n in range(1200))
    store, calls = Store.store, []

    def fail_once(self, people):
        calls.append(len(people))
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return store(self, people)

    monkeypatch.setattr(Store, "store", fail_once)
    with pytest.raises(RuntimeError):
        import_text(text)
    assert (Customer.objects.count(), Entry.objects.count()) == (500, 500)
    assert counts(import_text(text)) == (700, 0, 500, 0)


def test_scores_are_kept_apart_and_the_same_one_is_no_news(import_text):
    head = "external_id,name,email,credit_score,score_source,scored_on\n"
    line = "1,Asha,asha@example.org,612,Bureau,"
    assert counts(import_text(head + line + "2026-01-01\n")) == (1, 0, 0, 0)
    assert counts(import_text(head + line + "\n")) == (0, 0, 1, 0)
    assert counts(import_text(head + line.replace("612", "640") + "\n")) == (0, 1, 0, 0)
    assert counts(import_text(head + line.replace("612", "600") + "2026-01-01\n")) == (0, 1, 0, 0)
    scores = list(CreditScore.objects.values_list("score", "scored_on"))
    assert scores == [(640, AT.date()), (600, date(2026, 1, 1))]
    assert not any("640" in entry.data + entry.sentence for entry in Entry.objects.all())


def test_a_score_needs_a_source(import_text):
    report = import_text("external_id,name,email,credit_score\n1,Asha,asha@example.org,612\n")
    assert rejects(report)[0]["rejected_field"] == "score_source"


def test_declared_attributes_are_typed_and_laid_over_the_known_ones(import_text):
    Attribute.objects.create(name="size", label="Size", type="choice", choices=["S", "L"])
    Attribute.objects.create(name="visits", label="Visits", type="number")
    head = "external_id,name,email,attribute.size,Attribute.visits\n"
    report = import_text(head + "1,Asha,asha@example.org,L,3\n2,Ben,ben@example.org,XXL,many\n")
    assert counts(report) == (1, 0, 0, 1)
    assert rejects(report)[0]["rejected_field"] == "attribute.size; attribute.visits"
    import_text(head + "1,Asha,asha@example.org,S,\n")
    assert Customer.objects.get().attributes == {"size": "S", "visits": 3}


def test_a_registration_verified_in_the_crm_counts_from_its_day(import_text):
    head = "external_id,name,email,verified_on\n"
    import_text(head + "1,Asha,asha@example.org,2026-01-05\n")
    import_text(head + "1,Asha,asha@example.org,2026-01-09\n")
    assert Customer.objects.get().verified_at.date() == date(2026, 1, 5)


def test_an_erased_customer_is_not_found_again_by_their_id(import_text):
    import_text(HEAD + ASHA)
    erasing.erase(customer=Customer.objects.get(), reason="Asked for it.", at=AT, by=SYSTEM)
    assert counts(import_text(HEAD + ASHA)) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "file_empty"),
        (b"external_id,name\n1,Asha\n", "column_missing"),
        (b"external_id,name,email,name\n", "column_repeated"),
        ("external_id,name,email\n1,Asha,a@example.org\n2,Jürgen,j@example.org\n".encode("cp1252"), "encoding_wrong"),
        ("external_id,name,email\n".encode("utf-16"), "encoding_wrong"),
        (b"external_id,External ID,name,email\n", "column_repeated"),
    ],
)
def test_a_file_that_cannot_be_used_stores_nothing(import_text, text, code):
    with pytest.raises(FileRefused) as refusal:
        import_text(text)
    assert refusal.value.code == code
    assert not Customer.objects.exists()


def test_a_file_with_a_header_alone_is_an_import_of_nothing(import_text):
    report = import_text(HEAD)
    assert (counts(report), report.lines, report.rejects_path) == ((0, 0, 0, 0), 0, None)


def test_only_those_with_the_permission_import(import_text, django_user_model):
    eve = staff(django_user_model.objects.create_user("eve"))
    with pytest.raises(PermissionDenied):
        import_text(HEAD + ASHA, by=eve)


def test_the_trail_of_an_import_names_nobody(import_text):
    import_text(HEAD + ASHA + BEN)
    import_text(HEAD + ASHA.replace("asha@", "rao@").replace("DE", "AT") + BEN)
    words = " ".join(entry.data + entry.sentence + entry.subject_reference for entry in Entry.objects.all())
    assert not any(secret in words for secret in ("Asha", "Rao", "Ben", "Okafor", "example.org", "1701234567", "1984"))
    assert Entry.objects.count() == 3
    assert trail_verifying.verify().is_intact


def test_ten_thousand_lines_go_in_with_few_statements(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("\n".join([BANK_HEADINGS, *(bank_line(number) for number in range(10_000))]))
    told = []
    with CaptureQueriesContext(connection) as first:
        report = import_customers(
            path=path, at=AT, by=SYSTEM, mapping="bank", progress=lambda done, total: told.append((done, total))
        )
    assert counts(report) == (10_000, 0, 0, 0)
    assert (Customer.objects.count(), CreditScore.objects.count(), Entry.objects.count()) == (10_000, 10_000, 10_003)
    assert len(first) < 1000
    assert told[-1] == (10_001, 10_001)
    with CaptureQueriesContext(connection) as second:
        report = import_customers(path=path, at=AT + timedelta(days=1), by=SYSTEM, mapping="bank")
    assert counts(report) == (0, 0, 10_000, 0)
    assert len(second) < 200


CELL = st.sampled_from(["", "1", "2", "a@example.org", "b@example.org", "DE", "Asha", '"', '"x', "x\ny", "=1", "1984", "\x00"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=12))
def test_counts_add_up_to_the_lines_whatever_they_hold(import_text, rows):
    Customer.objects.all().delete()
    text = HEAD + "".join(",".join(row) + "\n" for row in rows)
    first = import_text(text)
    assert first.lines == sum(counts(first))
    assert Customer.objects.count() == first.created
    again = import_text(text)
    assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
    assert again.rejected == first.rejected
    if all('"' not in cell and "\n" not in cell for row in rows for cell in row):
        assert first.lines == sum(any(cell.strip() for cell in row) for row in rows)


def run_command(path, *options):
    call_command("import_customers", path, *options)


def test_the_command_says_what_it_did_and_ends_with_0(tmp_path, capsys):
    (tmp_path / "c.csv").write_text(HEAD + ASHA)
    run_command(tmp_path / "c.csv", "--dry-run")
    run_command(tmp_path / "c.csv")
    assert "1 created, 0 updated, 0 unchanged, 0 rejected." in capsys.readouterr().out
    assert Customer.objects.count() == 1


def test_the_command_ends_with_1_when_lines_were_rejected(tmp_path, capsys):
    (tmp_path / "c.csv").write_text(HEAD + ASHA + "x\n")
    with pytest.raises(SystemExit) as end:
        run_command(tmp_path / "c.csv", "--rejects", str(tmp_path / "bad.csv"))
    assert end.value.code == 1
    out = capsys.readouterr().out
    assert "Line 3: The line has 1 fields; the header has 8." in out
    assert str(tmp_path / "bad.csv") in out
    assert Customer.objects.count() == 1


def test_the_command_ends_with_2_when_the_file_cannot_be_used(tmp_path):
    with pytest.raises(CommandError, match="cannot be opened") as end:
        run_command(tmp_path / "none.csv")
    assert end.value.returncode == 2
