"""The whole story, end to end, on files and pages: from the import to the inspected return."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from audit import timeline
from campaigns.models import Campaign
from config import sweeping
from equipment.models import EquipmentModel, Loan, Unit
from notices.models import Notice
from referrals.models import Code, Referral, Touch
from rewards.models import Reward
from tests.stories import bring_back, hand_over

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def live(tmp_path: Path) -> Campaign:
    """Customers and units imported from files, the shipped recipe launched, codes issued."""
    EquipmentModel.objects.create(
        sku="aero-7-camera",
        name="Aero 7 camera",
        loan_days=14,
        checklist=["Battery"],
        setup_guide="Charge it.",
        return_protocol="Bring the bag.",
    )
    customers = tmp_path / "customers.csv"
    lines = [f"C{n},Person{n} Lind,person{n}@example.com,DE,active,2020-01-01" for n in range(50)]
    customers.write_text("external_id,name,email,country,membership,member_since\n" + "\n".join(lines), encoding="utf-8")
    units = tmp_path / "units.csv"
    rows = [f"aero-7-camera,{place},{place[:3]}-{n},in_service" for place in ("Berlin", "Hamburg", "Paris") for n in range(4)]
    units.write_text("sku,place,serial,service\n" + "\n".join(rows), encoding="utf-8")
    run("import_customers", str(customers))
    run("import_units", str(units))
    run("load_campaign", "dual_sided_loaner", "--launch")
    campaign = Campaign.objects.get()
    printed = run("issue_codes", campaign.slug)
    assert re.search(r"codes issued now: +50", printed), printed
    return campaign


def join(client: Client, code: Code, name: str) -> Referral:
    """A friend opens the page, signs up, gets the mail and presses the button on the page it links to."""
    page = client.get(code.get_absolute_url())
    assert page.status_code == 200
    form = page.context["form"]
    data = {field.html_name: field.value() or "" for field in form}
    data |= {"name": name, "email": f"{name.split()[0].lower()}@example.net"}
    data |= {"accept": "on", "form": page.context["form_word"]}
    answer = client.post(code.get_absolute_url(), data)
    assert answer.status_code == 302, answer.content.decode()
    sweeping.sweep(timezone.now())
    body = next(str(m.body) for m in reversed(mail.outbox) if m.to == [data["email"]] and "/verify/" in str(m.body))
    link = re.search(r"(/verify/\S+/)", body)
    assert link is not None
    assert client.get(link[1]).status_code == 200
    referral = Referral.objects.get(referee__email=data["email"])
    assert referral.progress == "signed_up", "looking at the page must not verify"
    assert client.post(link[1]).status_code == 302
    referral.refresh_from_db()
    return referral


def test_from_the_import_to_the_inspected_return(live: Campaign, client: Client) -> None:
    code = Code.objects.filter(campaign=live).select_related("customer").order_by("pk")[0]
    referral = join(client, code, "Ben Okoro")
    assert referral.progress == "qualified"
    assert Touch.objects.filter(code=code).count() >= 1

    sweeping.sweep(timezone.now())
    rewards = Reward.objects.filter(referral=referral)
    assert {(r.side, r.state) for r in rewards} == {("referrer", "fulfilled"), ("referee", "fulfilled")}
    unlocked = [m for m in mail.outbox if "Charge it." in str(m.body)]
    assert {m.to[0] for m in unlocked} == {code.customer.email, "ben@example.net"}
    assert Code.objects.filter(customer=referral.referee, campaign=live).exists()

    loan = rewards.get(side="referee").loan
    assert loan is not None
    unit = Unit.objects.filter(pool=loan.pool)[0]
    now = timezone.now()
    hand_over(loan, unit, at=now)
    bring_back(loan, at=now + timedelta(days=9))
    assert Loan.objects.get(pk=loan.pk).state == "closed"

    figures = json.loads(run("figures", live.slug, "--json"))
    assert figures["total_referrals"] == 1
    for reference in (referral.reference, rewards[0].reference, loan.reference, code.code, code.customer.reference):
        assert timeline.of(reference).exists()
        assert len(run("why", reference).splitlines()) > 2
    assert "intact" in run("verify_audit").lower()


def test_the_next_in_the_queue_is_promoted_and_told(live: Campaign, client: Client) -> None:
    Unit.objects.exclude(serial="Ber-0").delete()
    codes = Code.objects.filter(campaign=live).order_by("pk")
    first, second = join(client, codes[0], "Ben Okoro"), join(client, codes[1], "Cem Aydin")
    sweeping.sweep(timezone.now())
    loans = Loan.objects.order_by("pk")
    assert [loan.state for loan in loans] == ["unlocked", "waitlisted", "waitlisted", "waitlisted"]
    now = timezone.now()
    bring_back(hand_over(loans[0], Unit.objects.get(), at=now), at=now + timedelta(days=5))
    sweeping.sweep(now + timedelta(days=5, minutes=1))
    assert Loan.objects.get(pk=loans[1].pk).state == "unlocked"
    assert Notice.objects.filter(kind="queue_promoted", about=loans[1].reference).count() == 1
    assert {first.progress, second.progress} == {"qualified"}
