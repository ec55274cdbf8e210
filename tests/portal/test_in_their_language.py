"""Every page for customers speaks German to whoever reads German, to the last sentence."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.db.models import TextChoices
from django.test import Client
from django.utils import translation

from audit.actors import SYSTEM, customer
from campaigns.models import Campaign
from customers.country_names import names_in
from customers.models import Customer
from customers.states import Membership, Origin
from equipment import receipts, requesting
from equipment.models import EquipmentModel, Loan
from equipment.states import Grade, LoanState, RequestState, Wish
from notices.states import Channel, NoticeState
from referrals import tokens
from referrals.models import Code, Referral
from referrals.states import CodeState, FeedbackStep, Progress, StoryState
from referrals.voices import stories
from rewards import appealing, deciding, jobs
from rewards.models import Reward
from rewards.portal import copy_values, copy_words, exporting, mydata
from rewards.states import Decision, RewardState
from tests.english import english_in, seen
from tests.make import AT, make_tier
from tests.occasions import lending_campaign, reader
from tests.portal.walking import inside
from tests.stories import give, hand_over, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GERMAN = {"accept-language": "de"}


@pytest.fixture
def campaign() -> Campaign:
    campaign = lending_campaign(units=2, proof="first_purchase")
    make_tier(campaign, kind="credit", amount=25, title="Guthaben", key="credit")
    return campaign


@pytest.fixture
def asha() -> Customer:
    return reader("de")


@pytest.fixture
def code(asha: Customer, campaign: Campaign) -> Code:
    return issue_to(asha, campaign)


@pytest.fixture
def busy(asha: Customer, code: Code) -> Customer:
    """Asha with a loan, a wish, a reward in each of several states, friends at every stage, a question, a story, a copy of her data."""
    Campaign.objects.filter(pk=code.campaign_id).update(proof="verified_signup")
    code.refresh_from_db()
    give(verify(sign_up(code, "Ben Okoro")))
    loan = Loan.objects.filter(borrower=asha).latest("pk")
    hand_over(loan, loan.pool.units.order_by("pk")[0], at=AT)
    by = customer(asha.reference)
    requesting.tell_problem(loan=loan, words="Der Deckel klemmt.", at=AT, by=by)
    Campaign.objects.filter(pk=code.campaign_id).update(approval="manual")
    for name in ("Cem Aydin", "Dana Fox", "Emil Berg"):
        give(verify(sign_up(Code.objects.get(pk=code.pk), name)))
    held = list(Reward.objects.filter(state="held").order_by("pk"))
    deciding.decline(reward=held[0], note="Kein Einkauf.", at=AT, by=SYSTEM)
    deciding.ask(reward=held[1], note="Wann?", at=AT, by=SYSTEM)
    jobs.carry_out_declines(AT + deciding.UNDO_FOR)
    held[0].refresh_from_db()
    appealing.appeal(reward=held[0], words="Doch.", at=AT + deciding.UNDO_FOR, by=by)
    Campaign.objects.filter(pk=code.campaign_id).update(proof="first_purchase")
    sign_up(Code.objects.get(pk=code.pk), "Finn Lind")
    verify(sign_up(Code.objects.get(pk=code.pk), "Gina Wolf"))
    stories.submit_story(
        customer=asha, campaign=code.campaign, text="Schön war es, und alles hat geklappt.", consents=True, at=AT, by=by
    )
    exporting.make(export=exporting.ask(customer=asha, at=AT, by=by), at=AT, by=SYSTEM)
    jobs.queue_loan_notices(AT + timedelta(minutes=1))
    return asha


def german(client: Client, path: str, status: int = 200) -> None:
    answer = client.get(path, headers=GERMAN)
    assert answer.status_code == status, path
    page = answer.content.decode()
    assert '<html lang="de"' in page, path
    assert english_in(seen(page)) == [], path


PAGES = (
    "", "loans/", "share/", "friends/", "numbers/", "leaderboard/", "story/", "help/", "feedback/?step=collecting", "rewards/",
    "account/", "more/", "preferences/", "news/", "data/", "browsers/", "forget-me/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_somebody_busy(busy: Customer, path: str) -> None:
    german(inside(busy), f"/my/{path}")


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_somebody_new(asha: Customer, path: str) -> None:
    german(inside(asha), f"/my/{path}")


def test_each_loan_friend_and_reward(busy: Customer) -> None:
    browser = inside(busy)
    for loan in Loan.objects.filter(borrower=busy):
        german(browser, f"/my/loans/{loan.reference}/")
    for referral in Referral.objects.filter(referrer=busy):
        german(browser, f"/my/friends/{referral.reference}/")
    rewards = Reward.objects.filter(beneficiary=busy)
    assert len({reward.state for reward in rewards}) >= 3
    for reward in rewards:
        german(browser, f"/my/rewards/{reward.reference}/")


def test_the_copy_of_ones_data_is_labelled_in_german(busy: Customer) -> None:
    german(inside(busy), f"/my/data/{busy.data_exports.get().reference}.html")


def told_of(person: Customer) -> dict[str, set[tuple[str, str]]]:
    """Labels and values of each part of somebody's copy, as a German page shows them."""
    with translation.override("de"):
        parts = copy_words.in_words(mydata.gathered(person, at=AT)["sections"])
    return {name: {pair for row in rows for pair in row} for name, rows in parts}


def test_the_copy_says_in_german_how_a_friend_came(busy: Customer) -> None:
    friend = told_of(Referral.objects.get(referee__name="Ben Okoro").referee)
    assert ("Herkunft", "von jemand anderem eingeladen") in friend["Profil"]
    assert ("warum", "Alles, worum wir gebeten haben, ist getan.") in friend["Wie du zu uns kamst"]
    assert ("wie", "auf unserer Seite") in friend["Bedingungen, denen du zugestimmt hast"]
    asha = told_of(busy)
    assert {("Weg", "E-Mail"), ("Zweck", "Neuigkeiten und Angebote")} <= asha["Einwilligungen"]
    assert {("Weg", "E-Mail"), ("Stand", "wartet darauf, gesendet zu werden")} <= asha["Nachrichten"]
    assert ("Stand", "wartet darauf, gelesen zu werden") in asha["Geschichten"]
    (condition,) = [value for label, value in asha["Ausleihen"] if label == "Zustand" and value != "–"]
    assert condition.startswith("bei: Übergabe, Note: Gut,")


def test_the_copy_writes_days_countries_and_languages_as_its_reader_does_and_the_file_as_machines_do(busy: Customer) -> None:
    Customer.objects.filter(pk=busy.pk).update(country="DE", language="de", member_since=date(2024, 3, 9))
    busy.refresh_from_db()
    profile = told_of(busy)["Profil"]
    assert {("Land", "Deutschland"), ("Sprache", "Deutsch"), ("Mitglied seit", "9. März 2024")} <= profile
    assert ("angelegt", f"{busy.created_at:%-d}. März 2026, {busy.created_at:%H:%M} UTC") in profile
    stored = mydata.gathered(busy, at=AT)["sections"]["profile"][0]
    assert (stored["country"], stored["language"], stored["member_since"]) == ("DE", "de", "2024-03-09")


def test_what_somebody_typed_stays_as_typed_even_where_it_reads_like_a_day() -> None:
    assert copy_values.words_of("feedback", "words", "2026-03-09") == "2026-03-09"
    assert copy_values.words_of("codes", "issued_at", "not a day") == "not a day"
    assert copy_values.words_of("profile", "language", "tlh") == "tlh"


def test_the_copy_calls_what_was_borrowed_as_the_pages_do(busy: Customer) -> None:
    for model in EquipmentModel.objects.all():
        EquipmentModel.objects.filter(pk=model.pk).update(translations={"de": {model.name: "Systemkamera Aero 7"}})
    assert {value for label, value in told_of(busy)["Ausleihen"] if label == "Gerät"} == {"Systemkamera Aero 7"}


STORED: dict[tuple[str, str], type[TextChoices]] = {
    ("profile", "membership"): Membership, ("profile", "origin"): Origin, ("codes", "state"): CodeState, ("friends", "progress"): Progress,
    ("how you came", "progress"): Progress, ("how you came", "progress_reason"): Progress, ("rewards", "state"): RewardState,
    ("decisions", "decision"): Decision, ("loans", "state"): LoanState, ("condition", "grade"): Grade, ("asked", "kind"): Wish,
    ("asked", "state"): RequestState, ("stories", "state"): StoryState, ("feedback", "step"): FeedbackStep,
    ("messages", "channel"): Channel, ("messages", "state"): NoticeState,
}  # fmt: skip


@pytest.mark.parametrize("place", STORED)
def test_every_stored_word_of_a_copy_has_a_german_one(place: tuple[str, str]) -> None:
    with translation.override("en"):
        english = [copy_values.words_of(*place, value) for value in STORED[place].values]
    with translation.override("de"):
        german = [copy_values.words_of(*place, value) for value in STORED[place].values]
    assert [value for value, one in zip(STORED[place].values, german, strict=True) if one == value] == []
    assert [one for one, other in zip(english, german, strict=True) if one == other] == []


def test_the_way_in_and_pages_that_say_no(asha: Customer) -> None:
    for path in ("/my/sign-in/", "/my/code/", "/my/in/nonsense/", "/my/again/"):
        answer = Client().get(path, headers=GERMAN, follow=True)
        assert english_in(seen(answer.content.decode())) == [], path
    german(inside(asha), "/my/loans/loan_X/", 404)


def test_public_pages(code: Code, campaign: Campaign) -> None:
    somebody = Client()
    for path in ("/", "/join/", code.get_absolute_url()):
        german(somebody, path)
    german(somebody, "/r/NONSENSE11/", 404)
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    german(somebody, code.get_absolute_url(), somebody.get(code.get_absolute_url()).status_code)


def test_countries_are_named_and_filed_in_german(code: Code, campaign: Campaign) -> None:
    campaign.rules.create(side="referee", field="country", operator="is", value="DE", sentence="Wohnhaft in Deutschland.")
    page = Client().get(code.get_absolute_url(), headers=GERMAN).content.decode()
    assert english_in(seen(page).replace("Isle of Man", "")) == [], "the island has no other name in German"
    names = list(names_in("de").items())
    assert len(names) == 249 and ("CI", "Côte d’Ivoire") in names
    assert [code for code, _ in names][:4] == ["AF", "EG", "AX", "AL"]
    assert names_in("xx") == names_in("en") and names_in("en")["DE"] == "Germany"


def test_the_terms_stand_in_a_german_frame(campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    version = campaign.campaign_terms.current()
    assert version is not None
    german(Client(), version.get_absolute_url())


def test_the_page_of_the_friend(code: Code) -> None:
    referral = sign_up(code, language="de")
    token = tokens.make_verification(referral, at=AT)
    german(Client(), f"/verify/{token}/")
    verify(referral)
    german(Client(), f"/verify/{token}/")
    german(Client(), "/verify/nonsense/", 404)


def test_papers_of_a_loan(busy: Customer) -> None:
    loan = Loan.objects.filter(borrower=busy, handed_over_at__isnull=False).get()
    with translation.override("de"):
        paper = receipts.receipt(loan, receipts.HANDOVER, url="http://testserver/")
        assert paper is not None
        assert paper.title == "Ausgabebeleg"
        assert ("Übergeben", "Montag, 2. März 2026, 12:00 UTC") in paper.days


def test_the_value_on_the_receipt_is_written_as_the_borrower_writes_amounts(busy: Customer) -> None:
    loan = Loan.objects.filter(borrower=busy, handed_over_at__isnull=False).get()
    EquipmentModel.objects.update(replacement_value=Decimal("1290.5"), currency="CHF")
    answer = inside(busy).get(f"/my/loans/{loan.reference}/handover.pdf", headers=GERMAN)
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Wiederbeschaffungswert 1.290,50 CHF" in text
