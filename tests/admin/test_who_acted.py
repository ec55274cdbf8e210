"""Who acted, on lists, in files, and in the search of the trail: by name."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actors import SYSTEM, Actor, customer
from audit.trail import record
from campaigns.models import Campaign
from referrals.models import Mailing
from tests.admin import world
from tests.make import AT, make_campaign, make_customer

pytestmark = pytest.mark.django_db
MINA = Actor("staff:mina", trusted=True)
BOTH = ["audit_search", "audit_entry_changelist"]


@pytest.fixture
def campaign(clock: object) -> Campaign:
    User.objects.create(username="mina", first_name="Mina", last_name="Roth")
    campaign = make_campaign()
    record("campaign.paused", about=campaign, by=MINA, at=AT, reason="Mina paused it.")
    record("campaign.resumed", about=campaign, by=SYSTEM, at=AT, reason="The system resumed it.")
    return campaign


def found(client: Client, page: str, text: str) -> str:
    name = "text" if page == "audit_search" else "q"
    return client.get(f"{reverse(f'admin:{page}')}?{urlencode({name: text})}").content.decode()


@pytest.mark.parametrize("page", BOTH)
@pytest.mark.parametrize("typed", ["staff:mina", "mina", "Mina Roth", "roth"])
def test_what_a_colleague_did_is_found_by_key_and_by_name(eve: Client, campaign: Campaign, page: str, typed: str) -> None:
    text = found(eve, page, typed)
    assert "Mina paused it." in text and "Mina Roth" in text
    assert "The system resumed it." not in text


@pytest.mark.parametrize("page", BOTH)
def test_what_the_system_did_is_found_by_the_words_of_the_page(eve: Client, campaign: Campaign, page: str) -> None:
    text = found(eve, page, "The system")
    assert "The system resumed it." in text and "Mina paused it." not in text


@pytest.mark.parametrize("page", BOTH)
@pytest.mark.parametrize("typed", ["asha rao", "Asha  Rao"])
def test_what_a_customer_did_is_found_by_their_whole_name(eve: Client, campaign: Campaign, page: str, typed: str) -> None:
    asha, ashanti = make_customer("Asha Rao"), make_customer("Asha Raoul")
    record("campaign.paused", about=campaign, by=customer(asha.reference), at=AT, reason="By Asha.")
    record("campaign.paused", about=campaign, by=customer(ashanti.reference), at=AT, reason="By another.")
    text = found(eve, page, typed)
    assert "By Asha." in text and f"ustomer {asha.reference}" in text
    assert "By another." not in text and "Mina paused it." not in text


@pytest.mark.parametrize("page", BOTH)
def test_changes_of_a_colleagues_account_are_found_by_their_name(eve: Client, campaign: Campaign, page: str) -> None:
    administrator = User.objects.create_superuser("alex")
    client = Client()
    client.force_login(administrator)
    mina = User.objects.get(username="mina")
    fields = {"username": "mina", "first_name": "Mina", "last_name": "Roth", "email": "mina@example.org", "is_staff": "on"}
    client.post(reverse("admin:auth_user_change", args=[mina.pk]), fields)
    assert "alex" in found(eve, page, "Mina Roth")


def test_a_decision_is_found_by_who_took_it(administrator: Client, campaign: Campaign) -> None:
    world.fill()
    User.objects.create(username="dev", first_name="Dev", last_name="Anand")
    url = reverse("admin:rewards_approval_changelist")
    for typed in ("Dev Anand", "dev", "staff:dev"):
        text = administrator.get(url, {"q": typed}).content.decode()
        assert "Approved" in text and "Dev Anand" in text, typed
    assert "Dev Anand" not in administrator.get(url, {"q": "Mina Roth"}).content.decode()


def test_a_file_has_the_name_and_the_key_and_reads_the_accounts_once(administrator: Client, campaign: Campaign) -> None:
    for n in range(5):
        Mailing.objects.create(campaign=campaign, kind=f"kind-{n}", total=n, by=MINA.name, started_at=AT)
    with CaptureQueriesContext(connection) as captured:
        answer = administrator.post(reverse("admin:referrals_mailing_changelist"), {"export": "comma"})
        lines = b"".join(answer).decode().splitlines()  # type: ignore[arg-type]
    assert "By,By (key)" in lines[0]
    assert [("Mina Roth,staff:mina" in line) for line in lines[1:]] == [True] * 5
    assert sum("first_name" in one["sql"] and "WHERE" not in one["sql"] for one in captured) == 1


def test_the_file_of_the_trail_has_the_name_and_the_key(eve: Client, campaign: Campaign) -> None:
    answer = eve.post(reverse("admin:audit_entry_changelist"), {"export": "comma"})
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert "By,When,By (key)" in text.splitlines()[0]
    assert "Mina Roth" in text and "staff:mina" in text and "The system" in text
