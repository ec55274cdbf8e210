"""Many customers wanting the same word, and one customer clicking in many windows, at the same instant."""

import pytest

from audit.actors import Actor, customer
from audit.models import Entry
from campaigns.models import Campaign
from referrals.models import Code, HelpRequest, PromoCode, Story
from referrals.refusals import ReferralRefused
from referrals.sharing import promo_codes
from referrals.sharing.promo_codes import MOST, choose_promo_code
from referrals.voices.help_requests import ask_for_help
from referrals.voices.stories import submit_story
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.races.test_exactly_once import at_once
from tests.stories import issue_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(pool=make_pool(units=5))


def herself(code: Code) -> Actor:
    return customer(code.customer.reference)


def fresh(code: Code) -> Code:
    """The row as another request reads it."""
    return Code.objects.select_related("customer", "campaign").get(pk=code.pk)


def test_of_many_who_choose_one_word_one_has_it_and_the_others_are_told(campaign: Campaign) -> None:
    codes = [issue_to(make_customer(f"Person{number} Lund"), campaign) for number in range(8)]

    def choose(number: int) -> str:
        return choose_promo_code(code=fresh(codes[number]), text="SEASIDE-CAMERA", at=AT, by=herself(codes[number]))

    answers = at_once(choose, times=8)
    assert answers.count("SEASIDE-CAMERA") == 1
    refused = [answer for answer in answers if isinstance(answer, ReferralRefused)]
    assert {answer.code for answer in refused} == {"promo_code_taken"} and len(refused) == 7
    assert PromoCode.objects.count() == Entry.objects.filter(event="code.promo_chosen").count() == 1
    assert Code.objects.exclude(promo_code=None).count() == 1


def test_one_customer_in_many_windows_has_no_more_words_than_one_may(campaign: Campaign) -> None:
    code = issue_to(make_customer("Asha Rao"), campaign)
    answers = at_once(lambda number: choose_promo_code(code=fresh(code), text=f"ASHA-{number}X", at=AT, by=herself(code)), times=10)
    assert PromoCode.objects.count() == MOST
    assert {answer.code for answer in answers if isinstance(answer, ReferralRefused)} == {"promo_codes_too_many"}


def test_without_the_lock_one_customer_could_have_more(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is counted under the lock of the code: two who count before either inserts both find room."""
    code = issue_to(make_customer("Asha Rao"), campaign)
    for number in range(MOST - 1):
        choose_promo_code(code=fresh(code), text=f"ASHA-{number}X", at=AT, by=herself(code))
    insert = promo_codes._insert

    def after_another_window(row: PromoCode) -> None:
        monkeypatch.setattr(promo_codes, "_insert", insert)
        PromoCode.objects.create(code=code, text="OTHER-WINDOW", key="0THERW1ND0W", chosen_at=AT)
        insert(row)

    monkeypatch.setattr(promo_codes, "_insert", after_another_window)
    choose_promo_code(code=fresh(code), text="ASHA-LAST", at=AT, by=herself(code))
    assert PromoCode.objects.count() == MOST + 1


def test_one_story_and_one_question_however_often_they_are_sent(campaign: Campaign) -> None:
    code = issue_to(make_customer("Asha Rao"), campaign)
    values = {"customer": code.customer, "at": AT, "by": herself(code)}
    at_once(lambda _: submit_story(campaign=campaign, text="The camera was a joy to use.", consents=True, **values), times=8)
    at_once(lambda _: ask_for_help(question="Where do I collect it?", **values), times=8)
    assert (Story.objects.count(), HelpRequest.objects.count()) == (1, 1)
    assert Entry.objects.filter(event__in=["story.submitted", "help_request.asked"]).count() == 2
