"""Cash rewards leave in batches, each once, and the bank's answer settles them."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.actors import SYSTEM, staff
from audit.models import Entry
from customers.models import Customer
from rewards import ledger, payouts, revoking, verifying
from rewards.models import Account, Batch, Line, Reward
from rewards.payouts import Told
from rewards.refusals import RewardRefused
from tests.admin.conftest import As, At, clock, signed_in_as
from tests.make import AT, make_customer
from tests.rewards.given import DAY, FRIENDS, earned, paying

__all__ = ["clock", "signed_in_as"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def rewards() -> list[Reward]:
    """Three people are to get 20 EUR each."""
    campaign = paying(kind="cash")
    return [earned(campaign, make_customer(f"Asha Rao {n}"), FRIENDS[n]) for n in range(3)]


@pytest.fixture
def batch(rewards: list[Reward]) -> Batch:
    return payouts.gather(currency="EUR", at=AT + DAY, by=SYSTEM)


def line_of(reward: Reward) -> Line:
    return Line.objects.get(reward=reward)


def tell(batch: Batch, *told: tuple[str, str, str]) -> payouts.Report:
    answers = [Told(number, *one) for number, one in enumerate(told, start=2)]
    return payouts.reconcile(batch=batch, told=answers, at=AT + 2 * DAY, by=SYSTEM)


def test_what_waits_is_gathered_once(rewards: list[Reward]) -> None:
    assert payouts.totals() == [("EUR", 3, Decimal(60))]
    batch = payouts.gather(currency="EUR", at=AT, by=SYSTEM)
    assert (batch.count, batch.total, batch.lines.count()) == (3, 60, 3)
    with pytest.raises(RewardRefused, match="nothing_to_pay"):
        payouts.gather(currency="EUR", at=AT, by=SYSTEM)


def test_the_file_names_each_payment_and_nothing_in_it_calculates(batch: Batch, rewards: list[Reward]) -> None:
    Customer.objects.filter(pk=rewards[0].beneficiary_id).update(name="=1+1")
    rows = list(payouts.rows_of(batch))
    assert rows[1] == (
        line_of(rewards[1]).reference, rewards[1].beneficiary.external_id, "Asha Rao 1", Decimal("20.00"), "EUR",
        "Bring a friend: Thank you",
    )  # fmt: skip
    assert len(rows) == 3


def test_the_banks_answer_settles_each_payment_and_the_same_answer_again_changes_nothing(
    batch: Batch, rewards: list[Reward]
) -> None:
    told = [(line_of(rewards[0]).reference, "paid", "20.00"), (line_of(rewards[1]).reference, "failed", "")]
    first = tell(batch, *told)
    assert (first.paid, first.failed, first.already, first.open, first.mismatches) == (1, 1, 0, 1, [])
    again = tell(batch, *told)
    assert (again.paid, again.failed, again.already) == (0, 0, 2)
    assert ledger.balance(rewards[0].beneficiary, "cash", "EUR") == 0
    assert ledger.balance(rewards[1].beneficiary, "cash", "EUR") == 20
    assert list(verifying.problems()) == []


def test_what_was_not_paid_goes_into_the_next_batch(batch: Batch, rewards: list[Reward]) -> None:
    tell(batch, *[(line_of(reward).reference, "paid" if n else "failed", "") for n, reward in enumerate(rewards)])
    batch.refresh_from_db()
    assert batch.state == "settled"
    assert line_of(rewards[0]).reason == "The bank gave no reason."
    assert payouts.gather(currency="EUR", at=AT + 3 * DAY, by=SYSTEM).count == 1


@pytest.mark.parametrize(
    ("payment", "status", "amount", "problem"),
    [
        ("pay_unknown", "paid", "", "There is no such payment in this batch."),
        ("", "maybe", "", "“maybe” is no answer we know. Write paid or failed."),
        ("", "paid", "19,00", "The amount is 19,00; we asked for 20.00."),
        ("", "paid", "twenty", "The amount is twenty; we asked for 20.00."),
    ],
)
def test_what_does_not_fit_is_told_and_left_alone(
    batch: Batch, rewards: list[Reward], payment: str, status: str, amount: str, problem: str
) -> None:
    report = tell(batch, (payment or line_of(rewards[0]).reference, status, amount))
    assert [one.problem for one in report.mismatches] == [problem]
    assert (report.paid, report.open) == (0, 3)


def test_paid_first_and_failed_then_is_a_question_for_the_bank(batch: Batch, rewards: list[Reward]) -> None:
    reference = line_of(rewards[0]).reference
    tell(batch, (reference, "paid", ""))
    assert tell(batch, (reference, "failed", "")).mismatches[0].problem == "It was “paid” before. Ask the bank which is right."


def test_a_reward_taken_back_before_the_file_is_fetched_leaves_the_batch(batch: Batch, rewards: list[Reward]) -> None:
    revoking.revoke(reward=rewards[0], reason="Refunded.", at=AT + DAY, by=SYSTEM)
    assert line_of(rewards[0]).state == "withdrawn"
    assert len(list(payouts.rows_of(batch))) == 2


def test_one_taken_back_too_late_and_paid_all_the_same_is_owed(batch: Batch, rewards: list[Reward]) -> None:
    payouts.mark_sent(batch=batch, at=AT + DAY, by=SYSTEM)
    revoking.revoke(reward=rewards[0], reason="Refunded.", at=AT + DAY, by=SYSTEM)
    tell(batch, (line_of(rewards[0]).reference, "paid", ""))
    account = Account.objects.get(customer=rewards[0].beneficiary)
    assert (account.balance, account.owed) == (0, 20)
    assert list(verifying.problems()) == []


def test_only_who_pays_may_pay(rewards: list[Reward], django_user_model: type) -> None:
    eve = staff(django_user_model.objects.create_user("eve"))
    with pytest.raises(PermissionDenied):
        payouts.gather(currency="EUR", at=AT, by=eve)


# --- at the desk ----------------------------------------------------------------------------------------------------
def test_from_gathering_to_the_banks_answer_at_the_desk(signed_in_as: As, clock: At, rewards: list[Reward]) -> None:
    client: Client = signed_in_as("Accounts")
    assert "60.00 EUR" in client.get("/admin/payouts/").content.decode()
    page = client.post("/admin/payouts/", {"currency": "EUR"}).headers["Location"]
    file = b"".join(client.post(f"{page}file/").streaming_content).decode()  # type: ignore[attr-defined]
    assert file.count("\r\n") == 4 and line_of(rewards[0]).reference in file
    answer = f"payment,status,amount\n{line_of(rewards[0]).reference},paid,20.00\nnonsense,paid,\n"
    text = client.post(page, {"file": SimpleUploadedFile("answer.csv", answer.encode())}).content.decode()
    assert "1 paid, 0 not paid, 2 still on their way." in text and "Line 3, nonsense: There is no such payment" in text
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}).status_code == 422
    assert Entry.objects.filter(event__startswith="batch.").count() == 3


def test_who_approves_does_not_pay(signed_in_as: As, clock: At, batch: Batch) -> None:
    client = signed_in_as("Approver")
    assert client.get("/admin/payouts/").status_code == 403
    assert client.post(f"/admin/payouts/{batch.reference}/file/").status_code == 403
