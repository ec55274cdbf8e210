"""Whatever is granted, redeemed, taken back and expires, in any order: the accounts balance."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.actors import SYSTEM
from desk import triggers
from rewards import expiring, ledger, redeeming, statements, verifying
from rewards.models import Account, Entry, Lot, Posting, Reward
from rewards.refusals import RewardRefused
from tests.make import AT, make_customer, make_tier
from tests.rewards.given import DAY, earned, paying

ACTS = st.lists(
    st.tuples(st.sampled_from(["grant", "reverse", "redeem", "expire"]), st.integers(0, 4), st.integers(1, 60)), max_size=14
)


class TestAnySequence(TestCase):
    """Acts in any order on the rewards of one customer."""

    @settings(max_examples=25)
    @given(acts=ACTS, days=st.sampled_from([None, 3, 10]))
    def test_of_grants_redemptions_reversals_and_expiries_balances(self, acts, days) -> None:
        campaign, asha = paying(balance_days=days), make_customer("Asha Rao")
        first = earned(campaign, asha)
        rewards = [first, *(self._another(first, number) for number in range(4))]
        given_out, spent = {0}, Decimal(0)
        for number, (act, which, amount) in enumerate(acts):
            at = AT + number * DAY
            if act == "grant" and which not in given_out:
                ledger.post_grant(reward=rewards[which], at=at)
                given_out.add(which)
            elif act == "reverse" and which in given_out:
                ledger.post_reversal(reward=rewards[which], reason="Refunded.", at=at)
                given_out.discard(which)
            elif act == "redeem":
                spent += self._redeem(asha, Decimal(amount), number, at)
            elif act == "expire":
                for lot in expiring.spent_lots(at=at):
                    expiring.expire_lot(lot=lot, at=at, by=SYSTEM)
            self._holds(asha)
        redeemed = Posting.objects.filter(account="redeemed:credit").values_list("amount", flat=True)
        assert sum(redeemed) == spent

    def _another(self, like: Reward, number: int) -> Reward:
        tier = make_tier(like.tier.campaign, kind="credit", amount=Decimal(10 + number), title="More")
        return Reward.objects.create(
            referral=like.referral, tier=tier, side="referrer", beneficiary=like.beneficiary, kind="credit", amount=tier.amount,
            currency="EUR", reason="Due.", promised_by=AT.date(), created_at=AT,
        )  # fmt: skip

    def _redeem(self, asha, amount: Decimal, number: int, at) -> Decimal:
        account = Account.objects.get()
        try:
            with transaction.atomic():
                redeeming.redeem(
                    customer=asha, kind="credit", unit="EUR", amount=amount, external_id=f"till-{number}", at=at, by=SYSTEM
                )
        except RewardRefused as refusal:
            assert refusal.code == "balance_too_small" and account.balance < amount
            return Decimal(0)
        return amount

    def _holds(self, asha) -> None:
        assert list(verifying.problems()) == []
        account = Account.objects.get()
        assert account.balance == ledger.balance(asha, "credit", "EUR") >= 0
        assert account.balance == sum(lot.left for lot in Lot.objects.all())
        (statement,) = statements.statements_of(asha)
        own = [line for line in statement.movements if not line.is_owed]
        assert own[0].balance == account.balance
        assert not (account.balance and account.owed) or any(line.kind == "redemption" for line in own)


pytestmark = pytest.mark.django_db


def test_the_same_redemption_told_again_is_the_first_and_another_amount_is_refused() -> None:
    asha = earned(paying()).beneficiary
    told = {"customer": asha, "kind": "credit", "unit": "EUR", "external_id": "till-1", "at": AT, "by": SYSTEM}
    first = redeeming.redeem(amount=Decimal(5), **told)
    assert redeeming.redeem(amount=Decimal(5), **told) == first
    with pytest.raises(RewardRefused, match="told_differently"):
        redeeming.redeem(amount=Decimal(6), **told)
    assert ledger.balance(asha, "credit", "EUR") == 15


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal("20.01")}, "balance_too_small"),
        ({"amount": Decimal(0)}, "amount_wrong"),
        ({"amount": Decimal("1.001")}, "amount_wrong"),
        ({"kind": "cash"}, "not_redeemable"),
    ],
)
def test_what_cannot_be_redeemed_is_refused_in_words(changes: dict[str, object], code: str) -> None:
    asha = earned(paying()).beneficiary
    told = {"customer": asha, "kind": "credit", "unit": "EUR", "amount": Decimal(5), "external_id": "x", "at": AT, "by": SYSTEM}
    with pytest.raises(RewardRefused) as refusal:
        redeeming.redeem(**{**told, **changes})
    assert refusal.value.code == code


def test_what_expires_first_is_spent_first() -> None:
    asha = make_customer("Asha Rao")
    earned(paying(), asha)
    earned(paying(balance_days=10), asha, "Cem Aydin")
    redeeming.redeem(customer=asha, kind="credit", unit="EUR", amount=Decimal(15), external_id="till", at=AT + DAY, by=SYSTEM)
    assert sorted((lot.left, lot.expires_at is None) for lot in Lot.objects.all()) == [(Decimal(5), False), (Decimal(20), True)]
    (statement,) = statements.statements_of(asha)
    assert [(part.amount, part.at) for part in statement.expiring] == [(Decimal("5.00"), AT + 10 * DAY)]


def test_verify_ledger_says_intact_and_names_what_is_wrong() -> None:
    earned(paying())
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == "Intact: 1 entries with 2 postings balance, and so do 1 accounts.\n"
    Account.objects.update(balance=Decimal(21))
    with pytest.raises(CommandError, match=r"says 21.00 EUR as its balance; its postings sum to 20"):
        call_command("verify_ledger", stdout=out)


def test_verify_ledger_names_an_entry_that_does_not_balance() -> None:
    entry = earned(paying()).entries.get()
    triggers.remove(connection)
    Posting.objects.filter(entry=entry, customer__isnull=True).update(amount=Decimal(-19))
    triggers.install(connection)
    with pytest.raises(CommandError, match=f"The entry {entry.reference} does not balance: its postings sum to 1"):
        call_command("verify_ledger", stdout=StringIO())


def test_a_statement_tells_each_movement_with_the_balance_after_it() -> None:
    reward = earned(paying())
    told = {"customer": reward.beneficiary, "kind": "credit", "unit": "EUR", "external_id": "till-1", "by": SYSTEM}
    redeeming.redeem(amount=Decimal(5), at=AT + timedelta(days=1), memo="Coffee", **told)
    ledger.post_reversal(reward=reward, reason="Refunded.", at=AT + timedelta(days=2))
    (statement,) = statements.statements_of(reward.beneficiary)
    assert [(line.words, line.amount, line.balance) for line in statement.movements] == [
        ("Owed: “Thank you” was taken back after it had been used", Decimal(-5), Decimal(5)),
        ("Taken back: Thank you. Refunded.", Decimal(-15), Decimal(0)),
        ("Used: Coffee", Decimal(-5), Decimal(15)),
        ("Thank you", Decimal(20), Decimal(20)),
    ]
    assert Entry.objects.count() == 3
