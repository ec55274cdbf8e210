"""Something else than what was promised: offered, accepted, declined, or served from another place."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from audit.actors import SYSTEM, customer
from audit.models import Entry
from campaigns.models import Campaign
from equipment import jobs as equipment_jobs
from equipment import lending
from equipment.models import Loan, Pool
from equipment.refusals import LoanRefused
from equipment.states import LoanState
from notices.models import Notice
from referrals import jobs, promise_book, substituting
from referrals.models import Promise, SubstituteOffer
from referrals.promise_book import PromiseStanding
from referrals.refusals import ReferralRefused
from referrals.states import OfferState
from rewards import fulfilling
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import give, hand_over, issue_to, sign_up, verify

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return make_pool(units=1, open_days="1111111")


@pytest.fixture
def drones(pool: Pool) -> Pool:
    """Another model at the same place."""
    return make_pool(units=1, open_days="1111111")


@pytest.fixture
def campaign(pool: Pool) -> Campaign:
    return make_campaign(pool=pool, both_sides=False)


@pytest.fixture
def waiting(campaign: Campaign, drones: Pool) -> Promise:
    """A promise in the queue: the only unit is held for somebody before."""
    code = issue_to(make_customer(), campaign)
    sign_up(code)
    return sign_up(code, "Chloe Lund").promises.select_related("loan__borrower").get()


def offer(promise: Promise, pool: Pool, **changes) -> SubstituteOffer:
    values = {"promise": promise, "pool": pool, "reason": "It came back late.", "days": 5, "at": AT, "by": SYSTEM}
    return substituting.offer_substitute(**{**values, **changes})


def refused(*args, **changes) -> str:
    with pytest.raises(ReferralRefused) as caught:
        offer(*args, **changes)
    return caught.value.code


def loan_of(promise: Promise) -> Loan:
    return Promise.objects.select_related("loan__pool__model").get(pk=promise.pk).loan


def last_event(promise: Promise) -> str:
    return Entry.objects.filter(subject_reference=promise.referral.reference).order_by("n").last().event


def test_an_offer_keeps_a_unit_and_leaves_the_place_in_the_queue(waiting: Promise, drones: Pool) -> None:
    made = offer(waiting, drones)
    assert (made.loan.state, made.loan.pool, made.loan.borrower) == (LoanState.HELD, drones, waiting.loan.borrower)
    assert loan_of(waiting).state == LoanState.WAITLISTED
    assert last_event(waiting) == "promise.substitute_offered"
    assert offer(waiting, drones) == made, "asked again, the same offer is answered"


def test_the_customer_reads_what_where_and_until_when(waiting: Promise, drones: Pool) -> None:
    words = substituting.sentence(offer(waiting, drones))
    assert words == (
        "Instead of Aero 7 camera you can have Aero 7 camera in Berlin right away. It is kept for you until 7 March 2026. "
        "If you say no or do not answer, your place stays yours."
    )


def test_who_accepts_gets_that_unit_at_once_and_their_place_goes_to_the_next(waiting: Promise, drones: Pool) -> None:
    made = offer(waiting, drones)
    said = waiting.promised_by
    by = customer(waiting.loan.borrower.reference)
    taken = substituting.accept_substitute(offer=made, at=AT + DAY, by=by)
    assert (taken.state, loan_of(waiting).state, loan_of(waiting).pool) == (OfferState.ACCEPTED, LoanState.HELD, drones)
    assert last_event(waiting) == "promise.substitute_accepted"
    assert Promise.objects.get(pk=waiting.pk).promised_by == said
    assert substituting.accept_substitute(offer=made, at=AT + DAY, by=by).state == OfferState.ACCEPTED


def test_the_reward_is_given_with_the_unit_that_was_accepted(waiting: Promise, drones: Pool) -> None:
    (reward,) = give(verify(waiting.referral))
    assert reward.loan is None or reward.loan.state == LoanState.WAITLISTED
    made = offer(waiting, drones)
    substituting.accept_substitute(offer=made, at=AT + DAY, by=SYSTEM)
    given = fulfilling.fulfil(reward=reward, at=AT + DAY, by=SYSTEM)
    assert (given.state, given.loan.pool, given.loan.state) == ("fulfilled", drones, LoanState.UNLOCKED)
    hand_over(given.loan, drones.units.get(), AT + 2 * DAY)
    rows = promise_book.standing_of(Promise.objects.filter(pk=waiting.pk), at=AT + 3 * DAY)
    assert rows.get().stands == PromiseStanding.KEPT


def test_who_declines_keeps_their_place_and_the_unit_goes_to_the_next(waiting: Promise, drones: Pool) -> None:
    made = offer(waiting, drones)
    behind = lending.hold(pools=[drones], borrower=make_customer(), purpose="x", until=AT + DAY, at=AT, by=SYSTEM)
    by = customer(waiting.loan.borrower.reference)
    substituting.decline_substitute(offer=made, at=AT + DAY, by=by)
    assert substituting.decline_substitute(offer=made, at=AT + DAY, by=by).state == OfferState.DECLINED
    behind.refresh_from_db()
    assert (loan_of(waiting).state, behind.state) == (LoanState.WAITLISTED, LoanState.HELD)
    with pytest.raises(ReferralRefused, match="offer is over"):
        substituting.accept_substitute(offer=made, at=AT + DAY, by=by)


def test_without_an_answer_the_offer_lapses_and_what_was_promised_stands(waiting: Promise, drones: Pool) -> None:
    made = offer(waiting, drones)
    assert jobs.lapse_substitute_offers(made.answer_by - DAY) == {"lapsed": 0, "failed": 0}
    equipment_jobs.expire_holds(made.answer_by)
    assert jobs.lapse_substitute_offers(made.answer_by) == {"lapsed": 1, "failed": 0}
    assert jobs.lapse_substitute_offers(made.answer_by) == {"lapsed": 0, "failed": 0}
    assert last_event(waiting) == "promise.substitute_lapsed"
    with pytest.raises(ReferralRefused, match="offer is over"):
        substituting.accept_substitute(offer=made, at=made.answer_by, by=SYSTEM)


def test_nothing_is_offered_that_is_not_there_or_makes_no_sense(waiting: Promise, pool: Pool, drones: Pool) -> None:
    before = Loan.objects.count()
    assert refused(waiting, make_pool(units=0, place="Ulm")) == "no_capacity"
    assert refused(waiting, pool) == "same_pool"
    assert refused(waiting, drones, reason=" ") == "reason_missing"
    assert refused(waiting, drones, days=31) == "days_impossible"
    assert Loan.objects.count() == before
    offer(waiting, drones)
    assert refused(waiting, make_pool(units=1, place="Kiel")) == "offer_open"


def test_only_staff_may_offer_and_only_the_customer_or_staff_may_answer(waiting: Promise, drones: Pool) -> None:
    stranger = customer(make_customer("Eve Stone").reference)
    with pytest.raises(PermissionDenied):
        offer(waiting, drones, by=stranger)
    made = offer(waiting, drones)
    for answer in (substituting.accept_substitute, substituting.decline_substitute):
        with pytest.raises(PermissionDenied):
            answer(offer=made, at=AT, by=stranger)


def test_a_loan_that_has_its_unit_needs_no_substitute(campaign: Campaign, pool: Pool, drones: Pool) -> None:
    first = sign_up(issue_to(make_customer(), campaign))
    promise = first.promises.get()
    made = offer(promise, drones)
    lending.unlock(loan=loan_of(promise), at=AT, by=SYSTEM)
    lending.prepare(loan=loan_of(promise), unit=pool.units.get(), at=AT, by=SYSTEM)
    with pytest.raises(LoanRefused, match="only one without a unit of its own"):
        substituting.accept_substitute(offer=made, at=AT, by=SYSTEM)
    assert refused(Promise.objects.get(pk=promise.pk), make_pool(units=1, place="Kiel")) in ("offer_open", "nothing_to_replace")


def test_the_same_model_elsewhere_serves_a_promise_and_the_day_that_was_said_stands(
    campaign: Campaign, pool: Pool, drones: Pool
) -> None:
    bonn = make_pool(units=1, model=pool.model, place="Bonn", open_days="1111111")
    pool.units.update(service="repair")
    promise = sign_up(issue_to(make_customer(), campaign)).promises.select_related("loan").get()
    Promise.objects.filter(pk=promise.pk).update(promised_by=AT + 10 * DAY)
    lending_pool = loan_of(promise).pool
    other = bonn if lending_pool == pool else pool
    pool.units.update(service="in_service")
    substituting.serve_from(promise=promise, pool=other, reason="Closer to you.", at=AT, by=SYSTEM)
    assert loan_of(promise).pool == other
    assert Promise.objects.get(pk=promise.pk).promised_by == AT + 10 * DAY
    with pytest.raises(ReferralRefused, match="another model"):
        substituting.serve_from(promise=promise, pool=drones, reason="Closer.", at=AT, by=SYSTEM)


def page_of(offer: SubstituteOffer) -> str:
    (notice,) = Notice.objects.filter(kind="substitute_offered", about=offer.reference)
    return str(re.search(r"/instead/[^\s]+/", notice.body_text).group())


def test_the_customer_is_told_once_and_answers_on_a_page_that_looking_at_does_not_change(
    client: Client, waiting: Promise, drones: Pool
) -> None:
    with time_machine.travel(AT, tick=False):
        made = offer(waiting, drones)
        offer(waiting, drones)
        path = page_of(made)
        words = client.get(path).content.decode()
        assert "Instead of Aero 7 camera you can have Aero 7 camera" in words and "It came back late." in words
        assert loan_of(waiting).state == LoanState.WAITLISTED, "looking changes nothing"
        answered = client.post(path, {"answer": "yes"}, follow=True)
        assert "It is yours" in answered.content.decode()
        assert loan_of(waiting).pool == drones
        assert client.post(path, {"answer": "no"}).status_code == 409


def test_the_customer_may_say_no_and_a_late_or_forged_link_says_what_is_wrong(
    client: Client, waiting: Promise, drones: Pool
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        path = page_of(offer(waiting, drones))
        assert "Your place stays yours" in client.post(path, {"answer": "no"}, follow=True).content.decode()
        second = offer(waiting, drones)
        clock.move_to(second.answer_by)
        late = client.get(page_of(second))
        assert (late.status_code, "This offer is over" in late.content.decode()) == (410, True)
        assert client.get("/instead/forged/").status_code == 404
