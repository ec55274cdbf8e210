"""Figures about waiting."""

import json
import os

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from config.benching import GIVE_UP_SECONDS, BenchRefused, summary, unlock_latency
from config.landing_bench import landing_costs
from config.list_bench import list_costs
from config.promise_bench import Cost, promise_costs, ratios
from config.served_bench import has_peer, prepare_peer
from config.simulation import scratch
from equipment.models import Loan
from referrals.models import Referral
from tests.make import make_campaign, make_customer
from tests.stories import issue_to


def test_order_statistics_are_by_nearest_rank_and_what_was_given_up_is_lost() -> None:
    found = summary([0.4, 0.1, 0.3, 0.2, GIVE_UP_SECONDS])
    assert (found.count, found.p50, found.p99, found.slowest, found.lost) == (5, 0.2, 0.4, 0.4, 1)


def test_when_all_were_given_up_no_figure_is_made_up() -> None:
    assert summary([GIVE_UP_SECONDS]).lost == 1


def test_friends_are_only_made_up_in_the_demo_world(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(BenchRefused, match="demo_only"):
        unlock_latency(count=1, progress=lambda: None)


def test_what_an_invitation_costs_is_measured_and_leaves_no_visit(db: None, settings: LazySettings) -> None:
    settings.DEMO = True
    code = issue_to(make_customer(), make_campaign(starts_at=None), timezone.now())
    costs = landing_costs(count=1, progress=lambda done: None)
    assert [(cost.name, cost.queries) for cost in costs[:2]] == [("an empty page", 0), ("invitation, kept", 2)]
    assert costs[2].queries > 10
    assert costs[0].times_processor(costs[0]) == costs[0].times_requests(costs[0]) == 1
    assert not code.touches.exists()


def test_without_an_open_invitation_there_is_nothing_to_measure(db: None, settings: LazySettings) -> None:
    settings.DEMO = True
    with pytest.raises(BenchRefused, match="no_codes"):
        landing_costs(count=1, progress=lambda done: None)


@pytest.mark.django_db(transaction=True)
def test_what_a_promise_costs_is_measured_beside_few_and_many_loans_in_a_database_of_its_own() -> None:
    made: list[int] = []
    costs = promise_costs(sizes=(200, 400), progress=made.append)
    assert [cost.loans for cost in costs] == [200, 400] and sum(made) == 400
    assert all(cost.promise > 0 and cost.availability > 0 for cost in costs)
    assert not Loan.objects.exists()


def test_a_ratio_says_how_many_times_the_first_the_last_one_costs() -> None:
    assert ratios([Cost(10, 2.0, 0.5), Cost(100, 3.0, 0.5)]) == (1.5, 1.0)


@pytest.mark.django_db(transaction=True)
def test_pages_of_a_list_are_measured_beside_few_and_many_rows_in_databases_of_their_own() -> None:
    made: list[int] = []
    costs = list_costs(sizes=(300, 1200), rounds=1, progress=made.append)
    assert sum(made) == 1500
    assert {"first page", "last page", "one campaign", "by name"} <= {cost.name for cost in costs}
    assert all(cost.small > 0 and cost.ratio > 0 for cost in costs)
    assert not Referral.objects.exists() and not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_peer_is_measured_in_a_site_and_a_database_of_its_own() -> None:
    assert has_peer()
    with scratch.empty("peer") as database:
        surroundings = {**os.environ, "DATABASE": json.dumps(database), "CODE": "peer", "DJANGO_SETTINGS_MODULE": ""}
        assert prepare_peer(surroundings) > 2, "a new visitor costs it more queries than an invitation costs here"
    assert "pinax_referrals_referral" not in connection.introspection.table_names()
