"""News to many at once: whom it reaches is known before, each gets it once, and it can be stopped."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from audit import timeline
from audit.actors import SYSTEM, staff
from audit.models import Entry
from campaigns.models import Campaign, Segment
from customers.consenting import record_consent
from customers.models import Customer
from notices.models import Notice
from referrals import jobs, mailings
from referrals.models import Mailing
from referrals.refusals import ReferralRefused
from referrals.states import MailingState
from tests.admin.conftest import As, clock, desk, eve, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer
from tests.notices.parallel import in_parallel
from tests.stories import issue_to

__all__ = ["clock", "desk", "eve", "manager", "signed_in_as"]
pytestmark = pytest.mark.django_db


def holder(campaign: Campaign, name: str = "Asha Rao", *, wants: bool = True, **changes: Any) -> Customer:
    customer = make_customer(name, **changes)
    if wants:
        record_consent(customer=customer, channel="email", purpose="marketing", is_given=True, how="a box", at=AT, by=SYSTEM)
    issue_to(customer, campaign)
    return customer


@pytest.fixture
def campaign() -> Campaign:
    """With three holders of a code: two want news, one of them lives in Austria."""
    campaign = make_campaign()
    holder(campaign)
    holder(campaign, "Ben Berg", country="AT")
    holder(campaign, "Chloe Stone", wants=False)
    return campaign


@pytest.fixture
def austria() -> Segment:
    rule = {"field": "country", "operator": "is", "value": "AT", "group": "", "sentence": "You live in Austria."}
    return Segment.objects.create(slug="austria", name="Austria", rules=[rule])


def start(campaign: Campaign, segment: Segment | None = None, **changes: Any) -> Mailing:
    return mailings.start(campaign=campaign, segment=segment, **{"kind": "season_offer", "at": AT, "by": SYSTEM, **changes})


def test_before_it_is_sent_it_says_how_many_it_reaches_and_why_not_the_others(campaign: Campaign, austria: Segment) -> None:
    found = mailings.reach(campaign, None, at=AT)
    assert (found.total, found.reached, found.reasons) == (3, 2, [("no marketing consent", 1)])
    assert mailings.reach(campaign, austria, at=AT).total == 1
    assert not Notice.objects.exists()


def test_each_gets_it_once_and_what_is_kept_back_says_why(campaign: Campaign) -> None:
    mailing = start(campaign)
    for _ in range(3):
        jobs.carry_on_mailings(AT)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.total) == (MailingState.DONE, 3)
    assert mailings.standing(mailing) == mailings.Standing(3, [("no marketing consent", 1)])
    assert Notice.objects.filter(state="queued").count() == 2
    assert [entry.event for entry in timeline.of(mailing.reference)] == ["mailing.started", "mailing.ended"]


def test_only_the_segment_gets_it(campaign: Campaign, austria: Segment) -> None:
    start(campaign, austria)
    jobs.carry_on_mailings(AT)
    assert [notice.customer.name for notice in Notice.objects.all() if notice.customer] == ["Ben Berg"]


def test_a_code_issued_after_it_began_does_not_keep_it_going(campaign: Campaign) -> None:
    mailing = start(campaign, at=AT + timedelta(hours=1))
    late = make_customer("Dev Late")
    issue_to(late, campaign, AT + timedelta(hours=2))
    for _ in range(2):
        jobs.carry_on_mailings(AT + timedelta(hours=3))
    assert not Notice.objects.filter(customer=late).exists()
    mailing.refresh_from_db()
    assert mailing.state == MailingState.DONE


def test_what_is_stopped_writes_to_nobody_else(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailings, "BATCH", 1)
    mailing = start(campaign)
    jobs.carry_on_mailings(AT)
    mailings.stop(mailing=mailing, at=AT, by=SYSTEM)
    jobs.carry_on_mailings(AT)
    assert Notice.objects.count() == 1
    with pytest.raises(ReferralRefused) as refusal:
        mailings.stop(mailing=mailing, at=AT, by=SYSTEM)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("changes", "code"), [({"kind": "reward_given"}, "kind_unfit"), ({"kind": "x"}, "kind_unfit"), ({"kind": "share_reminder"}, "")]
)
def test_only_news_about_ones_own_code_goes_to_many(campaign: Campaign, changes: dict[str, str], code: str) -> None:
    if not code:
        assert start(campaign, **changes).kind == changes["kind"]
        return
    with pytest.raises(ReferralRefused) as refusal:
        start(campaign, **changes)
    assert refusal.value.code == code


def test_it_needs_a_live_campaign_somebody_to_reach_and_the_permission(campaign: Campaign, austria: Segment) -> None:
    with pytest.raises(PermissionDenied):
        start(campaign, by=staff(User.objects.create_user("eve", is_staff=True)))
    Customer.objects.filter(country="AT").update(country="CH")
    with pytest.raises(ReferralRefused, match="reach nobody"):
        start(campaign, austria)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    campaign.refresh_from_db()
    with pytest.raises(ReferralRefused, match="Only a live campaign"):
        start(campaign)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_send_once(campaign: Campaign) -> None:
    def click() -> str:
        try:
            return start(campaign).reference
        except ReferralRefused as refusal:
            return refusal.code

    answers = in_parallel(4, click)
    assert answers.count("already_running") == 3
    assert Mailing.objects.count() == 1


def test_on_the_page_one_chooses_looks_confirms_and_watches(manager: Client, campaign: Campaign) -> None:
    asked = {"campaign": str(campaign.pk), "segment": "", "kind": "season_offer"}
    page = manager.get("/admin/mailings/", asked).content.decode()
    assert "<b>2</b> of 3 customers would get it" in page
    assert "1: no marketing consent" in page
    assert "Send to 2 customers" in page
    sent = manager.post("/admin/mailings/", asked, follow=True)
    assert "0 of 3" in sent.content.decode()
    again = manager.post("/admin/mailings/", asked)
    assert again.status_code == 422
    assert "is being sent in this campaign right now" in again.content.decode()
    mailing = Mailing.objects.get()
    manager.post(f"/admin/mailings/{mailing.reference}/")
    mailing.refresh_from_db()
    assert mailing.state == MailingState.STOPPED


def test_the_desk_says_the_message_by_its_title_wherever_a_mailing_stands(manager: Client, campaign: Campaign) -> None:
    mailing = start(campaign)
    rows = reverse("admin:referrals_mailing_changelist")
    here = reverse("admin:referrals_mailing_change", args=[mailing.pk])
    assert f'<a href="{here}">An offer of the season</a>' in manager.get(rows).content.decode()
    places = (rows, here, "/admin/mailings/", f"/admin/mailings/{mailing.reference}/")
    for place in places:
        text = manager.get(place, follow=True).content.decode()
        assert "An offer of the season" in text, place
        assert "season_offer" not in re.sub(r"<option.*?</option>", "", text), place
    assert Entry.objects.get(event="mailing.started").sentence == "“An offer of the season” is sent to 3 customers."


def test_a_file_of_mailings_has_the_title_and_the_key_of_the_message(manager: Client, campaign: Campaign) -> None:
    start(campaign)
    answer = manager.post(reverse("admin:referrals_mailing_changelist"), {"export": "comma"})
    (row,) = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline=""))
    assert (row["Message"], row["Message (key)"]) == ("An offer of the season", "season_offer")


def test_an_editor_looks_and_does_not_send(signed_in_as: As, campaign: Campaign) -> None:
    editor = signed_in_as("Campaign editor")
    assert editor.get("/admin/mailings/").status_code == 200
    asked = {"campaign": str(campaign.pk), "segment": "", "kind": "season_offer"}
    assert editor.post("/admin/mailings/", asked).status_code == 403
    assert not Mailing.objects.exists()
