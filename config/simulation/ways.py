"""Two ways to promise the same equipment to the same friends: with the promise book, and by looking at the shelf."""

from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign
from config.simulation import desk
from config.simulation.calendar import Act, Calendar
from config.simulation.fate import Fate
from config.simulation.truth import Story, Truth
from customers import registering
from customers.models import Customer
from equipment import giving_up, lending
from equipment import jobs as equipment_jobs
from equipment.models import Loan, Pool, Unit
from equipment.states import LoanState, Service
from referrals import jobs as referral_jobs
from referrals import qualifying
from referrals.models import Code, Promise
from rewards import jobs as reward_jobs

_SOON = timedelta(minutes=1)


class Way(Protocol):
    """A way to promise: what happens when a friend joins, and each night."""

    truth: Truth

    def join(self, fate: Fate, at: datetime) -> None:
        """A friend joins and is told something."""

    def night(self, at: datetime) -> None:
        """The sweeps of a night."""


class WithBook:
    """The product as it is: every promise points at a held unit or at a place in the queue."""

    def __init__(self, campaign: Campaign, pool: Pool, calendar: Calendar) -> None:
        self.truth, self._calendar, self._campaign = Truth(), calendar, campaign
        self._codes = list(
            Code.objects.filter(campaign=campaign).select_related("campaign__campaign_terms", "customer").order_by("pk")
        )
        self._by_borrower: dict[int, Story] = {}
        self._told: set[int] = set()

    def join(self, fate: Fate, at: datetime) -> None:
        """They sign up through somebody's code; what is promised to them holds a unit or a place in the queue."""
        code = self._codes[fate.number % len(self._codes)]
        assert code.campaign.campaign_terms is not None
        terms = code.campaign.campaign_terms.current()
        assert terms is not None
        referral = qualifying.sign_up(
            code=code, name=f"Friend {fate.number}", email=f"friend{fate.number}@example.com", at=at, by=SYSTEM, terms_version=terms,
            typed_name=f"Friend {fate.number}", country="DE",
        )  # fmt: skip
        story = self._by_borrower[referral.referee_id] = self.truth.open(fate)
        story.say(Promise.objects.get(referral=referral).promised_by)
        if fate.confirms_after is None:
            return

        def confirm(then: datetime) -> None:
            qualifying.verify(referral=referral, how="simulated", at=then, by=customer(referral.referee.reference))
            story.confirm(then)
            reward_jobs.accrue_qualified_referrals(then + _SOON)
            self._tell(then + _SOON)

        self._calendar.later(at + fate.confirms_after, confirm)

    def night(self, at: datetime) -> None:
        """What background work does, once a day."""
        equipment_jobs.expire_holds(at)
        equipment_jobs.promote_waitlists(at)
        referral_jobs.expire_stale_referrals(at)
        reward_jobs.accrue_qualified_referrals(at)
        reward_jobs.fulfil_approved_rewards(at)
        self._tell(at)

    def _tell(self, at: datetime) -> None:
        """Whose unit is unlocked hears of it, and comes in their time or not at all."""
        for loan in Loan.objects.filter(state=LoanState.UNLOCKED).exclude(pk__in=self._told):
            self._told.add(loan.pk)
            story = self._by_borrower[loan.borrower_id]
            story.say(loan.collect_by)
            assert loan.collect_by is not None
            if story.fate.comes:
                self._calendar.later(at + story.fate.comes_after, _coming(self._calendar, loan, story))
            else:
                self._calendar.later(loan.collect_by, _not_coming(loan))


class ByTheShelf:
    """No book: whoever joins while a unit stands on the shelf is promised one, else one from the day the next is due back."""

    def __init__(self, campaign: Campaign, pool: Pool, calendar: Calendar) -> None:
        self.truth, self._calendar, self._campaign, self._pool = Truth(), calendar, campaign, pool
        self._by_borrower: dict[int, Story] = {}
        self._told: set[int] = set()

    def join(self, fate: Fate, at: datetime) -> None:
        """They are told a day by what stands on the shelf; nothing is kept for anybody."""
        person = registering.register(
            name=f"Friend {fate.number}", email=f"friend{fate.number}@example.com", at=at, by=SYSTEM, country="DE", origin="referral",
            origin_reason="Simulated.",
        )  # fmt: skip
        story = self._by_borrower[person.pk] = self.truth.open(fate)
        story.say(self._day(at, at + timedelta(days=self._campaign.hold_days)))
        if fate.confirms_after is None:
            return

        def confirm(then: datetime) -> None:
            story.confirm(then)
            if self._on_shelf():
                story.say(self._pool.collect_by(then))
            if fate.comes:
                self._calendar.later(then + fate.comes_after, lambda come: self._come(person, story, come))

        self._calendar.later(at + fate.confirms_after, confirm)

    def night(self, at: datetime) -> None:
        """Who waits for a unit hears when there is one."""
        equipment_jobs.expire_holds(at)
        equipment_jobs.promote_waitlists(at)
        for loan in Loan.objects.filter(state=LoanState.HELD, queued_at__isnull=False).exclude(pk__in=self._told):
            self._told.add(loan.pk)
            story = self._by_borrower[loan.borrower_id]
            self._calendar.later(at + story.fate.comes_after, partial(self._give, loan, story))

    def _day(self, at: datetime, until: datetime) -> datetime | None:
        if self._on_shelf():
            return self._pool.collect_by(until)
        due = Loan.objects.filter(state=LoanState.ON_LOAN).order_by("due_at").values_list("due_at", flat=True).first()
        # As if what is overdue came back today, and everything else on its day.
        return self._pool.collect_by(max(due, at) + (until - at)) if due else None

    def _on_shelf(self) -> bool:
        units = Unit.objects.filter(pool=self._pool, service=Service.IN_SERVICE)
        return units.exclude(pk__in=Loan.objects.present().values("unit")).exists()

    def _come(self, person: Customer, story: Story, at: datetime) -> None:
        loan = lending.hold(
            pools=[self._pool], borrower=person, purpose=f"shelf:{story.fate.number}", until=at + timedelta(days=1), at=at, by=SYSTEM,
            account=self._campaign.slug, terms=self._campaign.loan_terms,
        )  # fmt: skip
        if loan.state == LoanState.HELD:
            self._give(loan, story, at)

    def _give(self, loan: Loan, story: Story, at: datetime) -> None:
        loan.refresh_from_db()
        if loan.state == LoanState.HELD:
            lending.unlock(loan=loan, at=at, by=SYSTEM)
            _coming(self._calendar, loan, story)(at)


def _coming(calendar: Calendar, loan: Loan, story: Story) -> Act:
    def come(at: datetime) -> None:
        desk.hand_over(calendar, loan, story.fate, at, lambda then: setattr(story, "got", then))

    return come


def _not_coming(loan: Loan) -> Act:
    def stay_away(at: datetime) -> None:
        giving_up.decline(loan=loan, reason="Did not come.", at=at, by=SYSTEM)

    return stay_away
