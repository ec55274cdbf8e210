"""Which model runs short when, and what would fix it, in words."""

from datetime import timedelta

from equipment import denying
from equipment.demand import demands
from equipment.models import DeniedHour, Pool
from equipment.outlook import Outlook, outlooks
from equipment.shortages import Shortage, missing, shortages, ways
from equipment.states import LoanState as S
from tests.equipment import walk
from tests.make import AT, make_pool

WEEK = timedelta(weeks=1)
LEVEL = 0.05


def look(*pools: Pool) -> list[Outlook]:
    return outlooks(pools, at=AT, weeks=4)


def short(*pools: Pool) -> list[Shortage]:
    return shortages(look(*pools), level=LEVEL)


def queue(pool: Pool, number: int) -> None:
    walk.to(S.ON_LOAN, pool)
    for _ in range(number):
        walk.hold(pool)


def wanted(pool: Pool, per_week: int, weeks: int = 10) -> None:
    """So many were turned away in each of the past weeks."""
    for week in range(1, weeks + 1):
        denying.note(pools=[pool] * per_week, account="summer", at=AT - week * WEEK)


def test_a_model_with_enough_of_everything_is_not_named(pool: Pool) -> None:
    assert short(pool) == []
    assert ways(look(pool)[0], look(pool), LEVEL) == []


def test_a_model_says_from_when_where_and_how_many_are_too_few(lone: Pool) -> None:
    queue(lone, 2)
    (found,) = short(lone)
    assert found.sentence == "Aero 7 camera runs short now in Berlin: 2 units too few."
    (place,) = found.places
    assert place.sentence.startswith("Aero 7 camera, Berlin is short of 2 units now")
    assert place.ways == ["2 units more, or loans back before they are due"]


def test_units_of_the_same_model_elsewhere_are_the_first_fix_where_they_are_enough(lone: Pool) -> None:
    queue(lone, 2)
    bonn = make_pool(units=2, model=lone.model, place="Bonn", open_days="1111111")
    (found,) = short(lone, bonn)
    assert found.places[0].ways[0] == "2 units brought over from Bonn"
    walk.hold(bonn)
    assert not any("brought over" in way for way in short(lone, bonn)[0].places[0].ways)


def test_two_places_of_one_model_are_one_line_with_what_would_do_at_each(lone: Pool) -> None:
    bonn = make_pool(units=1, model=lone.model, place="Bonn", open_days="1111111")
    other = make_pool(units=4, open_days="1111111")
    queue(lone, 1)
    queue(bonn, 2)
    (found,) = short(lone, bonn, other)
    assert found.sentence == "Aero 7 camera runs short now in Bonn and Berlin: 3 units too few."
    assert [place.pool for place in found.places] == [bonn, lone]
    assert all("another model: Aero 7 camera, Berlin has 4 units to spare" in place.ways for place in found.places)


def test_who_was_turned_away_makes_a_place_too_small_and_says_so(lone: Pool) -> None:
    assert short(lone) == []
    wanted(lone, 2)
    (one,) = look(lone)
    assert demands([lone], at=AT)[lone.pk].weeks == [2] * 10
    (found,) = short(lone)
    assert found.on is not None and f"{found.on:%-d %B}" in found.sentence
    assert f"{missing(one, LEVEL)} units too few" in found.sentence
    assert "of those who ask would have to wait" in found.places[0].sentence
    assert any(way.startswith("slower invitations") for way in found.places[0].ways)
    assert any(way.startswith("units back sooner") for way in found.places[0].ways)


def test_what_runs_short_first_stands_first(lone: Pool) -> None:
    later = make_pool(units=4, open_days="1111111")
    wanted(later, 2)
    queue(lone, 1)
    assert [one.model for one in short(later, lone)] == [lone.model, later.model]


def test_it_is_counted_by_place_account_and_hour(lone: Pool) -> None:
    for minutes in (0, 59, 60):
        assert denying.note(pools=[lone], account="summer", at=AT + timedelta(minutes=minutes)) == 1
    denying.note(pools=[lone, lone], account="autumn", at=AT)
    rows = [(row.account, row.number) for row in DeniedHour.objects.order_by("account", "hour")]
    assert rows == [("autumn", 2), ("summer", 2), ("summer", 1)]
    assert denying.total(denying.denied(AT, AT + timedelta(hours=1))) == 4
