"""What people type is shown as typed, on every page of the desk: it is never HTML, never a script, never a template."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers.models import Customer
from notices import publishing
from notices.models import Notice
from notices.refusals import NoticeRefused
from referrals import reviewing
from referrals.models import Referral
from rewards import deciding, jobs
from tests.admin import world
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.security.walking import addresses
from tests.stories import give, issue_to, sign_up, verify

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
BRACES = "{{ settings.SECRET_KEY }}{% debug %}${7*7}"


@pytest.fixture
def evil(clock: object) -> Referral:
    """Names, notes, reasons and texts of a campaign that try to be HTML."""
    world.fill()
    Customer.objects.update(name=EVIL, city=EVIL, region=EVIL, origin_reason=EVIL)
    Campaign.objects.update(name=EVIL, headline=EVIL, pitch=EVIL)
    campaign = make_campaign(pool=make_pool(), approval="manual", name=EVIL, headline=EVIL)
    code = issue_to(make_customer("Asha Rao"), campaign)
    Customer.objects.filter(pk=code.customer_id).update(name=EVIL)
    referral = verify(sign_up(code, EVIL, email="evil@example.net"))
    one, two = give(referral)
    deciding.ask(reward=one, note=EVIL, at=AT, by=SYSTEM)
    deciding.decline(reward=two, note=EVIL, at=AT, by=SYSTEM)
    jobs.carry_out_declines(AT + deciding.UNDO_FOR)
    reviewing.flag(referral=Referral.objects.get(pk=referral.pk), reason=EVIL, at=AT, by=SYSTEM)
    return referral


def test_nothing_typed_becomes_html_on_any_page_of_the_desk(administrator: Client, evil: Referral) -> None:
    urls = [address.url for address in addresses()]
    for row in (evil, evil.referrer, evil.referee, evil.campaign, *evil.rewards.all(), *Notice.objects.order_by("pk")):
        urls.append(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]))
    urls += [reverse("admin:notices_letter", args=[notice.reference]) for notice in Notice.objects.exclude(body_html="")]
    urls += [f"/admin/approvals/?item={reward.reference}" for reward in evil.rewards.all()]
    urls += [f"/admin/audit/search/?text={evil.reference}", f"/admin/audit/search/?text={EVIL}"]
    shown, raw = 0, []
    for url in urls:
        response = administrator.get(url)
        is_read_as_html = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        text = response.content.decode(errors="replace") if is_read_as_html else ""
        shown += "alert(1)" in text
        if "<script>alert" in text or "<img src=x" in text:
            raw.append(url)
    assert raw == []
    assert shown > 15


def test_a_name_with_braces_is_no_template(administrator: Client, clock: object) -> None:
    campaign = make_campaign(pool=make_pool(), approval="manual")
    referral = verify(sign_up(issue_to(make_customer(BRACES), campaign), BRACES, email="b@example.net"))
    reward = give(referral)[0]
    deciding.ask(reward=reward, note=BRACES, at=AT, by=SYSTEM)
    body = Notice.objects.get(kind="reward_question").body_text
    assert BRACES in body
    assert settings.SECRET_KEY not in body
    page = administrator.get(f"/admin/approvals/?item={reward.reference}").content.decode()
    assert "{{ settings.SECRET_KEY }}" in page
    assert settings.SECRET_KEY not in page


@pytest.mark.parametrize("text", ["{% debug %}", "{{ settings.SECRET_KEY }}", "{{ name.__class__ }}", "{{ name|safe }}", "{{"])
def test_a_text_with_more_than_its_placeholders_is_refused(clock: object, text: str) -> None:
    words = f"Thanks. {text} {{{{ criteria }}}} {{{{ terms_url }}}}"
    with pytest.raises(NoticeRefused, match="unknown_placeholder"):
        template = publishing.draft(kind="loan_returned", subject="Thanks", body=words, at=AT, by=SYSTEM)
        publishing.publish(template=template, at=AT, by=SYSTEM)
