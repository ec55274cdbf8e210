"""The queue of approvals at the desk: what it shows, what each button does, and what it says when somebody was faster."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign
from equipment.models import EquipmentModel
from referrals.models import Code, Referral, Signal
from rewards import deciding, jobs, together
from rewards.models import Approval, Reward
from tests.admin.conftest import As, At, approver, clock, eve, signed_in_as
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import give, issue_to, sign_up, verify

__all__ = ["approver", "clock", "eve", "signed_in_as"]
NAMES = ("Ben Okoro", "Cem Aydin", "Dana Fox", "Emil Berg", "Finn Lind")


@pytest.fixture
def code(clock: At) -> Code:
    campaign = make_campaign(pool=make_pool(units=4), approval="manual", both_sides=False, name="Cinema night")
    return issue_to(make_customer("Asha Rao"), campaign)


def wait(code: Code, name: str, minutes: int = 0) -> Reward:
    """A reward of a friend of this name that waits for a person."""
    at = AT + timedelta(minutes=minutes)
    return give(verify(sign_up(code, name, at=at), at=at), at=at)[0]


@pytest.fixture
def waiting(code: Code) -> list[Reward]:
    """Three rewards that wait, the oldest first."""
    return [wait(code, name, minutes) for minutes, name in enumerate(NAMES[:3])]


def decide(client: Client, reward: Reward, decision: str, note: str = "", seen: str = "held-0", query: str = ""):
    url = f"/admin/approvals/{reward.reference}/decide/{query}"
    return client.post(url, {"decision": decision, "note": note, "seen": seen}, follow=True)


def text_of(response) -> str:
    return response.content.decode()


def test_the_queue_is_oldest_first_and_the_oldest_is_open(approver: Client, waiting: list[Reward]) -> None:
    response = approver.get("/admin/approvals/")
    assert [line["reward"] for line in response.context["queue"]] == waiting
    text = text_of(response)
    for words in (
        "3 rewards wait for a decision. Oldest first.", "Asha Rao invited Ben Okoro", "Aero 7 camera, 14 days", "1 of 4",
        "In this campaign a person approves every reward.", "Held until", "The friend confirmed the registration.",
        "No telephone number in common.", "waited 10 minutes",
    ):  # fmt: skip
        assert words in text, words


def test_a_loan_of_one_day_is_said_so(approver: Client, waiting: list[Reward]) -> None:
    EquipmentModel.objects.update(loan_days=1)
    text = text_of(approver.get("/admin/approvals/"))
    assert "Aero 7 camera, 1 day<" in text


def test_what_speaks_against_it_comes_first_and_names_its_evidence(approver: Client, waiting: list[Reward]) -> None:
    Signal.objects.create(
        referral=waiting[0].referral, name="same_phone", strength=40, evidence="Both gave the same telephone number.", at=AT
    )
    checks = approver.get("/admin/approvals/").context["checks"]
    assert (checks[0].words, checks[0].is_ok) == ("Both gave the same telephone number. (strength 40 of 100)", False)
    assert "No telephone number in common." not in [check.words for check in checks]


def test_approving_opens_the_next_and_offers_to_undo(approver: Client, waiting: list[Reward]) -> None:
    response = decide(approver, waiting[0], "approve")
    assert response.redirect_chain[0][0] == f"/admin/approvals/?item={waiting[1].reference}#chosen"
    assert response.context["reward"] == waiting[1]
    assert "Just decided by you" in text_of(response)
    undone = approver.post(f"/admin/approvals/{waiting[0].reference}/undo/", follow=True)
    assert "Undone: the reward waits for a decision again" in text_of(undone)
    assert undone.context["reward"] == waiting[0]
    assert [line["reward"] for line in undone.context["queue"]] == waiting


def test_undoing_after_the_minute_is_refused_in_words(approver: Client, waiting: list[Reward], clock: At) -> None:
    decide(approver, waiting[0], "approve")
    clock(AT + timedelta(minutes=12))
    assert "Just decided by you" not in text_of(approver.get("/admin/approvals/"))
    text = text_of(approver.post(f"/admin/approvals/{waiting[0].reference}/undo/", follow=True))
    assert "The minute for undoing is over" in text
    assert "Open the next one" in text


def test_declining_needs_a_note_and_what_was_typed_stays(approver: Client, waiting: list[Reward]) -> None:
    response = decide(approver, waiting[0], "decline", note=" ")
    assert response.status_code == 422
    assert "Write why: the customer reads exactly this." in text_of(response)
    assert decide(approver, waiting[0], "decline", note="x" * 301).status_code == 422
    assert decide(approver, waiting[0], "nonsense", note="No purchase & no visit.").status_code == 422
    assert "No purchase &amp; no visit." in text_of(decide(approver, waiting[0], "nonsense", note="No purchase & no visit."))
    decide(approver, waiting[0], "decline", note="No purchase.")
    waiting[0].refresh_from_db()
    assert (waiting[0].state, waiting[0].reason) == ("rejected", "No purchase.")


def test_the_customers_letter_is_shown_with_the_place_of_the_note(approver: Client, waiting: list[Reward]) -> None:
    text = text_of(approver.get("/admin/approvals/"))
    assert "If you decline, Asha Rao reads this" in text
    assert "If you ask for more, Asha Rao reads this" in text
    assert "we cannot give it this time: Aero 7 camera" in text
    assert "[Your note stands here.]" in text


def test_asking_for_more_keeps_it_in_the_queue_with_its_date(approver: Client, waiting: list[Reward]) -> None:
    assert decide(approver, waiting[0], "ask").status_code == 422
    response = decide(approver, waiting[0], "ask", note="Please send the receipt.")
    assert "Asked on 2 Mar" in text_of(response)
    text = text_of(approver.get(f"/admin/approvals/?item={waiting[0].reference}"))
    assert "Asked for more on 2 Mar 2026, 12:10 UTC." in text
    assert "Please send the receipt." in text
    assert [line["reward"] for line in approver.get("/admin/approvals/?asked=no").context["queue"]] == waiting[1:]


def test_two_people_on_one_item_do_not_collide(approver: Client, waiting: list[Reward], signed_in_as: As) -> None:
    other = signed_in_as("Administrator")
    decide(other, waiting[0], "approve")
    response = decide(approver, waiting[0], "decline", note="Too late.")
    assert response.status_code == 409
    text = text_of(response)
    assert "administrator approved this reward on 2 Mar 2026, 12:10 UTC." in text
    assert "Approved.</b>" in text and 'name="decision"' not in text
    assert Approval.objects.count() == 1


def test_who_saw_an_older_state_is_told_and_sees_the_new_one_with_the_note_kept(approver: Client, waiting: list[Reward]) -> None:
    deciding.ask(reward=waiting[0], note="The receipt?", at=AT + timedelta(minutes=9), by=deciding.Actor("staff:dev", trusted=True))
    response = decide(approver, waiting[0], "decline", note="My own reason.")
    assert response.status_code == 409
    assert "dev asked the customer for more on 2 Mar 2026, 12:09 UTC." in text_of(response)
    assert "My own reason." in text_of(response)
    fresh = f"held-{Approval.objects.get().pk}"
    assert f'value="{fresh}"' in text_of(response)
    assert decide(approver, waiting[0], "decline", note="My own reason.", seen=fresh).status_code == 200


def test_a_second_click_on_approve_does_no_harm(approver: Client, waiting: list[Reward]) -> None:
    decide(approver, waiting[0], "approve")
    assert decide(approver, waiting[0], "approve").status_code == 409
    assert Approval.objects.count() == 1


def test_the_queue_is_filtered_and_says_when_nothing_matches(approver: Client, waiting: list[Reward], code: Code) -> None:
    Referral.objects.filter(pk=waiting[1].referral_id).update(risk=60)
    assert [line["reward"] for line in approver.get("/admin/approvals/?risk=high").context["queue"]] == [waiting[1]]
    assert len(approver.get(f"/admin/approvals/?campaign={code.campaign.slug}").context["queue"]) == 3
    assert len(approver.get("/admin/approvals/?campaign=no-such").context["queue"]) == 3
    text = text_of(approver.get("/admin/approvals/?risk=medium"))
    assert "No waiting reward matches these filters." in text and "Clear filters" in text


def test_after_a_decision_the_filter_stays(approver: Client, waiting: list[Reward]) -> None:
    response = decide(approver, waiting[2], "approve", query="?risk=low")
    assert response.redirect_chain[0][0] == f"/admin/approvals/?risk=low&item={waiting[0].reference}#chosen"


def test_an_empty_queue_says_so(approver: Client, clock: At) -> None:
    assert "Nothing waits for a decision" in text_of(approver.get("/admin/approvals/"))


def test_a_long_queue_has_pages_of_fifty_that_overlap_nowhere(approver: Client, waiting: list[Reward], monkeypatch) -> None:
    monkeypatch.setattr("rewards.waiting.SHOWN", 2)
    first = approver.get("/admin/approvals/").context
    second = approver.get(first["more_url"]).context
    assert [line["reward"] for line in first["queue"]] == waiting[:2]
    assert [line["reward"] for line in second["queue"]] == waiting[2:]
    assert second["more_url"] == ""


def test_the_queue_asks_as_often_for_many_as_for_one(approver: Client, code: Code) -> None:
    wait(code, "Ben Okoro")
    approver.get("/admin/approvals/")
    with CaptureQueriesContext(connection) as one:
        approver.get("/admin/approvals/")
    for minutes, name in enumerate(NAMES[1:], start=1):
        wait(code, name, minutes)
    with CaptureQueriesContext(connection) as many:
        approver.get("/admin/approvals/")
    assert len(many) <= len(one)


def test_what_is_no_reward_is_not_found(approver: Client, clock: At) -> None:
    assert approver.get("/admin/approvals/?item=rwd_nonsense").status_code == 404
    assert approver.post("/admin/approvals/rwd_nonsense/decide/", {"decision": "approve"}).status_code == 404


@pytest.mark.parametrize("role", ["Marketing manager", "Campaign editor", "Handover desk"])
def test_who_may_not_decide_finds_no_queue_and_no_way_to_decide(signed_in_as: As, waiting: list[Reward], role: str) -> None:
    client = signed_in_as(role)
    assert client.get("/admin/approvals/").status_code == 403
    assert decide(client, waiting[0], "approve").status_code == 403
    assert client.post(f"/admin/approvals/{waiting[0].reference}/undo/").status_code == 403
    assert client.post("/admin/approvals/together/", {"item": waiting[0].reference, "seen": "held-0"}).status_code == 403
    assert client.post("/admin/approvals/undo/", {"item": waiting[0].reference}).status_code == 403
    assert "/admin/approvals/" not in text_of(client.get("/admin/"))


def test_the_auditor_reads_the_queue_and_decides_nothing(eve: Client, waiting: list[Reward], approver: Client) -> None:
    page = eve.get("/admin/approvals/")
    text = text_of(page)
    assert [line["reward"] for line in page.context["queue"]] == waiting
    assert "You read here. Deciding takes the role Approver." in text and "Asha Rao invited Ben Okoro" in text
    for button in ('name="decision"', 'type="checkbox"', "Approve the chosen", "reads this", "/decide/"):
        assert button in text_of(approver.get("/admin/approvals/")), button
        assert button not in text, button
    assert decide(eve, waiting[0], "approve").status_code == 403
    assert eve.post(f"/admin/approvals/{waiting[0].reference}/undo/").status_code == 403
    assert eve.post("/admin/approvals/together/", {"item": waiting[0].reference, "seen": "held-0"}).status_code == 403
    assert eve.get(f"/admin/approvals/together/?item={waiting[0].reference}").status_code == 403
    assert Approval.objects.count() == 0
    menu = eve.get("/admin/").context["menu"]
    assert "approvals" in {link.item.name for group in menu.groups for link in group.links}
    assert reverse("admin:appeals") in text and reverse("admin:asked_back") in text, "what Home leads others to"


def test_the_auditor_reads_a_fresh_decision_and_does_not_undo_it(eve: Client, approver: Client, waiting: list[Reward]) -> None:
    decide(approver, waiting[0], "approve")
    url = f"/admin/approvals/?item={waiting[0].reference}"
    assert "Undo this decision" in text_of(approver.get(url))
    text = text_of(eve.get(url))
    assert "Undo" not in text.split('id="chosen"')[1] and "Just decided by you" not in text and "Open the next one" in text


def test_home_and_menu_lead_to_the_queue_with_its_count(approver: Client, waiting: list[Reward]) -> None:
    text = text_of(approver.get("/admin/"))
    assert "Rewards waiting for your decision" in text
    assert '<b class="count">3' in text


# --- many at once ---------------------------------------------------------------------------------------------------
def test_the_summary_says_what_would_come_of_it_before_it_is_done(approver: Client, waiting: list[Reward]) -> None:
    Referral.objects.filter(pk=waiting[1].referral_id).update(standing="flagged", standing_reason="Same street.")
    response = approver.get("/admin/approvals/together/", {"item": [reward.reference for reward in waiting]})
    summary = response.context["summary"]
    assert [item.refusal for item in summary.items] == ["", "The referral is “to be looked at”: review it first.", ""]
    assert [(stock.wanted, stock.held, stock.free) for stock in summary.stocks] == [(2, 2, 1)]
    assert "2 of 3 would be approved, for 1 person" in text_of(response)
    assert Approval.objects.count() == 0


def test_each_of_many_is_decided_on_its_own_and_the_result_is_listed(approver: Client, waiting: list[Reward]) -> None:
    Referral.objects.filter(pk=waiting[1].referral_id).update(standing="flagged", standing_reason="Same street.")
    data = {"item": [reward.reference for reward in waiting], "seen": ["held-0"] * 3}
    text = text_of(approver.post("/admin/approvals/together/", data))
    assert "2 approved. They go out in a minute; until then each can be undone. 1 was not approved: below it says why." in text
    assert "The referral behind this reward is flagged or blocked." in text
    assert list(Reward.objects.order_by("created_at").values_list("state", flat=True)) == ["approved", "held", "approved"]
    again = text_of(approver.post("/admin/approvals/together/", data))
    assert "None was approved." in again and "approver approved this reward" in again
    assert jobs.fulfil_approved_rewards(AT + timedelta(minutes=12)) == {"fulfilled": 2, "failed": 0}


def test_many_are_undone_with_one_button_and_what_is_given_says_why_it_stays(approver: Client, waiting: list[Reward]) -> None:
    items = [reward.reference for reward in waiting]
    text = text_of(approver.post("/admin/approvals/together/", {"item": items, "seen": ["held-0"] * 3}))
    assert "Undo all 3" in text
    assert "Undo all 3" in text_of(approver.get("/admin/approvals/"))
    Reward.objects.filter(pk=waiting[0].pk).update(undo_until=AT)
    told = text_of(approver.post("/admin/approvals/undo/", {"item": items}, follow=True))
    assert "Undone: 2 rewards wait for a decision again, and nobody was told anything." in told
    assert "1 could not be undone. The first says: " in told
    assert list(Reward.objects.order_by("created_at").values_list("state", flat=True)) == ["approved", "held", "held"]
    again = text_of(approver.post("/admin/approvals/undo/", {"item": items}, follow=True))
    assert "3 could not be undone." in again and "Undone:" not in again


def test_all_are_undone_that_the_button_counts_also_when_they_are_more_than_are_approved_at_once(
    approver: Client, waiting: list[Reward], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "SHOWN", 2)
    for reward in waiting:
        decide(approver, reward, "approve")
    assert "Undo all 3" in text_of(approver.get("/admin/approvals/"))
    approver.post("/admin/approvals/undo/", {"item": [reward.reference for reward in waiting]})
    assert set(Reward.objects.values_list("state", flat=True)) == {"held"}


def test_what_was_just_decided_asks_as_often_for_many_as_for_one(approver: Client, code: Code) -> None:
    rewards = [wait(code, name, minutes) for minutes, name in enumerate(NAMES)]
    counts = []
    for reward in rewards[:3]:
        decide(approver, reward, "approve")
        with CaptureQueriesContext(connection) as made:
            approver.get("/admin/approvals/")
        counts.append(len(made))
    assert counts[2] <= counts[0]


def test_a_long_row_of_decisions_does_not_push_the_queue_away(approver: Client, code: Code) -> None:
    items = [wait(code, name, minutes).reference for minutes, name in enumerate(NAMES[:5])]
    approver.post("/admin/approvals/together/", {"item": items, "seen": ["held-0"] * 5})
    assert "<summary>2 more</summary>" in approver.get("/admin/approvals/").content.decode()


def test_a_budget_that_covers_only_some_is_seen_before(approver: Client, waiting: list[Reward]) -> None:
    Campaign.objects.update(budget=50)
    Reward.objects.update(cost=20, is_budgeted=False)
    response = approver.get("/admin/approvals/together/", {"item": [reward.reference for reward in waiting]})
    assert [bool(item.refusal) for item in response.context["summary"].items] == [False, False, True]
    assert "The budget leaves 10.00 EUR; this one costs 20.00 EUR." in text_of(response)


def test_nothing_chosen_says_what_to_do(approver: Client, clock: At) -> None:
    assert "No reward is chosen." in text_of(approver.get("/admin/approvals/together/"))
    assert approver.post("/admin/approvals/together/", {}).status_code == 200


def test_many_at_once_take_a_bounded_number_of_queries_each(approver: Client, code: Code) -> None:
    rewards = [wait(code, name, minutes) for minutes, name in enumerate(NAMES)]
    items = [reward.reference for reward in rewards]

    def queries(chosen: list[str]) -> int:
        with CaptureQueriesContext(connection) as made:
            approver.post("/admin/approvals/together/", {"item": chosen, "seen": ["held-0"] * len(chosen)})
        return len(made)

    one = queries(items[:1])
    assert queries(items[1:]) <= one + 3 * 25
    with CaptureQueriesContext(connection) as few:
        approver.get("/admin/approvals/together/", {"item": items[:1]})
    with CaptureQueriesContext(connection) as all_of_them:
        approver.get("/admin/approvals/together/", {"item": items})
    assert len(all_of_them) <= len(few) + 3
