"""Availability as a step function, the same numbers everywhere, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.actors import SYSTEM
from campaigns import offers
from equipment import availability, outlook, queueing, servicing
from equipment.availability import Book, Taking, Window
from equipment.intervals import Block
from equipment.models import Loan, Pool
from equipment.states import LoanState as S
from notices.models import Notice
from referrals import outcome, stock
from rewards import jobs, together
from tests.admin.conftest import As, At, clock, desk, signed_in_as  # noqa: F401 (fixtures are used by name)
from tests.equipment import walk
from tests.equipment.test_availability import day, reserve_days
from tests.make import AT, make_campaign, make_customer, make_model, make_pool
from tests.stories import issue_to, sign_up

DAY = timedelta(days=1)


def test_the_worked_example_as_steps_each_with_its_reason(db: None) -> None:
    pool = make_pool(units=4, model=make_model(turnaround_days=2), open_days="1111111")
    for start, end in ((0, 10), (3, 8), (6, 12), (12, 20)):
        reserve_days(pool, start, end)
    steps = availability.steps([pool], start=day(0), end=day(30), at=day(0))[pool.pk]
    found = [((step.start - day(0)).days, (step.end - day(0)).days, step.free) for step in steps]
    assert found == [(0, 3, 3), (3, 6, 2), (6, 10, 1), (10, 14, 2), (14, 22, 3), (22, 30, 4)]
    assert steps[0].reason == "3 of 4 units can be promised; 1 held for others."


def test_a_step_below_zero_says_that_too_much_is_promised_and_why(pool: Pool) -> None:
    loans = [walk.to(S.ON_LOAN, pool), walk.to(S.HELD, pool), walk.to(S.HELD, pool)]
    servicing.change_service(unit=pool.units.order_by("id").last(), service="repair", reason="Fell.", at=AT, by=SYSTEM)
    steps = availability.steps([pool], start=AT, end=AT + 90 * DAY, at=AT)[pool.pk]
    assert [step.free for step in steps] == [-1, 0, 2]
    assert steps[0].reason == "All units that could be promised are held for others."
    assert steps[1].start == loans[0].blocked_until and steps[2].end == AT + 90 * DAY


takings = st.lists(
    st.builds(
        lambda start, length, state, late: Taking(
            Block(AT + start * DAY, None if length is None else AT + (start + length) * DAY), state, "", late
        ),
        st.integers(-5, 20),
        st.none() | st.integers(1, 12),
        st.sampled_from([S.HELD, S.UNLOCKED, S.ON_LOAN, S.RETURNED]),
        st.booleans(),
    ),
    max_size=10,
)


@given(takings, st.integers(0, 6), st.integers(0, 2), st.integers(0, 10), st.integers(1, 20))
def test_the_steps_say_of_every_instant_what_a_look_at_it_says(
    book: list[Taking], units: int, reserve: int, start: int, length: int
) -> None:
    known = Book(units, reserve, book)
    window = Window(AT + start * DAY, AT + (start + length) * DAY)
    steps = known.steps(window)
    assert (steps[0].start, steps[-1].end) == (window.start, window.end)
    assert all(one.end == other.start for one, other in zip(steps, steps[1:], strict=False))
    assert all((one.free, one.reason) != (other.free, other.reason) for one, other in zip(steps, steps[1:], strict=False))
    for number in range(length):
        instant = window.start + number * DAY
        seen = known.look(Window(instant, instant + timedelta(microseconds=1)))
        (step,) = (one for one in steps if one.start <= instant < one.end)
        assert (step.free, step.reason) == (seen.free, seen.reason)
    assert min(step.free for step in steps) == known.look(window).free


# The same numbers everywhere


def test_screens_landing_page_and_what_is_promised_say_the_same_number(desk: Client, clock: At) -> None:  # noqa: F811
    pool = make_pool(units=6, reserve=1, open_days="1111111")
    campaign = make_campaign(pool=pool, both_sides=False, rewarded="referee")
    campaign.tiers.update(side="referee")
    code = issue_to(make_customer("Asha Rao"), campaign)
    for state in (S.ON_LOAN, S.READY, S.HELD):
        walk.to(state, pool)
    (step, *_) = availability.steps([pool], start=AT, end=AT + 90 * DAY, at=AT)[pool.pk]
    (seen,) = outlook.outlooks([pool], at=AT, weeks=4)
    shown = desk.get(reverse("admin:equipment_pool_change", args=[pool.pk])).content.decode()
    listed = desk.get(reverse("admin:equipment_pool_changelist")).content.decode()
    board = desk.get(reverse("admin:availability")).content.decode()
    landing = Client().get(code.get_absolute_url()).content.decode()
    assert step.free == 2
    assert availability.free_now([pool], at=AT)[pool.pk].free == 2
    assert stock.free_in(list(offers.pools_for(campaign, pool.model)), campaign, at=AT) == {pool.pk: 2}
    assert (seen.now.free, seen.lendable - seen.days[0].promised) == (2, 2)
    assert "2 free now" in shown and step.reason in shown and step.reason in listed
    assert re.search(r'data-label="Free now">2<', board) and re.search(r'data-label="Can be promised">2<', board)
    assert "2 free now" in landing
    for _ in range(2):
        assert walk.hold(pool).state == S.HELD
    assert walk.hold(pool).state == S.WAITLISTED, "what the pages said is what can be had, and not one more"


def test_the_mail_to_who_waits_says_the_place_and_the_day_that_every_page_says(desk: Client, clock: At) -> None:  # noqa: F811
    pool = make_pool(units=2, open_days="1111111")
    campaign = make_campaign(pool=pool, both_sides=False, rewarded="referee")
    campaign.tiers.update(side="referee")
    code = issue_to(make_customer("Asha Rao"), campaign)
    for _ in range(2):
        walk.to(S.ON_LOAN, pool)
    walk.hold(pool)
    landing = Client().get(code.get_absolute_url()).content.decode()
    loan = sign_up(code).promises.get().loan
    assert availability.free_now([pool], at=AT)[pool.pk].free == 0
    assert jobs.queue_loan_notices(AT)["queue_joined"] == 1
    mail = Notice.objects.get(kind="queue_joined", customer=loan.borrower).body_text
    place, expected = queueing.place_of(loan), queueing.expected_on(loan, at=AT)
    assert place == 2 and expected is not None
    day_in_words = f"{expected:%-d %B %Y}"
    assert f"Your place in the queue: {place}\n" in mail and f"When we expect one for you: {day_in_words}\n" in mail
    said = outcome.loan_sentence(loan, at=AT)
    assert f"You are number {place} in the queue" in said and day_in_words in said
    assert f"{expected:%-d %B}" in landing, "whoever came next was told the same before signing up"
    board = desk.get(reverse("admin:availability")).content.decode()
    assert re.search(rf'data-label="In the queue">{place}<', board) and re.search(r'data-label="Free now">0<', board)


def test_a_quota_says_the_same_on_the_landing_page_and_under_the_lock(pool: Pool) -> None:
    campaign = make_campaign(pool=pool, both_sides=False)
    campaign.quotas.create(pool=pool, units=2)
    limits = offers.limits_for(campaign)
    for left in (2, 1, 0):
        assert stock.free_in([pool], campaign, at=AT) == {pool.pk: left}
        loan = walk.hold(pool, account=campaign.slug, limits=limits)
    assert loan.state == S.WAITLISTED
    assert "Only 2 of these units" in loan.reason


# What it costs


def closed(pool: Pool, number: int) -> None:
    asha = make_customer()
    Loan.objects.bulk_create(
        Loan(pool=pool, borrower=asha, purpose=f"old_{pool.pk}_{n}", state=S.CLOSED, created_at=AT, ended_at=AT)
        for n in range(number)
    )


def queries_for(pools: list[Pool]) -> list[str]:
    fresh = list(Pool.objects.filter(pk__in=[pool.pk for pool in pools]).select_related("model"))
    with CaptureQueriesContext(connection) as seen:
        availability.steps(fresh, start=AT, end=AT + 90 * DAY, at=AT)
    return [query["sql"] for query in seen]


def test_many_pools_take_two_queries_like_one(db: None) -> None:
    pools = [make_pool(units=1) for _ in range(5)]
    for pool in pools:
        walk.to(S.ON_LOAN, pool)
    assert (len(queries_for(pools[:1])), len(queries_for(pools))) == (2, 2)


def test_loans_that_have_ended_are_not_even_read(pool: Pool) -> None:
    walk.to(S.ON_LOAN, pool)
    closed(pool, 300)
    (sql,) = (sql for sql in queries_for([pool]) if 'FROM "equipment_loan"' in sql)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE equipment_loan")
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    walked_by_state = r"USING INDEX loan_pool_state \(pool_id=\? AND state=\?\)|Index Cond: .*state.* = ANY"
    assert re.search(walked_by_state, plan) and "Seq Scan on equipment_loan" not in plan, plan


def test_the_model_page_says_what_each_pool_says(desk: Client, clock: At, pool: Pool) -> None:  # noqa: F811
    walk.to(S.HELD, pool)
    text = desk.get(reverse("admin:equipment_equipmentmodel_change", args=[pool.model_id])).content.decode()
    assert availability.free_now([pool], at=AT)[pool.pk].reason in text
    assert together.availability is availability, "approvals read it from the same place"


@pytest.mark.parametrize("length", [1, 90, 3650])
def test_a_longer_window_costs_no_more_steps_than_loans_change(pool: Pool, length: int) -> None:
    walk.to(S.ON_LOAN, pool)
    assert len(availability.steps([pool], start=AT, end=AT + length * DAY, at=AT)[pool.pk]) <= 2
