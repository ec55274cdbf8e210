"""One page per person, and what staff can do on it; the pages of a referral and a message; the search of the trail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from customers.models import Customer
from notices.covering import covered
from notices.models import Notice, Suppression
from referrals.models import Referral
from tests.admin.conftest import As, At, administrator, approver, clock, eve, manager, signed_in_as
from tests.make import AT, make_campaign, make_customer, make_pool
from tests.stories import give, issue_to, sign_up, verify

__all__ = ["administrator", "approver", "clock", "eve", "manager", "signed_in_as"]


@pytest.fixture
def referral(clock: At) -> Referral:
    referral = verify(sign_up(issue_to(make_customer("Asha Rao"), make_campaign(pool=make_pool()))), at=AT + timedelta(days=1))
    give(referral, at=AT + timedelta(days=1))
    return referral


def page(client: Client, row: object) -> str:
    meta = row._meta
    return client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])).content.decode()


def move(client: Client, row: object, name: str, **data: object):
    meta = row._meta
    return client.post(reverse(f"admin:{meta.app_label}_{meta.model_name}_move", args=[row.pk, name]), data, follow=True)


def test_everything_about_a_person_stands_on_one_page_in_words(manager: Client, referral: Referral) -> None:
    text = page(manager, referral.referrer)
    for words in (
        "Asha Rao invited Ben Okoro",
        "Borrow a camera",
        "Codes",
        "Accepted terms",
        "Never asked",
        "What happened, and why",
    ):
        assert words in text, words
    assert "icon-yes" not in text and "icon-no" not in text
    assert "2 Mar 2026, 12:00 UTC" in text


def test_contact_is_kept_from_who_does_not_need_it(manager: Client, approver: Client, referral: Referral) -> None:
    assert referral.referee.email in page(manager, referral.referee)
    assert referral.referee.email not in page(approver, referral.referee)
    notice = Notice.objects.get(kind="verify_email")
    assert notice.address in page(manager, notice)
    assert notice.address not in page(approver, notice)


def test_opening_the_page_reads_no_score(administrator: Client, referral: Referral) -> None:
    page(administrator, referral.referrer)
    assert not Entry.objects.filter(event="customer.score_read").exists()


def test_a_customer_is_registered_by_hand_and_twice_is_refused(manager: Client, approver: Client, clock: At) -> None:
    url = reverse("admin:customers_customer_list_move", args=["register"])
    data = {"name": "Chloe Lund", "email": "chloe@example.org", "language": "en", "membership": "prospect"}
    assert approver.post(url, data).status_code == 403
    answer = manager.post(url, data)
    customer = Customer.objects.get()
    assert reverse("admin:customers_customer_change", args=[customer.pk]) in answer.content.decode()
    again = manager.post(url, data)
    assert (again.status_code, Customer.objects.count()) == (409, 1)
    assert "chloe@example.org" in again.content.decode()
    assert manager.post(url, {**data, "email": "nonsense"}).status_code in (409, 422)


def test_an_address_is_suppressed_and_lifted_with_a_reason(manager: Client, approver: Client, referral: Referral) -> None:
    asha = referral.referrer
    data = {"channel": "email", "reason": "Asked for it."}
    assert move(approver, asha, "suppress", **data).status_code == 403
    assert "until somebody lifts it" in move(manager, asha, "suppress", **data).content.decode()
    assert Suppression.objects.count() == 1
    assert "Write to an address again" in page(manager, asha)
    assert "are sent to this customer again" in move(manager, asha, "lift", **data).content.decode()
    assert Suppression.objects.count() == 0
    assert move(manager, asha, "lift", **data).status_code == 409


def test_a_referral_begins_with_its_story(manager: Client, referral: Referral) -> None:
    text = page(manager, referral)
    assert "Asha Rao invited Ben Okoro on 2 Mar 2026; Ben Okoro verified on 3 Mar 2026 and qualified on 3 Mar 2026." in text


def test_a_message_is_shown_as_sent_but_for_what_its_links_do_in_a_frame_that_can_do_nothing(
    manager: Client, signed_in_as: As, referral: Referral
) -> None:
    notice = Notice.objects.get(kind="verify_email")
    text = page(manager, notice)
    assert "Waits to be sent, as a service message" in text
    assert "The same as plain text" in text
    url = reverse("admin:notices_letter", args=[notice.reference])
    assert f'src="{url}"' in text and 'sandbox="' in text
    letter = manager.get(url)
    assert letter.content.decode() == covered(notice.body_html) != notice.body_html
    policy = letter["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "script-src" not in policy
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    assert signed_in_as("Handover desk").get(url).status_code == 403
    assert manager.get(reverse("admin:notices_letter", args=["not_nothing"])).status_code == 404


def test_a_message_that_was_not_sent_says_why(manager: Client, referral: Referral) -> None:
    notice = Notice.objects.get(kind="verify_email")
    Notice.objects.filter(pk=notice.pk).update(state="suppressed", reason="the address is on the suppression list")
    assert "Was not sent: the address is on the suppression list." in page(manager, notice)


# --- the trail ------------------------------------------------------------------------------------------------------
def search(client: Client, **query: str):
    return client.get("/admin/audit/search/", query)


def found(response) -> list[str]:
    return [line["entry"].event for line in response.context["lines"]]


def test_the_trail_is_searched_by_whatever_is_known_of_a_person(eve: Client, referral: Referral) -> None:
    asha = referral.referrer
    by_reference = found(search(eve, text=asha.reference))
    assert "reward.fulfilled" in by_reference and by_reference[-1] == "code.issued"
    for name in (asha.email, asha.external_id or ""):
        assert found(search(eve, text=name)) == by_reference
    assert "referral.qualified" in found(search(eve, text=referral.reference))
    assert set(found(search(eve, text=f"customer:{referral.referee.reference}"))) >= {"referral.verified"}


def test_the_trail_is_narrowed_by_kind_event_and_day(eve: Client, referral: Referral) -> None:
    assert set(found(search(eve, event="reward.fulfilled"))) == {"reward.fulfilled"}
    assert {event.split(".")[0] for event in found(search(eve, subject="referral"))} <= {"referral", "promise", "conversion"}
    assert "referral.verified" not in found(search(eve, last_day="2026-03-02"))
    assert "referral.verified" in found(search(eve, first_day="2026-03-03", last_day="2026-03-03"))
    assert "No entry matches." in search(eve, text="nobody").content.decode()


def test_days_in_the_wrong_order_are_said_at_the_field(eve: Client, clock: At) -> None:
    response = search(eve, first_day="2026-03-03", last_day="2026-03-01")
    assert response.status_code == 422
    assert "The last day is before the first one." in response.content.decode()


def test_found_entries_are_taken_as_a_file_and_that_is_recorded(eve: Client, manager: Client, referral: Referral) -> None:
    url = f"/admin/audit/search/file/?text={referral.referrer.email}"
    lines = b"".join(eve.post(url, {"format": "jsonl"}).streaming_content).decode().splitlines()
    assert len(lines) == len(found(search(eve, text=referral.referrer.reference)))
    entry = Entry.objects.get(event="list.exported")
    assert f"{len(lines)} rows" in entry.sentence
    assert referral.referrer.email not in entry.sentence + entry.data
    text = b"".join(eve.post(url, {"format": "csv"}).streaming_content).decode()
    assert text.startswith("\ufeffat,event,subject_type")
    assert manager.post(url, {"format": "csv"}).status_code == 403
    assert manager.get("/admin/audit/search/").status_code == 403


def test_long_results_have_pages(eve: Client, referral: Referral, monkeypatch) -> None:
    monkeypatch.setattr("audit.searching.SHOWN", 5)
    first = search(eve)
    second = eve.get(first.context["more_url"])
    ids = [[line["entry"].pk for line in response.context["lines"]] for response in (first, second)]
    assert [len(one) for one in ids] == [5, 5]
    assert not set(ids[0]) & set(ids[1])
