"""The records that parts are told: what they work out themselves."""

import pytest

from desk.parts import Check, Goal, Kind, Progress, change, cohorts, not_allowed, nothing_matches


@pytest.mark.parametrize(
    ("now", "before", "said", "is_good"),
    [
        (110, 100, "+10%", True),
        (90, 100, "−10%", False),
        (100, 100, "no change", None),
        (1_001, 1_000, "no change", None),
        (1_090, 100, "+990%", True),
        (3_000, 100, "+2,900", True),
        (0, 4, "−100%", False),
    ],
)
def test_a_change_is_said_in_whole_per_cent(now: int, before: int, said: str, is_good: bool | None) -> None:
    made = change(now, before)
    assert made is not None
    assert (made.words, made.is_good) == (said, is_good)


def test_nothing_is_said_about_a_change_from_nothing() -> None:
    assert change(5, 0) is None


def test_fewer_is_good_where_fewer_is_better() -> None:
    made = change(90, 100, more_is_better=False)
    assert made is not None and made.is_good


def test_a_goal_that_is_reached_is_green_and_its_bar_full() -> None:
    assert (Goal(1.2, "").bar.width, Goal(1.2, "").bar.tone) == (100, "ok")
    assert Goal(0.4, "").bar.tone == ""


def test_a_check_that_did_not_pass_is_to_be_looked_at_unless_it_says_more() -> None:
    assert [check.mark for check in (Check("a"), Check("a", False), Check("a", False, tone="bad"))] == ["ok", "warn", "bad"]


def test_the_three_reasons_for_nothing_are_told_apart() -> None:
    assert nothing_matches("referrals", "/all/").kind == Kind.NO_MATCH
    assert nothing_matches("referrals", "/all/").action == "Clear filters"
    assert not_allowed("rewards", "an approver").sentence == "You may not see rewards. Ask an approver if you need to."


def test_progress_without_an_end_says_how_much_is_done() -> None:
    assert Progress(1_200, None, "Reading").counted == "1,200 so far"
    assert Progress(0, 0, "Reading").counted == "0 of 0"


def test_cells_of_cohorts_are_darker_the_more_came() -> None:
    grid = cohorts(
        "Month", ["1", "2", "3", "4", "5"], [("Aug", 100, [0, 1, 50, 100, None]), ("Sep", 0, [0, None, None, None, None])]
    )
    assert [cell.depth for cell in grid.rows[0].cells] == [0, 1, 3, 4, 0]
    assert [cell.words for cell in grid.rows[0].cells] == ["0%", "1%", "50%", "100%", ""]
    assert grid.rows[1].cells[0].words == "–"
