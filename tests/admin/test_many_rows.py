"""One move on many rows: ticked on a list, summed up, made row by row."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from desk.lists import bulk
from referrals.models import Code, Referral
from tests.make import make_campaign, make_customer, make_pool
from tests.stories import issue_to, sign_up

LIST = "admin:referrals_referral_changelist"


@pytest.fixture
def code(clock: object) -> Code:
    return issue_to(make_customer("Asha Rao"), make_campaign(pool=make_pool(units=9)))


@pytest.fixture
def referrals(code: Code) -> list[Referral]:
    return [sign_up(code, name) for name in ("Ben Okoro", "Chloe Lund", "Dara Novak")]


def post(client: Client, query: str = "", **data: object):
    return client.post(reverse(LIST) + query, data, follow=True)


def flagged() -> int:
    return Referral.objects.filter(standing="flagged").count()


def events(name: str) -> int:
    return Entry.objects.filter(event=name).count()


def test_many_rows_are_moved_after_a_summary(approver: Client, referrals: list[Referral]) -> None:
    ticked = [row.pk for row in referrals[:2]]
    summary = post(approver, move="flag", rows=ticked)
    text = summary.content.decode()
    assert "Flag for a second look: 2 referrals" in text and "2 referrals can go on" in text
    assert flagged() == 0
    again = post(approver, move="flag", chosen=summary.context["chosen"], confirmed="1", reason="")
    assert again.status_code == 422 and "This field is required." in again.content.decode()
    done = post(approver, move="flag", chosen=summary.context["chosen"], confirmed="1", reason="Same street.")
    assert "2 flagged." in done.content.decode()
    assert {row.standing_reason for row in Referral.objects.filter(pk__in=ticked)} == {"Same street."}
    assert events("referral.flagged") == 2


def test_what_will_be_refused_is_foreseen_and_stops_no_other(approver: Client, referrals: list[Referral]) -> None:
    every = ",".join(str(row.pk) for row in referrals)
    post(approver, move="flag", chosen=str(referrals[0].pk), confirmed="1", reason="Same street.")
    summary = post(approver, move="flag", rows=[row.pk for row in referrals]).content.decode()
    assert "2 referrals can go on" in summary and "1 will be refused" in summary
    done = post(approver, move="flag", chosen=every, confirmed="1", reason="Same street.").content.decode()
    assert "2 flagged." in done
    assert "1 refused: " in done and f"It is {referrals[0].reference}." in done
    assert flagged() == 3


def test_a_second_click_does_no_harm(approver: Client, referrals: list[Referral]) -> None:
    data = {"move": "flag", "chosen": ",".join(str(row.pk) for row in referrals), "confirmed": "1", "reason": "Same street."}
    post(approver, **data)
    text = post(approver, **data).content.decode()
    assert "3 refused: " in text and "They are " in text
    assert events("referral.flagged") == 3


def test_nothing_ticked_is_said(approver: Client, referrals: list[Referral]) -> None:
    assert "Tick the referrals first" in post(approver, move="flag").content.decode()
    assert "Tick the referrals first" in post(approver, move="flag", rows=["", "x", "9" * 30]).content.decode()


def test_all_that_match_are_those_of_the_filters_and_no_more_than_the_cap(
    approver: Client, referrals: list[Referral], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "1 referral can go on" in post(approver, f"?referee={referrals[1].referee_id}", move="flag", all="1").content.decode()
    monkeypatch.setattr(bulk, "CAP", 2)
    text = post(approver, move="flag", all="1").content.decode()
    assert "2 referrals can go on" in text
    assert "3 referrals match. 2 are moved at a time: these are the first." in text


def test_who_may_not_make_a_move_is_not_offered_it_and_is_refused(
    manager: Client, desk: Client, eve: Client, referrals: list[Referral]
) -> None:
    assert "Flag for a second look" in manager.get(reverse(LIST)).content.decode()
    assert "Flag for a second look" not in eve.get(reverse(LIST)).content.decode()
    for who in (eve, desk):
        assert post(who, move="flag", chosen=str(referrals[0].pk), confirmed="1", reason="No.").status_code == 403
    assert post(manager, move="nonsense", rows=[referrals[0].pk]).status_code == 404
    assert flagged() == 0
