"""What a customer reads and does in their own pages."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from audit.models import Entry
from campaigns.models import Campaign
from campaigns.states import RewardKind
from customers.models import Consent, Customer
from equipment import requesting
from equipment.models import Loan, LoanRequest, Pool
from equipment.states import LoanState, RequestState
from notices.models import Notice
from referrals import reviewing, visits
from referrals.models import Code, Referral
from rewards import appealing, deciding, jobs
from rewards.models import DataExport, Reward
from rewards.states import RewardState
from tests.make import AT, make_customer, make_tier
from tests.portal.walking import inside, read_the_mail
from tests.stories import give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def loan(code: Code, pool: Pool) -> Loan:
    """Asha has a camera at home since Monday noon; it is due on Monday 16 March."""
    referral = verify(sign_up(code))
    give(referral)
    return hand_over(Loan.objects.get(promise__referral=referral, borrower=code.customer), pool.units.all()[0], at=AT)


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_somebody_new_reads_what_will_be_there(me: Client) -> None:
    page = words(me, "/my/")
    for said in (
        "Hello Asha",
        "You have borrowed nothing yet.",
        "There is no invitation to pass on",
        "Nobody has joined through you yet.",
    ):
        assert said in page
    for path in ("/my/loans/", "/my/rewards/", "/my/account/", "/my/friends/", "/my/share/", "/my/numbers/", "/my/more/"):
        words(me, path)


def test_the_first_page_says_what_is_borrowed_and_until_when(me: Client, loan: Loan, clock) -> None:
    page = words(me, "/my/")
    assert "On loan to you" in page and "Bring it back by Monday 16 March 2026." in page and "(14 days left)" in page
    clock.move_to(AT + 10 * DAY)
    assert "(4 days left)" in words(inside(loan.borrower), "/my/")
    clock.move_to(AT + 17 * DAY)
    late = words(inside(loan.borrower), "/my/")
    assert "It was due back on Monday 16 March 2026." in late and "Overdue" in words(inside(loan.borrower), "/my/loans/")


def test_friends_are_told_by_stage_with_the_next_step_and_short_names(me: Client, code: Code, campaign: Campaign) -> None:
    sign_up(code, "Ben Okoro")
    verify(sign_up(code, "Chloe Lund"))
    flagged = sign_up(code, "Dev Patel")
    reviewing.flag(referral=flagged, reason="Same device.", at=AT, by=SYSTEM)
    page = words(me, "/my/friends/")
    for said in (
        "Ben O.",
        "Remind them of the button in our mail",
        "Chloe L.",
        "Everything was done on",
        "Dev P.",
        "Being checked",
    ):
        assert said in page, said
    assert "Okoro" not in page and "Same device" not in page


def test_rewards_are_told_with_reason_and_promised_day(me: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(approval="manual")
    give(verify(sign_up(code)))
    page = words(me, "/my/rewards/")
    assert "For inviting Ben O." in page and "A person looks at it" in page and "Promised by Thursday 5 March 2026." in page


def test_a_decline_is_told_with_its_note_only_when_it_can_no_longer_be_undone(
    me: Client, code: Code, campaign: Campaign, clock
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(approval="manual")
    give(verify(sign_up(code)))
    reward = Reward.objects.get(beneficiary=code.customer)
    deciding.decline(reward=reward, note="Your friend moved away.", at=AT, by=SYSTEM)
    page = f"/my/rewards/{reward.reference}/"
    assert "moved away" not in words(me, page)
    clock.shift(timedelta(minutes=2))
    told = words(me, page)
    assert "Your friend moved away." in told and "Not given" in told


def test_the_account_shows_the_balance_and_every_movement(me: Client, code: Code, campaign: Campaign) -> None:
    make_tier(campaign, kind=RewardKind.CREDIT, amount=25, title="25 on account")
    give(verify(sign_up(code)))
    page = words(me, "/my/account/")
    assert "25.00" in page and "Reward: 25 on account" in page and "+25.00 EUR" in page
    assert "25.00 EUR" in words(me, "/my/")


def test_figures_count_people_and_friends_by_channel(me: Client, code: Code) -> None:
    person = {"user_agent": "Mozilla/5.0 Firefox/140.0", "code_id": code.pk, "at": AT}
    for channel, address in (("qr", "192.0.2.1"), ("qr", "192.0.2.1"), ("qr", "192.0.2.2"), ("whatsapp", "192.0.2.3")):
        visits.record_visit(**person, channel=channel, address=address)
    sign_up(code)
    page = words(me, "/my/numbers/")
    assert "<dd>3</dd>" in page and "<td>QR code</td><td>2</td>" in page and "<td>WhatsApp</td><td>1</td>" in page


def test_the_page_of_a_loan_has_instructions_terms_and_papers(me: Client, loan: Loan) -> None:
    model = loan.pool.model
    model.setup_guide, model.return_protocol = "Charge it first.", "Put it into its bag."
    model.save()
    page = words(me, f"/my/loans/{loan.reference}/")
    for said in (
        "Charge it first.",
        "Put it into its bag.",
        "Loan terms, version 1",
        loan.unit.serial,
        "Receipt of the hand-over (PDF)",
    ):
        assert said in page, said


def test_a_return_is_booked_changed_and_cancelled(me: Client, loan: Loan) -> None:
    page = f"/my/loans/{loan.reference}/"
    answer = me.post(f"{page}return/", {"on": "2026-03-10"})
    assert answer["Location"] == f"{page}?done=return-booked"
    booked = words(me, answer["Location"])
    assert "Booked. We expect you on that day." in booked and "on Tuesday 10 March 2026" in booked
    me.post(f"{page}return/", {"on": "2026-03-12"})
    asked = LoanRequest.objects.get(state=RequestState.AGREED)
    assert asked.on == date(2026, 3, 12)
    assert me.post(f"{page}withdraw/", {"request": asked.reference}).status_code == 302
    assert not requesting.booked().exists()


@pytest.mark.parametrize(("name", "typed"), [("return", {"on": "2026-03-08"}), ("longer", {"until": "yesterday"}), ("problem", {})])
def test_what_is_typed_wrongly_is_said_beside_the_field(me: Client, loan: Loan, name: str, typed: dict[str, str]) -> None:
    answer = me.post(f"/my/loans/{loan.reference}/{name}/", typed)
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()
    assert not LoanRequest.objects.exists()


def test_more_time_is_asked_for_answered_and_told_in_a_mail(me: Client, loan: Loan) -> None:
    page = f"/my/loans/{loan.reference}/"
    refused = me.post(f"{page}longer/", {"until": "2026-03-15", "words": "A wedding."})
    assert refused.status_code == 409 and "A wedding." in refused.content.decode()
    assert me.post(f"{page}longer/", {"until": "2026-03-23", "words": "A wedding."}).status_code == 302
    assert "You asked to keep it until Monday 23 March 2026." in words(me, page)
    requesting.agree(request=LoanRequest.objects.get(), note="Enjoy.", at=AT, by=SYSTEM)
    assert jobs.tell_loan_answers()["told"] == 1
    assert jobs.tell_loan_answers()["told"] == 0
    text = Notice.objects.get(kind="loan_request_answered").body_text
    assert "You can keep it until 23 March 2026." in text and "Enjoy." in text
    assert "Monday 23 March 2026" in words(me, page)


def test_a_problem_is_reported_and_its_answer_read(me: Client, loan: Loan) -> None:
    page = f"/my/loans/{loan.reference}/"
    me.post(f"{page}problem/", {"words": "The lid is loose."})
    requesting.agree(request=LoanRequest.objects.get(), note="Press it twice.", at=AT, by=SYSTEM)
    told = words(me, page)
    assert "The lid is loose." in told and "Press it twice." in told


def test_something_kept_can_be_given_up_with_a_reason_of_ours_on_the_trail(me: Client, code: Code) -> None:
    verify(sign_up(code))
    loan = Loan.objects.get(borrower=code.customer)
    page = f"/my/loans/{loan.reference}/"
    assert me.post(f"{page}decline/", {"reason": ""}).status_code == 422
    assert me.post(f"{page}decline/", {"reason": "no-time"}).status_code == 302
    loan.refresh_from_db()
    assert (loan.state, loan.reason) == (LoanState.CANCELLED, "The borrower cannot collect it in time.")
    assert me.post(f"{page}decline/", {"reason": "no-time"}).status_code == 302


def test_the_receipt_is_the_paper_of_the_desk(me: Client, loan: Loan) -> None:
    answer = me.get(f"/my/loans/{loan.reference}/handover.pdf")
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert Entry.objects.get(event="loan.receipt_printed").actor == f"customer:{loan.borrower.reference}"
    assert me.get(f"/my/loans/{loan.reference}/return.pdf").status_code == 404


def test_name_and_language_are_changed_by_the_customer(me: Client, asha: Customer) -> None:
    assert me.post("/my/preferences/", {"name": "Asha M. Rao", "language": "de"}).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.language) == ("Asha M. Rao", "de")
    wrong = me.post("/my/preferences/", {"name": "", "language": "xx"})
    assert wrong.status_code == 422


def test_consent_is_given_and_withdrawn_by_each_way_on_its_own(me: Client, asha: Customer) -> None:
    me.post("/my/news/", {"email": "yes"})
    me.post("/my/news/", {"email": "yes"})
    me.post("/my/news/", {"email": "yes", "sms": "yes"})
    me.post("/my/news/", {})
    rows = Consent.objects.filter(customer=asha).order_by("pk").values_list("channel", "is_given")
    assert sorted(rows) == [("email", False), ("email", True), ("sms", False), ("sms", True)]
    assert " checked" not in words(me, "/my/news/")


def test_a_copy_of_ones_data_is_made_read_saved_and_deleted(me: Client, loan: Loan, clock) -> None:
    me.post("/my/data/")
    me.post("/my/data/")
    assert DataExport.objects.count() == 1
    assert "Being made" in words(me, "/my/data/")
    assert jobs.make_data_exports() == {"made": 1, "failed": 0}
    export = DataExport.objects.get()
    assert f"/my/data/{export.reference}.json" in words(me, "/my/data/")
    content = json.loads(me.get(f"/my/data/{export.reference}.json").content)
    assert content["sections"]["profile"][0]["email"] == loan.borrower.email
    assert content["sections"]["friends"][0]["friend"] == "friend 1"
    assert content["sections"]["loans"][0]["equipment"] == "Aero 7 camera"
    assert "Aero 7 camera" in words(me, f"/my/data/{export.reference}.html")
    clock.shift(timedelta(hours=24))
    assert inside(loan.borrower).get(f"/my/data/{export.reference}.json").status_code == 404
    assert jobs.delete_data_exports() == {"deleted": 1, "failed": 0}
    assert DataExport.objects.get().content is None
    events = Entry.objects.filter(event__startswith="data_export.").order_by("pk").values_list("event", flat=True)
    assert list(events) == [
        "data_export.asked",
        "data_export.made",
        "data_export.fetched",
        "data_export.fetched",
        "data_export.deleted",
    ]


def test_a_copy_holds_nothing_of_other_people(me: Client, code: Code) -> None:
    verify(sign_up(code, "Zebulon Quartermain", email="zebulon@example.net"))
    me.post("/my/data/")
    jobs.make_data_exports()
    text = json.dumps(DataExport.objects.get().content)
    for secret in ("Zebulon", "Quartermain", "zebulon@", Referral.objects.get().referee.reference):
        assert secret not in text


def test_one_is_asked_again_who_one_is_before_a_copy_is_shown_or_all_is_deleted(me: Client, loan: Loan, clock) -> None:
    me.post("/my/data/")
    jobs.make_data_exports()
    export = DataExport.objects.get()
    clock.shift(timedelta(minutes=16))
    assert "Is it you?" in words(me, f"/my/data/{export.reference}.json")
    assert "Is it you?" in words(me, "/my/forget-me/")
    answer = me.post("/my/again/", {"next": "/my/forget-me/"})
    assert answer["Location"] == "/my/code/"
    letter = read_the_mail()
    assert me.post("/my/code/", {"code": letter.code})["Location"] == "/my/forget-me/"
    assert "Is it you?" not in words(me, "/my/forget-me/")


def test_being_forgotten_is_refused_with_the_day_while_something_is_borrowed(me: Client, loan: Loan) -> None:
    page = words(me, "/my/forget-me/")
    assert "It is not possible yet:" in page and "due back on 16 March 2026" in page
    assert me.post("/my/forget-me/", {"sure": "on"}).status_code == 409
    assert Customer.objects.get(pk=loan.borrower.pk).name == "Asha Rao"


def test_being_forgotten_deletes_and_signs_out(me: Client, asha: Customer) -> None:
    assert me.post("/my/forget-me/", {}).status_code == 422
    other = inside(asha)
    answer = me.post("/my/forget-me/", {"sure": "on"})
    assert answer.status_code == 200 and "You are forgotten" in answer.content.decode()
    asha.refresh_from_db()
    assert asha.erased_at is not None and asha.email == ""
    assert other.get("/my/").status_code == 302
    assert Entry.objects.get(event="customer.erased").actor == f"customer:{asha.reference}"


def test_pages_ask_the_database_as_often_for_many_rows_as_for_one(
    campaign: Campaign, as_customer: Callable[[Customer], Client]
) -> None:
    counts = []
    for friends in (2, 7):
        person = make_customer("Asha Rao")
        code = issue_to(person, campaign)
        for number in range(friends):
            give(verify(sign_up(code, f"Ben{number} Okoro", email=f"ben{friends}{number}@example.net")))
        client = as_customer(person)
        counts.append({path: asked(client, path) for path in PATHS})
    assert counts[0] == counts[1]


PATHS = ("/my/friends/", "/my/rewards/", "/my/loans/", "/my/account/", "/my/numbers/", "/my/share/", "/my/browsers/")


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_pages_speak_the_customers_language_and_offer_no_other_switch(me: Client, asha: Customer) -> None:
    Customer.objects.filter(pk=asha.pk).update(language="de-AT")
    answer = me.get("/my/more/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "de" and '<html lang="de">' in answer.content.decode()
    assert 'class="languages"' not in answer.content.decode()
    assert me.get("/my/more/?lang=en")["Content-Language"] == "en"


def test_a_decision_is_objected_to_once_and_the_answer_read(me: Client, code: Code, campaign: Campaign, clock) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(approval="manual")
    give(verify(sign_up(code)))
    reward = Reward.objects.get(beneficiary=code.customer)
    page = f"/my/rewards/{reward.reference}/"
    assert me.post(f"{page}object/", {"words": "Why?"}).status_code == 409
    deciding.decline(reward=reward, note="Your friend moved away.", at=AT, by=SYSTEM)
    clock.shift(timedelta(minutes=2))
    jobs.carry_out_declines()
    assert "Ask a person to look again" in words(me, page)
    assert me.post(f"{page}object/", {"words": " "}).status_code == 422
    assert me.post(f"{page}object/", {"words": "She did not move."}).status_code == 302
    told = words(me, page)
    assert "She did not move." in told and "We answer by" in told and "Ask a person to look again" not in told
    again = me.post(f"{page}object/", {"words": "Really not."})
    assert again.status_code == 409
    appealing.answer(appeal=reward.appeals.get(), overturn=False, note="We asked her.", at=AT + timedelta(minutes=3), by=SYSTEM)
    assert "We asked her." in words(me, page)


def test_whoever_has_a_reward_can_say_how_the_step_was_that_brought_it(
    me: Client, code: Code, campaign: Campaign, as_customer
) -> None:
    referral = verify(sign_up(code))
    give(referral)
    for side, client in (("referrer", me), ("referee", as_customer(referral.referee))):
        page = words(client, f"/my/rewards/{Reward.objects.get(side=side).reference}/")
        step = "inviting" if side == "referrer" else "joining"
        assert f'href="/my/feedback/?step={step}&amp;about={referral.reference}"' in page
    Reward.objects.update(state=RewardState.HELD)
    assert "/my/feedback/" not in words(me, f"/my/rewards/{Reward.objects.get(side='referrer').reference}/")


def test_one_of_several_rewards_is_chosen(me: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(approval="manual")
    first = campaign.tiers.get(side="referrer")
    make_tier(campaign, kind=RewardKind.CREDIT, amount=25, title="25 on account", key="cash-instead", instead_of=first.key)
    give(verify(sign_up(code)))
    reward = Reward.objects.get(beneficiary=code.customer)
    page = f"/my/rewards/{reward.reference}/"
    assert "You can choose" in words(me, page)
    assert me.post(f"{page}choose/", {"tier": "nothing-of-it"}).status_code == 409
    assert me.post(f"{page}choose/", {"tier": "cash-instead"}).status_code == 302
    reward.refresh_from_db()
    assert reward.kind == RewardKind.CREDIT


def test_each_step_of_a_friend_is_told_done_or_missing(me: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(proof="first_purchase", proof_amount=50)
    referral = verify(sign_up(code))
    page = words(me, f"/my/friends/{referral.reference}/")
    assert "The registration is confirmed" in page and "Done" in page and "Next" in page and "For you:" in page
