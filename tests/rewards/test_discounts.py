"""Discount codes at the desk: scanned or typed, looked at, marked used once."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from audit.actors import SYSTEM
from audit.models import Entry
from rewards import jobs, redeeming, revoking
from rewards.models import Reward
from tests.admin.conftest import As, At, clock, eve, signed_in_as
from tests.make import AT
from tests.rewards.given import DAY, earned, paying

__all__ = ["clock", "eve", "signed_in_as"]
pytestmark = pytest.mark.django_db
PAGE = "/admin/discounts/"


@pytest.fixture
def reward() -> Reward:
    return Reward.objects.get(pk=earned(paying(kind="discount", amount="10", claim_within_days=30)).pk)


@pytest.fixture
def till(signed_in_as: As) -> Client:
    return signed_in_as("Accounts")


def words_of(client: Client, code: str) -> str:
    return client.get(PAGE, {"code": code}).content.decode()


def test_a_code_says_what_it_is_worth_and_until_when_and_looking_changes_nothing(till: Client, reward: Reward) -> None:
    text = words_of(till, f" {str(reward.voucher).lower()[:5]}-{str(reward.voucher).lower()[5:]} ")
    assert "A discount of 10 %" in text and "works until 1 Apr 2026" in text and "Mark as used" in text
    assert Reward.objects.get().used_at is None


def test_a_code_is_marked_used_once_and_the_second_time_says_when(till: Client, reward: Reward) -> None:
    first = till.post(PAGE, {"code": reward.voucher}, follow=True).content.decode()
    assert "Marked as used." in first and "This code was used on 2 March 2026 at 12:10 UTC." in first
    assert "Mark as used" not in first
    second = till.post(PAGE, {"code": reward.voucher}, follow=True).content.decode()
    assert "Marked as used." not in second and "This code was used on 2 March 2026 at 12:10 UTC. It works once." in second
    (entry,) = Entry.objects.filter(event="reward.used")
    assert (entry.actor, entry.subject_reference) == ("staff:accounts", reward.reference)
    assert str(reward.voucher) in till.get(PAGE).content.decode(), "it stands under what was used last"


def test_a_code_that_is_unknown_taken_back_or_over_says_so(till: Client, reward: Reward, clock: At) -> None:
    unknown = till.get(PAGE, {"code": "NONSENSE<b>"})
    assert unknown.status_code == 404 and "There is no discount with this code" in unknown.content.decode()
    assert "NONSENSE&lt;b&gt;" in unknown.content.decode()
    other = Reward.objects.get(pk=earned(paying(kind="discount", amount="10"), name="Cem Aydin").pk)
    revoking.revoke(reward=other, reason="The order came back.", at=AT, by=SYSTEM)
    assert "can no longer be used" in words_of(till, str(other.voucher))
    clock(AT + 31 * DAY)
    assert "The time of this code is over. It could be used until 1 April 2026." in words_of(till, str(reward.voucher))
    jobs.expire_unclaimed(AT + 31 * DAY)
    assert "The time of this code is over." in words_of(till, str(reward.voucher))


def test_who_may_not_redeem_neither_looks_nor_marks(signed_in_as: As, reward: Reward) -> None:
    manager = signed_in_as("Marketing manager")
    assert manager.get(PAGE, {"code": reward.voucher}).status_code == 403
    assert manager.post(PAGE, {"code": reward.voucher}).status_code == 403
    assert Reward.objects.get().used_at is None


def test_the_auditor_looks_a_code_up_and_does_not_mark_it(till: Client, eve: Client, reward: Reward) -> None:
    code = str(reward.voucher)
    assert "Mark as used" in words_of(till, code)
    text = words_of(eve, code)
    assert "Mark as used" not in text and "It was not used yet." in text and "Marking a code used takes the role Accounts." in text
    assert eve.post(PAGE, {"code": code}).status_code == 403
    assert Reward.objects.get().used_at is None


def test_the_page_asks_the_same_number_of_questions_however_many_were_used(
    till: Client, reward: Reward, django_assert_max_num_queries
) -> None:
    campaign = reward.referral.campaign
    for n, name in enumerate(("Cem Aydin", "Dana Fox", "Emil Berg")):
        other = Reward.objects.get(pk=earned(campaign, reward.beneficiary, name).pk)
        redeeming.use_code(code=str(other.voucher), at=AT + n * DAY, by=SYSTEM)
    with django_assert_max_num_queries(14):
        till.get(PAGE)


def test_the_command_does_the_same_in_the_name_of_who_may(reward: Reward, signed_in_as: As) -> None:
    signed_in_as("Accounts")
    signed_in_as("Approver")
    out = StringIO()
    with pytest.raises(CommandError, match="redeem_account"):
        call_command("use_code", reward.voucher, "--as=approver", stdout=out)
    call_command("use_code", reward.voucher, "--as=accounts", stdout=out)
    assert "is used now: a discount of 10 % for Asha Rao." in out.getvalue()
    with pytest.raises(CommandError, match="used on"):
        call_command("use_code", reward.voucher, stdout=out)
    assert User.objects.filter(username="accounts").exists()
