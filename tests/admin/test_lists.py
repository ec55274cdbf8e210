"""What every list of the desk does, whichever model it is of: each behaviour is tried on all of them."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from desk.admin.pages import RowAdmin
from desk.columns import page_of
from desk.lists import ListPage
from desk.lists.filters import SEARCH, Of, _Day
from desk.lists.keyset import Sort, field_at
from tests.admin import world

PAGES = list(admin.site._registry.values())


def lists() -> Iterator[tuple[str, RowAdmin, str]]:
    """Name, page and address of each list."""
    for page in PAGES:
        assert isinstance(page, RowAdmin)
        meta = page.model._meta
        yield meta.label, page, reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def keys(response: Any) -> list[int]:
    """Keys of the rows shown."""
    return [row.pk for row in response.context["asked"].shown.rows]


def rows_of(response: Any) -> list[dict[str, str]]:
    """An exported file, read back."""
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def filled(clock: object) -> None:
    """Two rows at least of everything."""
    world.fill()
    world.fill()


def test_no_list_of_django_is_left() -> None:
    assert [page.model._meta.label for page in PAGES if not isinstance(page, RowAdmin)] == []
    assert [name for name, page, _ in lists() if not isinstance(page.listing, ListPage)] == []


def test_a_list_shows_its_rows_and_the_four_cells_of_a_phone(administrator: Client, filled: None) -> None:
    for name, page, url in lists():
        response = administrator.get(url)
        assert response.status_code == 200, name
        assert keys(response), name
        text = response.content.decode()
        assert page.listing.counted(page.model._default_manager.count()).lower() in text.lower(), name
        columns = page.listing.table.base_columns
        phone = [place for place in page.listing.phone if place in columns and not columns[place].only_exported]
        assert len(phone) == len(page.listing.phone) and 1 <= len(phone) <= 4, name
        assert all(f"on-phone-{place}" in text for place in range(1, len(phone) + 1)), name


def test_each_row_is_named_and_leads_to_its_own_page(administrator: Client, filled: None) -> None:
    for name, _, url in lists():
        response = administrator.get(url)
        text = response.content.decode()
        for row in response.context["asked"].shown.rows:
            links = re.findall(rf'<a href="{page_of(row)}">([^<]*)</a>', text)
            assert links and links[0].strip(" –"), (name, row.pk)


def test_every_filter_takes_what_it_offers(administrator: Client, filled: None) -> None:
    for name, page, url in lists():
        asked = administrator.get(url).context["asked"]
        for key, one in asked.filters.filters.items():
            for value in offered(asked, key, one, page):
                response = administrator.get(url, {key: value})
                assert response.status_code == 200, (name, key, value)
                assert key == SEARCH or response.context["asked"].filters.set_filters() == [key], (name, key, value)
                assert response.context["asked"].count <= asked.count, (name, key)


def offered(asked: Any, key: str, one: Any, page: RowAdmin) -> list[str]:
    """Some values of a filter."""
    if isinstance(one, _Day):
        return ["2026-11-01", "2026-12-31"]
    if isinstance(one, Of):
        return [str(getattr(page.model._default_manager.exclude(**{one.field_name: None})[0], f"{one.field_name}_id"))]
    choices = getattr(asked.filters.form.fields[key], "choices", None)
    if choices is None:
        return ["1"]
    return [str(value) for value, _ in choices if value][:4]


def test_a_filter_that_cannot_be_is_named_and_the_list_is_still_shown(administrator: Client, filled: None) -> None:
    for name, _, url in lists():
        shown = keys(administrator.get(url))
        for key, one in administrator.get(url).context["asked"].filters.filters.items():
            if key == SEARCH:
                continue
            response = administrator.get(url, {key: "no such thing"})
            assert response.status_code == 422, (name, key)
            assert f"“{one.label}” cannot be “no such thing”:" in response.content.decode(), (name, key)
            assert keys(response) == shown, (name, key)
        strange = administrator.get(url, {"state__exact": "held"})
        assert "This list has no filter “state__exact”" in strange.content.decode(), name


def test_every_order_is_offered_by_a_head_and_kept(administrator: Client, filled: None) -> None:
    for name, page, url in lists():
        for column, sort in page.listing.sorts().items():
            for asked, word in ((column, "ascending"), (f"-{column}", "descending")):
                response = administrator.get(url, {"sort": asked})
                assert f'aria-sort="{word}"' in response.content.decode(), (name, asked)
                found = [value_at(row, sort.path) for row in response.context["asked"].shown.rows]
                if not any(isinstance(value, str) for value in found):  # databases differ about the order of letters
                    assert found == sorted(found, reverse=word == "descending"), (name, asked)
        assert administrator.get(url, {"sort": "no_such_column"}).status_code == 422, name


def value_at(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def test_the_own_order_of_a_list_is_by_a_column_that_every_row_has(clock: object) -> None:
    for name, page, _ in lists():
        for sort in [Sort.parse(page.listing.order), *page.listing.sorts().values()]:
            assert field_at(page.model, sort.path)[1] is False, (name, sort)


def test_a_search_finds_nothing_that_is_not_there_and_says_so(administrator: Client, filled: None) -> None:
    for name, page, url in lists():
        if page.listing.has_search:
            text = administrator.get(url, {"q": "zzz-nobody-has-this"}).content.decode()
            assert "Nothing matches these filters." in text and "Clear filters" in text, name
            assert administrator.get(url, {"q": "asha \x00 %_'\""}).status_code in (200, 422), name


WAYS = (
    ("referrals.Referral", "reference"),
    ("referrals.Referral", "code__code"),
    ("referrals.Referral", "referrer__name"),
    ("referrals.Referral", "referee__email"),
    ("referrals.Code", "code"),
    ("rewards.Reward", "reference"),
    ("rewards.Reward", "beneficiary__name"),
    ("equipment.Loan", "reference"),
    ("equipment.Loan", "borrower__email"),
    ("equipment.Loan", "unit__serial"),
    ("equipment.Unit", "serial"),
    ("equipment.Pool", "place"),
    ("equipment.EquipmentModel", "name"),
    ("customers.Customer", "name"),
    ("customers.Customer", "email"),
    ("customers.Customer", "reference"),
    ("campaigns.Campaign", "name"),
    ("notices.Notice", "customer__name"),
    ("notices.Template", "subject"),
    ("customers.Agreement", "slug"),
    ("audit.Entry", "actor"),
    ("audit.Entry", "subject_reference"),
    ("referrals.Touch", "code__code"),
)
"""What a typed text may be, list by list."""


def test_a_search_finds_a_row_by_each_of_its_ways(administrator: Client, filled: None) -> None:
    addresses = {name: (page, url) for name, page, url in lists()}
    for label, path in WAYS:
        page, url = addresses[label]
        row = page.model._default_manager.exclude(**{path: ""}).exclude(**{f"{path}__isnull": True}).order_by("pk")[0]
        response = administrator.get(url, {"q": str(value_at(row, path))})
        assert row.pk in response.context["asked"].rows.values_list("pk", flat=True), (label, path)


def test_a_customer_is_found_by_surname(administrator: Client, filled: None) -> None:
    url = reverse("admin:customers_customer_changelist")
    response = administrator.get(url, {"q": "okoro"})
    assert [str(row).split()[-1] for row in response.context["asked"].shown.rows] == ["Okoro", "Okoro"]


def test_pages_go_on_and_back_without_missing_or_doubling_a_row(
    administrator: Client, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListPage, "size", 3)
    for name, page, url in lists():
        orders = [None, *page.listing.sorts(), *(f"-{column}" for column in page.listing.sorts())]
        for order in orders:
            walked = walk(administrator, url, order)
            seen = [key for keys_ in walked for key in keys_]
            assert len(seen) == len(set(seen)), (name, order)
            # The trail grows while it is read by nobody; all others are exactly what there is.
            assert set(seen) == set(page.model._default_manager.values_list("pk", flat=True)), (name, order)


def walk(client: Client, url: str, order: str | None) -> list[list[int]]:
    """The keys of each page, to the end and back; the way back must show what the way there did."""
    address = f"{url}?sort={order}" if order else url
    there = []
    while True:
        response = client.get(address)
        there.append(keys(response))
        if not response.context["next_url"]:
            break
        address = url + response.context["next_url"]
    back = [there[-1]]
    while response.context["previous_url"]:
        response = client.get(url + response.context["previous_url"])
        back.append(keys(response))
    assert back[::-1] == there, (url, order)
    return there


def test_a_list_is_exported_as_it_is_filtered_and_that_is_on_the_trail(administrator: Client, filled: None) -> None:
    for name, page, url in lists():
        before = Entry.objects.filter(event="list.exported").count()
        number = page.model._default_manager.count()
        response = administrator.post(url, {"export": "comma"})
        assert response["Content-Type"] == "text/csv; charset=utf-8", name
        assert re.fullmatch(r'attachment; filename="[a-z-]+-\d{4}-\d\d-\d\d.csv"', response["Content-Disposition"]), name
        found = rows_of(response)
        assert len(found) == number + (name == "audit.Entry"), name  # which holds the entry about its own export
        columns = page.listing.table.base_columns.values()
        assert list(found[0]) == [column.verbose_name for column in columns], name
        assert not any("<" in value and "class=" in value for row in found for value in row.values()), name
        entry = Entry.objects.filter(event="list.exported").order_by("-pk")[0]
        assert Entry.objects.filter(event="list.exported").count() == before + 1, name
        assert entry.subject_reference == page.model._meta.label_lower
        assert entry.sentence == f"Exported as a file: {number} rows. Filters: none."
        assert entry.actor == "staff:administrator"


def test_the_trail_of_an_export_names_filters_and_nobody(administrator: Client, filled: None) -> None:
    url = reverse("admin:referrals_referral_changelist")
    found = rows_of(administrator.post(f"{url}?progress=qualified&q=asha&signed_up_from=2026-01-01", {"export": "semicolon"}))
    assert len(found) == 2 and next(iter(found[0])).startswith("Friend;Referrer;Campaign;")
    entry = Entry.objects.get(event="list.exported")
    assert entry.sentence.endswith("Filters: progress qualified, q (text), signed_up_from 2026-01-01.")
    assert "asha" not in entry.sentence.lower() + entry.data.lower()


def test_an_empty_list_says_why_and_offers_no_export(administrator: Client) -> None:
    for name, page, url in lists():
        if not page.model._default_manager.exists():
            text = administrator.get(url).content.decode()
            assert (page.listing.nothing_yet or f"There are no {page.listing.many} yet.") in text.replace("&#x27;", "'"), name
            assert "Export CSV" not in text, name


@pytest.mark.parametrize(("model", "kind"), [("customers_customer", "customers"), ("equipment_unit", "units")])
def test_an_empty_list_leads_to_the_file_it_begins_with_whoever_may_import_one(
    administrator: Client, approver: Client, model: str, kind: str
) -> None:
    url, way_in = reverse(f"admin:{model}_changelist"), f'href="{reverse("admin:import_upload", args=[kind])}"'
    assert way_in in administrator.get(url).content.decode()
    assert administrator.get(f"{url}?q=nobody").content.decode().count(way_in) == 0, "a search that finds nothing is no beginning"
    assert way_in not in approver.get(url).content.decode()


def test_who_may_not_see_a_list_is_told_so(client: Client, filled: None) -> None:
    client.force_login(User.objects.create_user("noel", is_staff=True))
    for name, _, url in lists():
        assert client.get(url).status_code == 403, name
        assert client.post(url, {"export": "comma"}).status_code == 403, name
    assert not Entry.objects.filter(event="list.exported").exists()


def test_a_stranger_is_sent_to_the_log_in_page(client: Client, filled: None) -> None:
    for name, _, url in lists():
        assert client.get(url)["Location"].startswith("/admin/login/"), name
        assert client.post(url, {"export": "comma"})["Location"].startswith("/admin/login/"), name


def test_a_column_behind_a_permission_is_in_no_file_of_who_has_it_not(client: Client, filled: None) -> None:
    user = User.objects.create_user("noel", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_customer"))
    client.force_login(user)
    url = reverse("admin:customers_customer_changelist")
    assert not {"E-mail", "Telephone", "Postcode", "City"} & set(rows_of(client.post(url, {"export": "comma"}))[0])
    user.user_permissions.add(Permission.objects.get(codename="read_contact"))
    client.force_login(User.objects.get(pk=user.pk))
    assert rows_of(client.post(url, {"export": "comma"}))[0]["E-mail"]


def test_the_name_of_another_row_is_only_for_who_may_open_it(client: Client, filled: None) -> None:
    user = User.objects.create_user("noel", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_loan"))
    client.force_login(user)
    url = reverse("admin:equipment_loan_changelist")
    assert "Asha Rao" not in client.get(url).content.decode()
    assert {row["Borrower"][:4] for row in rows_of(client.post(url, {"export": "comma"}))} == {"cus_"}


def test_a_page_of_the_desk_is_compressed_on_its_way(administrator: Client, filled: None) -> None:
    url = reverse("admin:equipment_loan_changelist")
    whole = administrator.get(url)
    small = administrator.get(url, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in whole
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) * 3 < len(whole.content)
    assert b"Asha Rao" in gzip.decompress(small.content)
    lengths = {len(administrator.get(url, headers={"Accept-Encoding": "gzip"}).content) for _ in range(12)}
    assert len(lengths) > 1, "its length says nothing about what stands on it (BREACH)"


def test_no_more_rows_are_counted_than_is_said(administrator: Client, filled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.lists.asking.COUNTED", 2)
    text = administrator.get(reverse("admin:referrals_referral_changelist")).content.decode()
    assert "More than 2 referrals" in text


def test_a_day_is_a_whole_day(administrator: Client, filled: None) -> None:
    url = reverse("admin:referrals_referral_changelist")
    day = administrator.get(url).context["asked"].shown.rows[0].signed_up_at.date()
    assert isinstance(day, date)
    both = {"signed_up_from": day.isoformat(), "signed_up_to": day.isoformat()}
    assert administrator.get(url, both).context["asked"].count == 4
