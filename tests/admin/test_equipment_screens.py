"""Availability and the loans board at the desk."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_pool

AVAILABILITY, BOARD = "/admin/availability/", "/admin/loans-board/"


def words(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_place_that_runs_short_is_shown_first_and_the_headline_says_by_how_much(desk: Client) -> None:
    make_pool(place="Bonn")
    short = make_pool(units=1, place="Ulm")
    walk.to(S.ON_LOAN, short)
    walk.hold(short)
    text = words(desk, AVAILABILITY)
    assert "Aero 7 camera, Ulm is short of 1 unit now" in text
    assert text.index("Aero 7 camera, Ulm</a>") < text.index("Aero 7 camera, Bonn</a>")


def test_a_place_and_how_far_to_look_can_be_chosen_and_stay_in_the_address(desk: Client) -> None:
    bonn = make_pool(place="Bonn", units=2)
    make_pool(place="Ulm", units=1)
    text = words(desk, f"{AVAILABILITY}?pool={bonn.pk}&weeks=4")
    assert "Aero 7 camera, Bonn has 2 units to spare on its fullest day." in text
    assert "next 4 weeks" in text
    for nonsense in ("?pool=x&weeks=y", "?pool=999999&weeks=-1", "?weeks=4000"):
        assert "next 12 weeks" in words(desk, AVAILABILITY + nonsense)


def test_without_equipment_the_page_says_what_to_do_first(desk: Client) -> None:
    assert "There is no equipment yet" in words(desk, AVAILABILITY)


def test_a_shortage_is_among_what_needs_the_manager_today(manager: Client) -> None:
    short = make_pool(units=0, place="Ulm")
    walk.hold(short)
    assert "Places that run short in the next 4 weeks" in words(manager, "/admin/")


def test_the_board_shows_each_open_loan_in_its_column_and_says_what_is_late(desk: Client, clock) -> None:
    loan = walk.to(S.ON_LOAN, make_pool(place="Bonn"))
    assert loan.due_at is not None
    assert "late" not in words(desk, BOARD)
    clock(loan.due_at + timedelta(days=1))
    text = words(desk, BOARD)
    assert str(loan.borrower) in text and "1 late" in text and loan.unit.serial in text


def test_the_board_can_be_narrowed_to_a_model_or_place(desk: Client) -> None:
    here, there = walk.to(S.RETURNED, make_pool(place="Bonn")), walk.to(S.RETURNED, make_pool(place="Ulm"))
    there.borrower.name = "Somebody Else"
    there.borrower.save(update_fields=["name"])
    assert "Somebody Else" in words(desk, BOARD)
    assert "Somebody Else" not in words(desk, f"{BOARD}?place=Bonn")
    assert "Somebody Else" not in words(desk, f"{BOARD}?model={here.pool.model_id}")
    assert "Somebody Else" in words(desk, f"{BOARD}?model=nonsense")


def test_more_loans_and_places_ask_no_more_often(desk: Client) -> None:
    walk.to(S.ON_LOAN, make_pool())
    counts = []
    for _ in range(2):
        for url in (AVAILABILITY, BOARD):
            desk.get(url)
            with CaptureQueriesContext(connection) as queries:
                desk.get(url)
            counts.append(len(queries))
        for place in ("Bonn", "Ulm", "Kiel"):
            walk.to(S.ON_LOAN, make_pool(place=place, units=4), at=AT)
    assert counts[2:] == counts[:2]


def test_who_may_not_see_equipment_is_refused_and_a_stranger_logs_in_first(client: Client, signed_in_as) -> None:
    nobody = signed_in_as("Auditor")
    nobody_user = nobody.get("/admin/").wsgi_request.user
    nobody_user.groups.clear()
    for url in (AVAILABILITY, BOARD):
        assert nobody.get(url).status_code == 403
        assert client.get(url)["Location"].startswith("/admin/login/")
