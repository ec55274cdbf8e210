"""At least one row of everything that has a page at the desk, made by the verbs where there are verbs."""

import itertools
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from audit import sealing
from audit.actors import SYSTEM
from campaigns.models import Brand, EligibilityRule, Promotion, Quota, Segment, Step, Variant
from campaigns.states import RewardKind
from config.models import Heartbeat, StaffClock, Tally
from customers import agreeing, consenting, import_runs
from customers.import_kinds import kind_called
from customers.models import Attribute, CreditScore
from equipment import requesting
from equipment.models import Closure, ConditionPhoto, DeniedHour, Exchange, Loan, MissingAccessory
from notices import publishing
from notices.models import ProviderEvent, Sequence, Suppression
from notices.models import Step as SequenceStep
from referrals import conversions, visits
from referrals.models import Mailing, Referral, Risk, Signal, StepDone, SubstituteOffer
from referrals.models import Segment as VisitSegment
from referrals.voices import help_requests, stories
from referrals.voices.feedback import give_feedback
from rewards import appealing, clawing_back, ledger, payouts
from rewards.models import Approval, DataExport, PortalSession, PortalSignIn, Reward, StepAccrual
from tests.config.world import make_notice
from tests.make import AT, make_campaign, make_customer, make_pool, make_terms, make_tier, make_unit, make_words
from tests.stories import bring_back, give, hand_over, issue_to, sign_up, verify

_count = itertools.count(100_000)


def fill() -> Referral:
    """One story to its end, another one half way, and something of everything else."""
    n = next(_count)
    pool = make_pool(units=3)
    campaign = make_campaign(pool=pool)
    make_tier(campaign, kind=RewardKind.CREDIT, amount=25, title="25 on account")
    asha = make_customer(f"Asha Rao {n}")
    code = issue_to(asha, campaign)
    visits.record_visit(code_id=code.pk, at=AT)
    done = sign_up(code, f"Ben{n} Okoro")
    verify(done)
    give(done)
    loan = Loan.objects.get(promise__referral=done, borrower=asha)
    hand_over(loan, pool.units.order_by("pk")[0])
    requesting.tell_problem(loan=loan, words="It does not start.", at=AT, by=SYSTEM)
    bring_back(loan)
    _promise(sign_up(code, f"Chloe{n} Lund"), loan)
    ConditionPhoto.objects.create(
        loan=loan, moment="check_out", name=f"{n:032}", sha256="b" * 64, width=4, height=3, by="staff:dev", at=AT
    )
    conversions.record_conversion(kind="purchase", external_id=f"order-{n}", customer=done.referee, at=AT, by=SYSTEM)
    Signal.objects.create(referral=done, name="velocity", strength=40, evidence="Many sign-ups.", at=AT)
    Approval.objects.create(reward=done.rewards.order_by("pk")[0], decision="approved", by="staff:dev", at=AT)
    _define(campaign, n)
    _keep(asha, n)
    _say(asha, campaign)
    _pay(done, asha)
    sealing.seal(at=timezone.now() + timedelta(days=30))
    return done


def _say(asha, campaign) -> None:
    make_words(campaign.codes.get(customer=asha))
    stories.submit_story(customer=asha, campaign=campaign, text="The camera was a joy to use.", consents=True, at=AT, by=SYSTEM)
    give_feedback(customer=asha, step="borrowing", score=5, words="Lovely.", campaign=campaign, at=AT, by=SYSTEM)
    help_requests.ask_for_help(customer=asha, question="May I keep it for a day more?", at=AT, by=SYSTEM)


def _promise(waiting: Referral, loan: Loan) -> None:
    """Something of all that can happen to what was promised and lent."""
    promise = waiting.promises.order_by("pk")[0]
    instants = {"offered_at": AT, "answer_by": AT + timedelta(days=3)}
    SubstituteOffer.objects.create(promise=promise, loan=promise.loan, reason="It is free at once.", **instants)
    Risk.objects.create(promise=promise, reason="The unit is overdue.", breaks_at=AT + timedelta(days=2), noted_at=AT)
    other = make_unit(loan.pool)
    Exchange.objects.create(loan=loan, came_back=loan.unit, went_out=other, reason="It did not start.", by="staff:hana", at=AT)
    MissingAccessory.objects.create(loan=loan, name="Bag", noted_at=AT)
    DeniedHour.objects.create(pool=loan.pool, account=loan.account, hour=AT, number=2)
    days = {"first_on": AT.date(), "last_on": AT.date()}
    Closure.objects.create(place=f"Place of {loan.reference}", reason="Stocktaking", made_at=AT, **days)


def _define(campaign, n: int) -> None:
    values = {"field": "country", "operator": "is", "value": "DE", "sentence": "You live in Germany."}
    EligibilityRule.objects.create(campaign=campaign, **values)
    Variant.objects.create(campaign=campaign, key="b")
    window = {"starts_at": AT, "ends_at": AT + timedelta(days=3)}
    Promotion.objects.create(campaign=campaign, key="spring", name="Spring", effect="add", amount=5, **window)
    Quota.objects.create(campaign=campaign, pool=make_pool(units=1, model=campaign.equipment_model, place=f"Bonn {n}"), units=1)
    Segment.objects.create(slug=f"segment-{n}", name=f"Segment {n}", rules=[values])
    sequence = Sequence.objects.create(campaign=campaign, name="Usual reminders", trigger="code_issued", changed_at=AT)
    SequenceStep.objects.create(sequence=sequence, after_days=4, condition="always", kind="code_issued")
    Mailing.objects.create(campaign=campaign, kind="season_offer", total=2, by="staff:dev", started_at=AT)
    Brand.objects.get_or_create(pk=1)
    publishing.draft(kind="loan_returned", subject="Thanks", body="Thanks.", campaign=campaign, at=AT, by=SYSTEM)


def _pay(done: Referral, asha) -> None:
    """Something of all that is paid, objected to and taken back."""
    step = Step.objects.create(campaign=done.campaign, key="order", title="A first order", proof="first_purchase")
    StepAccrual.objects.create(step_done=StepDone.objects.create(referral=done, step=step, at=AT), at=AT)
    tier = make_tier(done.campaign, kind=RewardKind.CASH, amount=30, title="30 in cash", key="cash", nth=99)
    values = {
        "referral": done,
        "side": "referrer",
        "beneficiary": asha,
        "reason": "Due.",
        "promised_by": AT.date(),
        "created_at": AT,
    }
    cash = Reward.objects.create(
        tier=tier, kind="cash", amount=30, currency="EUR", state="fulfilled", approved_at=AT, fulfilled_at=AT, **values
    )
    ledger.post_grant(reward=cash, at=AT)
    payouts.gather(currency="EUR", at=AT, by=SYSTEM)
    declined = Reward.objects.create(
        tier=make_tier(done.campaign, kind=RewardKind.PRODUCT, nth=98), kind="product", state="rejected", **values
    )
    appealing.appeal(reward=declined, words="I did nothing wrong.", at=AT, by=SYSTEM)
    clawing_back.take_back(
        referral=done, cause="refund", key=f"refund:{done.reference}", reason="Refunded.", rewards=[], at=AT, by=SYSTEM
    )


def _keep(asha, n: int) -> None:
    make_notice(customer=asha)
    make_unit(make_pool(units=0))
    agreeing.draft(agreement=make_terms(f"terms-{n}"), body="New words.", at=AT, by=SYSTEM)
    consenting.record_consent(customer=asha, channel="email", purpose="marketing", is_given=True, how="form", at=AT, by=SYSTEM)
    pieces = [f"external_id,name,email\nworld-{n},Asha Rao,world{n}@example.org\n".encode()]
    import_runs.upload(kind=kind_called("customers"), name="customers.csv", pieces=pieces, at=AT, by=SYSTEM)
    CreditScore.objects.create(customer=asha, score=777, source="Bureau", scored_on=AT.date())
    Attribute.objects.create(name=f"attribute_{n}", label=f"Attribute {n}")
    Suppression.objects.create(channel="email", address_hash=f"{n:064}", reason="bounced", at=AT)
    ProviderEvent.objects.create(
        provider="sms", event_id=f"SM{n}", kind="replied", channel="sms", words="Who is this?", received_at=AT
    )
    Heartbeat.objects.create(name=f"part-{n}", at=AT)
    StaffClock.objects.create(user=User.objects.create(username=f"clock-{n}"), zone="Europe/Berlin")
    Tally.objects.create(key=f"limit:{n}", count=1, until=AT)
    VisitSegment.objects.create(name=f"visits-{n}", offset=120)
    PortalSignIn.objects.create(customer=asha, asked_at=AT)
    PortalSession.objects.create(customer=asha, key_hash=f"{n:064}", device="Firefox on Linux", created_at=AT, seen_at=AT)
    DataExport.objects.create(customer=asha, asked_at=AT)
