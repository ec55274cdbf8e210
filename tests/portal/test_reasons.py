"""Why a reward was not given or taken back is read in the customer's language, also where the program wrote it with facts in it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Customer
from notices.models import Notice
from referrals import reviewing
from referrals.models import Referral
from rewards import deciding, expiring, jobs, revoking, words
from rewards.models import Clawback, Reward
from rewards.portal import exporting, mydata
from rewards.reasons import as_said, reason_of
from tests.admin.conftest import approver, signed_in_as
from tests.english import english_in, seen
from tests.make import AT
from tests.occasions import giving_campaign, lending_campaign, reader
from tests.portal.walking import inside
from tests.rewards.given import DAY, FRIENDS, earned
from tests.stories import give, hand_over, issue_to, sign_up, verify

__all__ = ["approver", "signed_in_as"]
pytestmark = pytest.mark.django_db
SOON = AT + 2 * DAY

Story = Callable[[str], Reward]


def over_the_limit(language: str, campaign: Campaign) -> Reward:
    """The second reward of one person, where there may be only one."""
    asha = reader(language)
    return [earned(campaign, asha, name) for name in FRIENDS[:2]][1]


def lapsed(language: str, *, of_the_friend: bool = False, days: int = 30) -> Reward:
    """A reward taken back because somebody left soon after."""
    reward = earned(giving_campaign(lapse_days=days), reader(language))
    who = reward.referral.referee_id if of_the_friend else reward.beneficiary_id
    Customer.objects.filter(pk=who).update(membership="lapsed")
    jobs.claw_back(AT + timedelta(hours=1))
    return Reward.objects.get(pk=reward.pk)


def run_out(language: str, days: int | None = 30) -> Reward:
    """A discount nobody used; without `days` the campaign has no such time any more."""
    reward = earned(giving_campaign("discount", "10", claim_within_days=30), reader(language))
    Campaign.objects.filter(pk=reward.referral.campaign_id).update(claim_within_days=days)
    jobs.expire_unclaimed(AT + 31 * DAY)
    return Reward.objects.get(pk=reward.pk)


REASONS: dict[str, tuple[Story, str, str]] = {
    "one reward": (
        lambda language: over_the_limit(language, giving_campaign(referrer_cap=1)),
        "One person can receive 1 reward from this campaign, and this would be one more.",
        "In dieser Aktion kann jede Person höchstens 1 Prämie erhalten, und diese wäre eine mehr.",
    ),
    "rewards a month": (
        lambda language: over_the_limit(language, giving_campaign(referrer_cap=1, referrer_period="month")),
        "One person can receive 1 reward a month from this campaign, and this would be one more.",
        "In dieser Aktion kann jede Person höchstens 1 Prämie im Monat erhalten, und diese wäre eine mehr.",
    ),
    "days of loan a year": (
        lambda language: over_the_limit(language, lending_campaign(referrer_unit_days=20, referrer_period="year")),
        "One person can borrow for 20 days a year in this campaign, and this would be more.",
        "In dieser Aktion kann jede Person höchstens 20 Tage im Jahr leihen, und mit dieser Prämie wären es mehr.",
    ),
    "worth in so many days": (
        lambda language: over_the_limit(
            language,
            giving_campaign(
                amount="1000", referrer_budget=Decimal("1250.50"), referrer_period="rolling", referrer_days=90
            ),
        ),
        "The rewards of one person may be worth 1,250.50 EUR in 90 days in this campaign, and this would be more.",
        "In dieser Aktion dürfen die Prämien jeder Person höchstens 1.250,50 EUR in 90 Tagen wert sein, und mit dieser wäre es mehr.",
    ),
    "own lapse": (
        lapsed,
        "Your membership ended within 30 days of it.",
        "Deine Mitgliedschaft endete innerhalb von 30 Tagen nach dieser Prämie.",
    ),
    "lapse on the first day": (
        lambda language: lapsed(language, days=1),
        "Your membership ended within 1 day of it.",
        "Deine Mitgliedschaft endete innerhalb von 1 Tag nach dieser Prämie.",
    ),
    "lapse of the friend": (
        lambda language: lapsed(language, of_the_friend=True),
        "Your friend's membership ended within 30 days of it.",
        "Die Mitgliedschaft der Person, die du eingeladen hast, endete innerhalb von 30 Tagen nach dieser Prämie.",
    ),
}  # fmt: skip
CASES = pytest.mark.parametrize(("story", "english", "german"), REASONS.values(), ids=list(REASONS))


def page_of(reward: Reward, language: str) -> str:
    path = f"/my/rewards/{reward.reference}/"
    return unescape(inside(reward.beneficiary).get(path, headers={"accept-language": language}).content.decode())


def mail_about(reward: Reward) -> str:
    kinds = ["reward_cancelled", "reward_revoked", "reward_expired"]
    return Notice.objects.get(kind__in=kinds, customer=reward.beneficiary, channel="email", said_with=None).body_text


@CASES
def test_a_german_customer_reads_why_in_german_on_the_page_and_in_the_mail(story: Story, english: str, german: str) -> None:
    reward = story("de")
    page, mail = page_of(reward, "de"), mail_about(reward)
    assert german in page and english_in(seen(page)) == []
    assert german in mail and english_in(mail) == []


@CASES
def test_an_english_customer_reads_why_in_english(story: Story, english: str, german: str) -> None:
    reward = story("en")
    assert english in page_of(reward, "en") and english in mail_about(reward)


@CASES
def test_staff_and_the_trail_keep_the_english_sentence_whatever_was_spoken_when_it_was_decided(
    approver: Client, story: Story, english: str, german: str
) -> None:
    with translation.override("de"):
        reward = story("de")
    page = unescape(approver.get(reverse("admin:rewards_reward_change", args=[reward.pk])).content.decode())
    assert reward.reason == english and english in page and german not in page
    entry = Entry.objects.filter(event__in=["reward.screened", "reward.withdrawn"], subject_reference=reward.reference).latest("n")
    assert english in entry.sentence or entry.data["reason"] == english
    assert {row.reason for row in Clawback.objects.all()} <= {english}


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (30, "It was not used or collected within 30 days.", "Es wurde innerhalb der Frist (30 Tage) nicht genutzt oder abgeholt."),
        (None, "It was not used or collected in time.", "Es wurde nicht rechtzeitig genutzt oder abgeholt."),
    ],
)
def test_the_mail_about_a_reward_that_ran_out_says_why_in_german_and_staff_read_english(
    days: int | None, english: str, german: str
) -> None:
    reward = run_out("de", days)
    mail = mail_about(reward)
    assert reward.reason == english
    assert german in mail and english_in(mail) == []


@pytest.mark.parametrize("story", [lapsed, run_out])
def test_the_copy_of_ones_data_says_why_in_german(story: Story) -> None:
    asha = story("de").beneficiary
    export = exporting.make(export=exporting.ask(customer=asha, at=AT, by=SYSTEM), at=AT, by=SYSTEM)
    with translation.override("de"):
        why = reason_of(Reward.objects.get(beneficiary=asha))
    page = seen(inside(asha).get(f"/my/data/{export.reference}.html", headers={"accept-language": "de"}).content.decode())
    assert why in page and english_in(page) == []


def test_the_copy_of_ones_data_does_not_say_which_doubts_a_reward_waits_for() -> None:
    asha = reader("de")
    campaign = giving_campaign()
    doubted = verify(sign_up(issue_to(asha, campaign)))
    reviewing.flag(referral=doubted, reason="Same phone as Carla.", at=AT, by=SYSTEM)
    give(Referral.objects.get(pk=doubted.pk))
    reward = Reward.objects.get(beneficiary=asha)
    assert reward.state == "held" and "Carla" in reward.reason
    assert "Carla" not in str(mydata.gathered(asha, at=AT))


def test_the_account_says_in_german_why_something_was_taken_back_also_after_it_was_given_anew_and_taken_back_again() -> None:
    reward = lapsed("de")
    deciding.reopen(reward=reward, reason="Sie kommt im Mai wieder.", at=SOON, by=SYSTEM)
    deciding.approve(reward=reward, at=SOON, by=SYSTEM)
    jobs.fulfil_approved_rewards(SOON + deciding.UNDO_FOR)
    revoking.revoke(reward=Reward.objects.get(pk=reward.pk), reason="Doch nicht im Mai.", at=SOON + DAY, by=SYSTEM)
    answer = inside(reward.beneficiary).get("/my/account/", headers={"accept-language": "de"})
    page = unescape(answer.content.decode())
    assert REASONS["own lapse"][2] in page and "Doch nicht im Mai." in page
    assert english_in(seen(page)) == []


def test_a_unit_is_asked_back_in_german() -> None:
    reward = earned(lending_campaign(lapse_days=30), reader("de"))
    assert reward.loan is not None
    hand_over(reward.loan, reward.loan.pool.units.order_by("pk")[0])
    Customer.objects.filter(pk=reward.beneficiary_id).update(membership="lapsed")
    jobs.claw_back(SOON)
    mail = Notice.objects.get(kind="loan_asked_back", channel="email").body_text
    assert REASONS["own lapse"][2] in mail and english_in(mail) == []


def test_a_reward_reopened_and_declined_shows_the_new_note_and_nothing_of_the_old_reason() -> None:
    reward = lapsed("de")
    deciding.reopen(reward=reward, reason="Sie kommt im Mai wieder.", at=SOON, by=SYSTEM)
    deciding.decline(reward=reward, note="Kein Einkauf.", at=SOON, by=SYSTEM)
    jobs.carry_out_declines(SOON + deciding.UNDO_FOR)
    reward = Reward.objects.get(pk=reward.pk)
    with translation.override("de"):
        assert words.status_of(reward, at=SOON + DAY).why == reason_of(reward) == "Kein Einkauf."
    page = page_of(reward, "de")
    assert "Kein Einkauf." in page and "Mitgliedschaft" not in page
    assert "Mitgliedschaft" not in Notice.objects.get(kind="reward_declined", channel="email").body_text


def test_what_a_person_typed_stays_as_typed_in_every_language() -> None:
    reward = earned(giving_campaign(), reader("de"))
    revoking_reason = "Der Einkauf war Order 17, siehe Beleg."
    revoking.revoke(reward=reward, reason=revoking_reason, at=SOON, by=SYSTEM)
    reward = Reward.objects.get(pk=reward.pk)
    assert reward.reason_said == {}
    assert revoking_reason in page_of(reward, "de") and revoking_reason in page_of(reward, "en")


def test_a_reason_longer_than_its_column_is_cut_there_and_whole_on_the_trail() -> None:
    reward = earned(giving_campaign(), reader("de"))
    long = "The order behind it was given back. " * 12
    revoking.revoke(reward=reward, reason=long.strip(), at=SOON, by=SYSTEM)
    assert Reward.objects.get(pk=reward.pk).reason == long[:300]
    assert long.strip() in Entry.objects.get(event="reward.withdrawn").data


def test_what_was_kept_for_an_earlier_reason_is_kept_on() -> None:
    reward = lapsed("de")
    Reward.objects.filter(pk=reward.pk).update(state="fulfilled", claim_by=SOON)
    assert expiring.expire(reward=reward, at=SOON, by=SYSTEM)
    reward = Reward.objects.get(pk=reward.pk)
    with translation.override("de"):
        assert as_said(reward, REASONS["own lapse"][1]) == REASONS["own lapse"][2]
        assert reason_of(reward) == "Es wurde nicht rechtzeitig genutzt oder abgeholt."


def test_a_reward_of_earlier_days_keeps_its_english_sentence_rather_than_none() -> None:
    reward = lapsed("de")
    Reward.objects.filter(pk=reward.pk).update(reason_said={})
    assert REASONS["own lapse"][1] in page_of(reward, "de")
