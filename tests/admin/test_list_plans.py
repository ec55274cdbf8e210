"""How the database finds a page of a long list: by walking an index, on the first page, a deep one and a filtered one.

The tables of a test are small, so that PostgreSQL would rather read and sort them whole; it is told not to, and what is left is
what it can do.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.models import Referral
from tests.admin import world

REFERRALS = "admin:referrals_referral_changelist"
ADDRESSES = {
    REFERRALS: ("", "campaign={campaign}", "progress=signed_up", "standing=flagged", "signed_up_from=2026-01-01", "sort=risk", "sort=-risk"),
    "admin:rewards_reward_changelist": ("", "state=held"),
    "admin:equipment_loan_changelist": ("", "state=held"),
    "admin:notices_notice_changelist": ("", "state=queued"),
    "admin:referrals_code_changelist": ("", "campaign={campaign}"),
    "admin:customers_customer_changelist": ("", "sort=name", "sort=-name"),
    "admin:audit_entry_changelist": ("", "event=reward.approved"),
    "admin:referrals_touch_changelist": ("",),
}  # fmt: skip

SEARCHED = (
    REFERRALS,
    "admin:rewards_reward_changelist",
    "admin:equipment_loan_changelist",
    "admin:notices_notice_changelist",
    "admin:notices_providerevent_changelist",
    "admin:referrals_code_changelist",
    "admin:referrals_story_changelist",
    "admin:customers_customer_changelist",
)
"""Lists whose search looks in several ways at once."""
LONG = (
    "referrals_referral",
    "rewards_reward",
    "equipment_loan",
    "notices_notice",
    "notices_providerevent",
    "referrals_code",
    "referrals_story",
    "customers_customer",
)


@pytest.mark.parametrize("name", ADDRESSES, ids=lambda name: name.split(":")[1].removesuffix("_changelist"))
def test_a_page_of_a_long_list_is_found_by_walking_an_index(administrator: Client, name: str) -> None:
    world.fill()
    world.fill()
    url = reverse(name)
    row = administrator.get(url).context["asked"].shown.rows[0]
    campaign = Referral.objects.order_by("pk")[0].campaign_id
    found = {}
    for asked in ADDRESSES[name]:
        for deep in ("", f"after={row.pk}", f"before={row.pk}"):
            query = "&".join(filter(None, [asked.format(campaign=campaign), deep]))
            found[query] = reads_or_sorts_all(administrator, f"{url}?{query}", row._meta.db_table)
    assert {query: plans for query, plans in found.items() if plans} == {}


@pytest.mark.parametrize("text", ["nobody@example.com", "Nobody", "xx_9999999999999999"])
@pytest.mark.parametrize("name", SEARCHED, ids=lambda name: name.split(":")[1].removesuffix("_changelist"))
def test_a_search_reads_no_table_of_very_many_rows_from_end_to_end(administrator: Client, name: str, text: str) -> None:
    world.fill()
    with CaptureQueriesContext(connection) as captured:
        assert administrator.get(reverse(name), {"q": text}).status_code == 200
    asked = [one["sql"] for one in captured if any(table in one["sql"] for table in LONG) and " IN (SELECT " in one["sql"]]
    assert asked
    read = {table for sql in asked for table in LONG if is_read_whole(explained(sql), sql, table)}
    assert read == set()


def is_read_whole(plan: str, sql: str, table: str) -> bool:
    """Whether a table is read from end to end, under its own name or one it has in an inner query."""
    names = {table, *re.findall(rf'"{table}" (U\d+|T\d+)', sql)}
    if connection.vendor == "postgresql":
        return f"Seq Scan on {table}" in plan
    return any(re.search(rf"\bSCAN {name}\b", plan) for name in names)


def reads_or_sorts_all(client: Client, url: str, table: str) -> list[str]:
    """Plans of the queries for rows of a page that read the table from end to end, or sort it."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    pages = [one["sql"] for one in captured if re.search(rf'FROM "{table}".*LIMIT 51', one["sql"], re.DOTALL)]
    assert pages, url
    return [plan for plan in map(explained, pages) if is_bad(plan, table)]


def explained(sql: str) -> str:
    """The plan of a query, when there are so many rows that an index is worth its while."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{name} = off")
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            for name in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
                cursor.execute(f"RESET enable_{name}")
            return plan
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


def is_bad(plan: str, table: str) -> bool:
    """Whether the whole table is read without an index, or all that match are sorted."""
    if connection.vendor == "postgresql":
        return f"Seq Scan on {table}" in plan or re.search(r"(^|-> +)Sort +\(", plan, re.MULTILINE) is not None
    return "TEMP B-TREE FOR ORDER BY" in plan  # a scan that needs no sorting walks the key, and stops after the page


def test_a_plan_that_sorts_everything_is_found_out(clock: object) -> None:
    world.fill()
    plan = explained('SELECT * FROM "referrals_referral" ORDER BY "progress_reason" LIMIT 51')
    assert is_bad(plan, "referrals_referral")
