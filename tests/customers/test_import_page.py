"""Customers brought in through the browser."""

import csv
import io
import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.actors import staff
from audit.models import Entry
from customers import import_runs
from customers.import_kinds import kind_called
from customers.models import Attribute, Customer, ImportRun
from customers.refusals import CustomerRefused
from tests.admin.conftest import administrator, clock, desk, eve, manager, signed_in_as  # noqa: F401
from tests.importing import NOW, Importing, counts, run_now
from tests.make import make_customer

pytestmark = pytest.mark.django_db

HEAD = "external_id,name,email,country,membership\n"
ASHA = "1,Asha Rao,asha@example.org,DE,active\n"
BEN = "2,Ben Okafor,ben@example.org,FR,prospect\n"
BAD = "3,,no-address,XX,sleepy\n"


@pytest.fixture
def mina(manager: Client) -> Importing:  # noqa: F811
    return Importing(manager)


def test_a_file_goes_all_the_way(mina):
    run = mina.imported(HEAD + ASHA + BEN)
    assert (run.state, counts(run)) == ("done", (2, 0, 0, 0))
    assert list(Customer.objects.order_by("external_id").values_list("name", "membership")) == [
        ("Asha Rao", "active"),
        ("Ben Okafor", "prospect"),
    ]
    assert "The import is done" in mina.page(run)


def test_the_check_stores_nothing_and_says_what_would_change(mina):
    make_customer("Asha R.", external_id="1", email="asha@example.org", country="DE", membership="active")
    make_customer("Ben Okafor", external_id="2", email="ben@example.org", country="FR", membership="prospect")
    before = list(Customer.objects.order_by("pk").values())
    run = mina.checked(HEAD + ASHA + BEN + BAD + "4,Chloe Lund,chloe@example.org,,\n")
    assert (run.state, counts(run)) == ("checked", (1, 1, 1, 1))
    assert list(Customer.objects.order_by("pk").values()) == before
    page = mina.page(run)
    assert re.search(r"<b>Name</b>: <del>Asha R.</del> → <ins>Asha Rao</ins>", page)
    assert "Fields that change: Name (1)." in page
    assert "Chloe Lund" in page
    assert "email is not an e-mail address" in page and "name is missing" in page


def test_the_result_of_the_run_is_that_of_the_check(mina):
    make_customer("Asha R.", external_id="1", email="asha@example.org")
    run = mina.checked(HEAD + ASHA + BEN + BAD)
    promised = counts(run)
    mina.do(run, "start")
    assert counts(run_now(run)) == promised == (1, 1, 0, 1)


def test_the_same_file_again_changes_nothing(mina):
    mina.imported(HEAD + ASHA + BEN)
    entries = Entry.objects.filter(subject_type="customer").count()
    run = mina.checked(HEAD + ASHA + BEN)
    assert counts(run) == (0, 0, 2, 0)
    assert "There is nothing to import" in mina.page(run)
    assert Entry.objects.filter(subject_type="customer").count() == entries


def test_starting_twice_stores_once(mina):
    run = mina.checked(HEAD + ASHA)
    mina.do(run, "start")
    mina.do(run, "start")
    run_now(run)
    mina.do(run, "start")
    assert counts(run_now(run)) == (1, 0, 0, 0)
    assert Entry.objects.filter(event="import.started").count() == 1


def test_two_of_a_kind_do_not_run_at_once(mina):
    first, second = mina.checked(HEAD + ASHA), mina.checked(HEAD + BEN)
    mina.do(first, "start")
    assert "Another import of customers is running" in mina.do(second, "start").content.decode()
    run_now(first)
    mina.do(second, "start")
    assert run_now(second).state == "done"


def test_a_shipped_map_is_recognised_with_its_words(mina):
    head = "CustomerId,Surname,Email,CreditScore,Geography,Gender,BirthYear,MemberSince,NumOfProducts,HasCrCard,IsActiveMember,Exited\n"
    line = "7,Rao,rao@bank.example,619,Germany,Female,1984,2024-07-19,2,1,0,1\n"
    run = mina.uploaded(head + line)
    page = mina.columns(run).content.decode()
    assert "map “bank”" in page
    run = mina.imported(head + line)
    rao = Customer.objects.get()
    assert (rao.country, rao.membership, rao.attributes) == (
        "DE",
        "lapsed",
        {"has_card": True, "products": 2, "uses_account": False},
    )
    assert set(Attribute.objects.values_list("name", flat=True)) == {"has_card", "products", "uses_account"}
    assert run.findings["ignored"] == ["Gender"]


def test_headings_of_others_are_guessed_and_said_to_be_guessed(mina):
    run = mina.uploaded("Customer No;First name;Last name;E-Mail;Land\n9;Asha;Rao;asha@example.org;Germany\n")
    page = mina.columns(run).content.decode()
    assert "Guessed from the headings" in page and "semicolons" in page
    assert run_now_with(mina, run).state == "checked"
    mina.do(run, "start")
    run_now(run)
    assert list(Customer.objects.values_list("name", "country")) == [("Asha Rao", "DE")]


def run_now_with(mina, run, **changes):
    assert mina.name_columns(run, **changes).status_code == 302
    return run_now(run)


def test_a_word_nobody_knows_can_be_given_a_meaning(mina):
    run = mina.uploaded("external_id,name,email,membership\n1,Asha Rao,asha@example.org,VIP\n")
    assert "<b>VIP</b> means" in mina.columns(run).content.decode()
    run_now_with(mina, run, word_3_membership_0="active")
    mina.do(run, "start")
    run_now(run)
    assert Customer.objects.get().membership == "active"


def test_words_of_a_column_chosen_only_now_are_asked(mina):
    run = mina.uploaded("external_id,name,email,Stage\n1,Asha Rao,asha@example.org,gold\n")
    answer = mina.name_columns(run, column_3="membership")
    assert answer.status_code == 422
    assert "Say below what the words of Stage mean" in answer.content.decode()
    assert mina.name_columns(run, column_3="membership", word_3_membership_0="active").status_code == 302


@pytest.mark.parametrize(
    ("days", "stored"),
    [(("19.07.2024", "02.03.2024"), "2024-03-02"), (("07/19/2024", "02/03/2024"), "2024-02-03")],
)
def test_the_order_of_days_is_found_in_the_whole_column(mina, days, stored):
    text = "external_id,name,email,member_since\n"
    text += "".join(f"{n},Person {n},p{n}@example.org,{day}\n" for n, day in enumerate(days))
    mina.imported(text)
    assert Customer.objects.get(external_id="1").member_since.isoformat() == stored


def test_days_that_can_be_read_both_ways_are_asked_and_never_guessed(mina):
    run = mina.uploaded("external_id,name,email,member_since\n1,Asha Rao,asha@example.org,02.03.2024\n")
    answer = mina.name_columns(run)
    assert answer.status_code == 422
    assert "could be read both ways" in answer.content.decode()
    run_now_with(mina, run, dates_3="day first")
    mina.do(run, "start")
    run_now(run)
    assert Customer.objects.get().member_since.isoformat() == "2024-03-02"


def test_what_is_still_needed_is_said_and_what_was_chosen_stays(mina):
    run = mina.uploaded(HEAD + ASHA)
    answer = mina.name_columns(run, column_2="", column_3="city")
    assert answer.status_code == 422
    assert "Still needed: E-mail." in answer.content.decode()
    assert answer.context["form"]["column_3"].value() == "city"
    assert ImportRun.objects.get().state == "uploaded"


def test_one_field_is_not_read_from_two_columns_and_not_from_none_and_all(mina):
    run = mina.uploaded(HEAD + ASHA)
    assert "E-mail is read from email already" in mina.name_columns(run, column_3="email").content.decode()
    answer = mina.name_columns(run, fixed_country="DE")
    assert answer.status_code == 422 and "says it line by line" in answer.content.decode()


def test_what_is_the_same_for_every_line_is_given_once(mina):
    mina.imported("external_id,name,email\n1,Asha Rao,asha@example.org\n", fixed_country="AT", fixed_tags="spring")
    assert Customer.objects.values_list("country", "tags").get() == ("AT", ["spring"])


def test_a_map_is_saved_and_applied_to_the_next_file(mina):
    text = "Nr,Wer,Wo,Stufe\n1,Asha Rao,asha@example.org,gold\n"
    chosen = {"column_0": "external_id", "column_1": "name", "column_2": "email", "column_3": "membership"}
    run = mina.uploaded(text)
    run_now_with(mina, run, **chosen, word_3_membership_0="active")
    answer = mina.client.get(f"/admin/import/{run.reference}/map.toml")
    assert answer["Content-Disposition"] == 'attachment; filename="customers-map.toml"'
    second = mina.uploaded(text)
    page = mina.client.post(
        f"/admin/import/{second.reference}/columns/", {"map": SimpleUploadedFile("mine.toml", answer.content)}
    ).context["form"]
    assert page["column_3"].value() == "membership"
    assert page["word_3_membership_0"].value() == "active"


def test_the_next_file_like_the_last_one_is_read_like_it(mina):
    text = "Nr,Wer,Wo\n1,Asha Rao,asha@example.org\n"
    mina.imported(text, column_0="external_id", column_1="name", column_2="email")
    page = mina.columns(mina.uploaded(text.replace("Asha", "Ashok")))
    assert "Read like customers.csv" in page.content.decode()
    assert page.context["form"]["column_0"].value() == "external_id"


@pytest.mark.parametrize("content", [b"[columns]\nshoe = 'x'\n", b"not toml", b"\xff\xfe\x00"])
def test_a_faulty_map_is_refused_and_the_form_stays(mina, content):
    run = mina.uploaded(HEAD + ASHA)
    answer = mina.client.post(f"/admin/import/{run.reference}/columns/", {"map": SimpleUploadedFile("m.toml", content)})
    assert answer.status_code == 422
    assert 'id="map-problem"' in answer.content.decode()
    assert answer.context["form"]["column_0"].value() == "external_id"


def test_rejected_lines_are_fetched_corrected_and_imported(mina):
    run = mina.imported(HEAD + ASHA + BAD)
    assert "Download rejected lines" in mina.page(run)
    answer = mina.client.get(f"/admin/import/{run.reference}/rejected.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["rejected_line"], row["external_id"]) == ("3", "3")
    corrected = text.replace("3,,no-address,XX,sleepy", "3,Chloe Lund,chloe@example.org,DE,active")
    assert counts(mina.imported(corrected)) == (1, 0, 0, 0)


def test_an_import_can_be_left_and_come_back_to(mina):
    run = mina.checked(HEAD + ASHA)
    assert f"/admin/import/{run.reference}/" in mina.client.get("/admin/import/").content.decode()
    mina.do(run, "start")
    page = mina.page(run)
    assert "You can leave this page" in page and "Refresh" in page
    answer = json.loads(mina.client.get(f"/admin/import/{run.reference}/progress.json").content)
    assert answer == {"state": "queued", "done": 0, "total": 2, "counted": "0 of 2"}


def test_zeros_a_spreadsheet_took_away_are_noticed(mina):
    make_customer("Asha Rao", external_id="00123", email="asha@example.org")
    page = mina.columns(mina.uploaded("external_id,name,email\n123,Asha Rao,asha@example.org\n")).content.decode()
    assert "would be known with zeros in front" in page


def test_shortened_numbers_are_noticed(mina):
    page = mina.columns(mina.uploaded("external_id,name,email\n1.2E+15,Asha Rao,asha@example.org\n")).content.decode()
    assert "a spreadsheet has shortened long numbers" in page


def test_scores_are_imported_and_never_shown(mina):
    run = mina.checked("external_id,name,email,credit_score,score_source\n1,Asha Rao,asha@example.org,613,Bureau\n")
    assert run.created == 1
    assert "613" not in mina.page(run)
    assert "613" not in json.dumps(run.findings)


@pytest.mark.parametrize("role", ["Campaign editor", "Approver", "Handover desk"])
def test_who_may_not_import_customers_sees_none_of_it(mina, signed_in_as, role):  # noqa: F811
    run = mina.checked(HEAD + ASHA + BAD)
    client = signed_in_as(role)
    for path in (
        "customers/new/",
        f"{run.reference}/",
        f"{run.reference}/columns/",
        f"{run.reference}/rejected.csv",
        f"{run.reference}/progress.json",
    ):
        assert client.get(f"/admin/import/{path}").status_code == 403, path
    assert client.post(f"/admin/import/{run.reference}/", {"do": "start"}).status_code == 403
    assert Importing(client).upload(HEAD).status_code == 403
    run.refresh_from_db()
    assert run.state == "checked"


def test_the_menu_offers_it_to_those_who_may(mina, eve, desk):  # noqa: F811
    assert "/admin/import/" in mina.client.get("/admin/").content.decode()
    assert "/admin/import/" in desk.get("/admin/").content.decode()
    assert "/admin/import/" in eve.get("/admin/").content.decode()


def test_the_auditor_reads_what_came_of_an_import_and_not_what_stands_in_the_file(mina, eve):  # noqa: F811
    make_customer("Asha R.", external_id="1", email="asha@example.org", country="DE", membership="active")
    run = mina.checked(HEAD + ASHA + BEN + BAD)
    here = f"/admin/import/{run.reference}/"
    assert run.file_name in eve.get("/admin/import/").content.decode()
    page = eve.get(here).content.decode()
    for said in ("You read here. Importing customers takes", "Counted over the whole file", "Fields that change: Name (1).",
                 "email is not an e-mail address", "What stands in the file is shown only to"):  # fmt: skip
        assert said in page, said
    for kept in (
        "ben@example.org",
        "Ben Okafor",
        "Asha R.",
        "New: examples",
        "Changed: examples",
        'name="do"',
        "/columns/",
        "rejected.csv",
    ):
        assert kept in mina.page(run), kept
        assert kept not in page, kept
    assert eve.get(f"{here}columns/")["Location"] == here
    assert eve.get(f"{here}map.toml").status_code == eve.get(f"{here}progress.json").status_code == 200
    assert eve.get(f"{here}rejected.csv").status_code == 403
    for path in ("", "columns/", "rejected.csv", "map.toml"):
        assert eve.post(f"{here}{path}", {"do": "start"}).status_code == 403, path
    assert Importing(eve).upload(HEAD).status_code == eve.get("/admin/import/customers/new/").status_code == 403
    run.refresh_from_db()
    assert run.state == "checked"


def test_whoever_brought_a_file_is_called_by_name(mina):
    run = mina.imported(HEAD + ASHA)
    run.user.first_name, run.user.last_name = "Mina", "Roth"
    run.user.save()
    assert "by Mina Roth" in mina.page(run)
    assert "<td>Mina Roth</td>" in mina.client.get("/admin/import/").content.decode()


def test_the_auditor_is_told_when_a_file_has_no_named_columns_yet_and_when_it_is_done(mina, eve):  # noqa: F811
    run = mina.uploaded(HEAD + ASHA)
    page = eve.get(f"/admin/import/{run.reference}/").content.decode()
    assert "The columns have no names yet" in page and "cancelled" not in page
    done = mina.imported(HEAD + BEN + BAD)
    page = eve.get(f"/admin/import/{done.reference}/").content.decode()
    assert "The import is done" in page and "Rejected lines were left out" in page
    assert "Download" not in page and "Import another file" not in page


def test_who_reads_everything_and_may_see_addresses_reads_the_lines_too(mina, eve):  # noqa: F811
    run = mina.checked(HEAD + ASHA + BAD)
    user = eve.get("/admin/").wsgi_request.user
    user.user_permissions.add(Permission.objects.get(codename="read_contact"))
    here = f"/admin/import/{run.reference}/"
    page = eve.get(here).content.decode()
    assert "asha@example.org" in page and f"{here}rejected.csv" in page and 'name="do"' not in page
    assert b"no-address" in b"".join(eve.get(f"{here}rejected.csv").streaming_content)


@pytest.mark.parametrize("path", ["imp_nothing/", "imp_nothing/columns/", "wishes/new/", "imp_nothing/map.toml"])
def test_what_does_not_exist_is_not_found(administrator, path):  # noqa: F811
    assert administrator.get(f"/admin/import/{path}").status_code == 404


def test_what_has_begun_is_not_read_another_way(mina):
    run = mina.imported(HEAD + ASHA)
    kind = kind_called("customers")
    assert mina.columns(run).status_code == 302
    with pytest.raises(CustomerRefused, match="wrong_state"):
        import_runs.name_columns(run=run, content=run.mapping, options={}, at=NOW, by=staff(run.user))
    with pytest.raises(CustomerRefused, match="wrong_state"):
        import_runs.read_as(run=run, encoding="cp1252", at=NOW, by=staff(run.user))
    with pytest.raises(CustomerRefused, match="wrong_state"):
        import_runs.cancel(run=run, at=NOW, by=staff(run.user))
    assert kind.permission == "customers.import_customers"
