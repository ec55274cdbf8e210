"""Passing invitations on, and what customers say."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actors import SYSTEM
from campaigns.models import Campaign
from customers.models import Customer
from referrals.models import Code, Feedback, HelpRequest, Story
from referrals.voices import help_requests, stories
from tests.make import AT, make_campaign, make_customer
from tests.portal.walking import inside
from tests.stories import issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_every_way_of_passing_it_on_is_on_the_page(me: Client, code: Code) -> None:
    page = words(me, "/my/share/")
    for said in (
        f"http://testserver/r/{code.code}/", "https://wa.me/?text=", "sms:?&amp;body=", "mailto:?subject=", f"/r/{code.code}/qr.png",
        f"/r/{code.code}/qr.svg", f"/r/{code.code}/card.pdf", 'data-copies="link-', "data-shares",
    ):  # fmt: skip
        assert said in page, said


def test_the_invitation_is_written_in_ones_own_words_and_ours_are_back_without_any(me: Client, code: Code) -> None:
    url = f"/my/share/{code.code}/text/"
    assert me.post(url, {"text": "Come and film with me!"}).status_code == 302
    assert "Come and film with me!" in words(me, "/my/share/")
    wrong = me.post(url, {"text": "Look at www.evil.example"})
    assert wrong.status_code == 422
    assert "Look at www.evil.example" in wrong.content.decode() and "Leave links out" in wrong.content.decode()
    me.post(url, {"text": ""})
    assert Code.objects.get(pk=code.pk).invitation_text == ""


def test_a_code_that_is_easy_to_say_is_chosen_and_a_bad_one_refused_in_words(me: Client, code: Code) -> None:
    url = f"/my/share/{code.code}/promo/"
    assert me.post(url, {"promo": "ASHA-FILMS"}).status_code == 302
    assert "ASHA" in words(me, "/my/share/")
    wrong = me.post(url, {"promo": "x"})
    assert wrong.status_code in (409, 422) and 'value="x"' in wrong.content.decode()


def test_a_name_is_found_only_where_the_campaign_allows_it(me: Client, code: Code, campaign: Campaign) -> None:
    url = f"/my/share/{code.code}/name/"
    assert me.post(url, {"name": "Asha Rao"}).status_code in (409, 422)
    Campaign.objects.filter(pk=campaign.pk).update(name_sharing=True)
    assert me.post(url, {"name": "Asha Rao"}).status_code == 302
    assert 'value="Asha Rao"' in words(me, "/my/share/")
    assert me.post(url, {"name": ""}).status_code == 302
    assert 'value="Asha Rao"' not in words(me, "/my/share/")


def test_nobody_changes_the_code_of_somebody_else(me: Client, campaign: Campaign) -> None:
    chloes = issue_to(make_customer("Chloe Lund"), campaign)
    for field in ("text", "promo", "name"):
        assert me.post(f"/my/share/{chloes.code}/{field}/", {field: "Mine Now"}).status_code == 404
    assert me.post("/my/leaderboard/", {"code": chloes.code}).status_code == 404
    chloes.refresh_from_db()
    assert (chloes.invitation_text, chloes.promo_code, chloes.on_leaderboard_since) == ("", None, None)


def test_a_paused_offer_says_so_and_keeps_its_link(me: Client, code: Code, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    page = words(me, "/my/share/")
    assert f"/r/{code.code}/" in page and "told plain" in page


def test_a_question_is_asked_once_and_its_answer_read(me: Client, asha: Customer) -> None:
    for _ in range(2):
        assert me.post("/my/help/", {"question": "Where is my camera?"}).status_code == 302
    help_requests.answer_help(request=HelpRequest.objects.get(), answer="It is packed.", at=AT, by=SYSTEM)
    assert "It is packed." in words(me, "/my/help/")
    empty = me.post("/my/help/", {"question": " "})
    assert empty.status_code == 422 and "Write your question." in empty.content.decode()


def test_how_it_was_is_told_and_told_again(me: Client, asha: Customer) -> None:
    assert 'value="returning" selected' in words(me, "/my/feedback/?step=returning&about=loan_1")
    for score in ("2", "5"):
        assert (
            me.post("/my/feedback/", {"step": "returning", "score": score, "words": "Fine.", "about": "loan_1"}).status_code == 302
        )
    assert Feedback.objects.get().score == 5
    assert me.post("/my/feedback/", {"step": "flying", "score": "9"}).status_code == 422


def test_a_story_is_handed_in_shown_and_taken_back(me: Client, code: Code) -> None:
    typed = {"offer": code.code, "text": "We filmed the wedding of my sister.", "consents": "on"}
    assert me.post("/my/story/", {**typed, "consents": ""}).status_code == 422
    assert me.post("/my/story/", typed).status_code == 302
    stories.publish_story(story=Story.objects.get(), at=AT, by=SYSTEM)
    page = words(me, "/my/story/")
    assert "We filmed the wedding" in page and "Shown" in page
    assert me.post("/my/story/", typed).status_code == 409
    assert me.post("/my/story/", {"back": Story.objects.get().reference}).status_code == 302
    assert me.post("/my/story/", {"back": Story.objects.get().reference}).status_code == 404


def test_one_is_on_the_leaderboard_only_by_ones_own_wish(me: Client, code: Code, campaign: Campaign) -> None:
    verify(sign_up(code))
    assert "Asha R." not in words(me, "/my/leaderboard/")
    me.post("/my/leaderboard/", {"code": code.code, "join": "yes"})
    page = words(me, "/my/leaderboard/")
    assert "1. Asha R." in page and "You" in page
    chloe = make_customer("Chloe Lund")
    issue_to(chloe, campaign)
    assert "Asha R." in words(inside(chloe), "/my/leaderboard/") and "Rao" not in words(inside(chloe), "/my/leaderboard/")
    me.post("/my/leaderboard/", {"code": code.code, "leave": "yes"})
    assert "Asha R." not in words(me, "/my/leaderboard/")


def test_somebody_without_an_offer_reads_why_there_is_nothing(asha: Customer, me: Client) -> None:
    for path in ("/my/share/", "/my/story/", "/my/leaderboard/", "/my/help/", "/my/feedback/"):
        words(me, path)


def test_the_first_page_asks_the_database_a_bounded_number_of_times(me: Client, asha: Customer, code: Code) -> None:
    for number in range(7):
        verify(sign_up(code, f"Ben{number} Okoro", email=f"ben{number}@example.net"))
    issue_to(asha, make_campaign())
    with CaptureQueriesContext(connection) as queries:
        words(me, "/my/")
    assert len(queries) <= 16
