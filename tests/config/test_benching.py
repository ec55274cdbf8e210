"""Figures about waiting."""

import pytest
from django.conf import LazySettings

from config.benching import GIVE_UP_SECONDS, BenchRefused, summary, unlock_latency


def test_order_statistics_are_by_nearest_rank_and_what_was_given_up_is_lost() -> None:
    found = summary([0.4, 0.1, 0.3, 0.2, GIVE_UP_SECONDS])
    assert (found.count, found.p50, found.p99, found.slowest, found.lost) == (5, 0.2, 0.4, 0.4, 1)


def test_when_all_were_given_up_no_figure_is_made_up() -> None:
    assert summary([GIVE_UP_SECONDS]).lost == 1


def test_friends_are_only_made_up_in_the_demo_world(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(BenchRefused, match="demo_only"):
        unlock_latency(count=1, progress=lambda: None)
