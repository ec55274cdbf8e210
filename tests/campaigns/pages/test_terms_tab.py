"""The tab Terms: versions, who published them, who accepted them, and how the next one becomes public."""

import pytest
from django.test import Client

from audit.models import Entry
from campaigns import wordings
from campaigns.models import Campaign
from customers.models import Agreement, AgreementVersion
from tests.admin.conftest import As
from tests.make import make_acceptance, make_campaign, make_customer, make_terms

TERMS = "/admin/campaigns/spring/terms/"


@pytest.fixture(autouse=True)
def campaign(clock: object) -> Campaign:
    """A live campaign with both documents."""
    return make_campaign(slug="spring", name="Spring")


def draft(client: Client, body: str) -> str:
    """Write a next version; the address of its page."""
    answer = client.post(f"{TERMS}campaign/write/", {"body": body})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_versions_say_when_by_whom_and_how_many_customers_accepted_them(manager: Client, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    for name in ("Asha Rao", "Ben Okoro"):
        person = make_customer(name)
        make_acceptance(person, campaign.campaign_terms, f"one {name}")
        make_acceptance(person, campaign.campaign_terms, f"two {name}")
    manager.post(draft(manager, "Be fair.\nBring it back soon."))
    words = manager.get(TERMS).content.decode()
    assert "Accepted by 2 customers" in words
    assert "12:10 UTC by marketing" in words
    assert words.index("Version 2") < words.index("Version 1")
    current = campaign.campaign_terms.current()
    assert current is not None
    first = AgreementVersion.objects.get(agreement=campaign.campaign_terms, number=1)
    listed = manager.get("/admin/customers/acceptance/", {"version": first.pk})
    assert listed.status_code == 200


def test_a_next_version_is_compared_before_it_is_published(manager: Client, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    url = draft(manager, "Be fair. Bring it back.\n\nAnd clean.")
    page = manager.get(url)
    assert [(line.kind, line.text) for line in page.context["lines"]] == [
        ("same", "Be fair. Bring it back."),
        ("new", ""),
        ("new", "And clean."),
    ]
    assert "it can never be changed" in page.content.decode()
    assert campaign.campaign_terms.current().number == 1
    assert manager.post(url).status_code == 302
    assert campaign.campaign_terms.current().number == 2
    manager.post(url)
    assert campaign.campaign_terms.versions.count() == 2


def test_the_same_wording_twice_makes_no_second_draft(manager: Client, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    draft(manager, "Other words.")
    draft(manager, "Other words.")
    assert campaign.campaign_terms.versions.count() == 2


def test_line_ends_that_only_wrap_a_wording_are_no_change_and_are_not_written_on(manager: Client, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    one_line = "1. Who may take part. Active members of at least 90 days may recommend us to friends."
    draft(manager, one_line.replace("recommend us", "recommend\nus") + "\n\n2. Be fair.")
    begun = manager.get(f"{TERMS}campaign/write/").context["form"].initial["body"]
    assert begun == f"{one_line}\n\n2. Be fair."
    page = manager.get(draft(manager, begun))
    assert campaign.campaign_terms.versions.count() == 2
    assert ("new", one_line) in [(line.kind, line.text) for line in page.context["lines"]]


def test_an_older_draft_is_not_published_over_a_newer_version(manager: Client, campaign: Campaign) -> None:
    assert campaign.campaign_terms is not None
    old, new = draft(manager, "Second."), draft(manager, "Third.")
    manager.post(new)
    answer = manager.post(old, follow=True)
    assert "Version 3 is public already" in answer.content.decode()
    assert campaign.campaign_terms.current().number == 3


def test_an_empty_wording_is_refused(manager: Client) -> None:
    assert manager.post(f"{TERMS}campaign/write/", {"body": "  "}).status_code == 422


def test_other_campaigns_with_the_same_document_are_named(manager: Client) -> None:
    make_campaign(slug="other", name="Another one")
    assert "Also used by Another one" in manager.get(TERMS).content.decode()


def test_a_draft_chooses_its_documents_and_a_live_one_keeps_them(manager: Client, campaign: Campaign) -> None:
    make_terms("winter-terms")
    answer = manager.post(TERMS, {"terms": "winter-terms", "loan_terms": "loan-terms"})
    assert answer.status_code == 422
    assert "People accepted" in " ".join(answer.context["form"].errors["terms"])
    Campaign.objects.filter(pk=campaign.pk).update(state="draft", launched_at=None)
    assert manager.post(TERMS, {"terms": "winter-terms", "loan_terms": ""}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.campaign_terms is not None
    assert (campaign.campaign_terms.slug, campaign.loan_terms) == ("winter-terms", None)


def test_a_campaign_without_terms_gets_a_document_of_its_own(manager: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="draft", launched_at=None, campaign_terms=None)
    assert "cannot be launched" in manager.get(TERMS).content.decode()
    url = f"{TERMS}campaign/new/"
    page = manager.get(url)
    assert page.context["form"]["slug"].value() == "spring-terms"
    typed = {"title": "Spring terms", "slug": "loan-terms", "body": "Be kind."}
    assert "already" in " ".join(manager.post(url, typed).context["form"].errors["slug"])
    assert manager.post(url, {**typed, "slug": "spring-terms"}).status_code == 302
    assert Agreement.objects.get(slug="spring-terms").current() is not None
    campaign.refresh_from_db()
    assert str(campaign.campaign_terms) == "Spring terms"


def test_a_wording_is_translated_at_any_time_and_the_trail_says_so(manager: Client, campaign: Campaign) -> None:
    page = f"{TERMS}campaign/1/"
    assert "In other languages" in manager.get(page).content.decode()
    for _ in range(2):
        assert manager.post(page, {"translate": "yes", "de": "Sei fair.\r\n\r\nBring es <i>zurück</i>."}).status_code == 302
    assert campaign.campaign_terms is not None
    version = AgreementVersion.objects.get(agreement=campaign.campaign_terms, number=1)
    assert version.reads_in("de") == "Sei fair.\n\nBring es <i>zurück</i>."
    assert "Bring es &lt;i&gt;zurück" in manager.get(page).content.decode()
    (entry,) = Entry.objects.filter(event="agreement.translated")
    assert entry.sentence == "Version 1, its translation into de written."
    manager.post(page, {"translate": "yes", "de": " "})
    assert AgreementVersion.objects.get(pk=version.pk).reads_in("de") == ""


def test_too_long_a_translation_is_said_beside_it_and_stays_typed(manager: Client, campaign: Campaign) -> None:
    answer = manager.post(f"{TERMS}campaign/1/", {"translate": "yes", "de": "x" * 100_001})
    assert answer.status_code == 422
    assert "at most 100000 characters" in answer.content.decode() and "x" * 100_001 in answer.content.decode()
    assert not Entry.objects.filter(event="agreement.translated").exists()


@pytest.mark.parametrize("role", ["Auditor", "Campaign editor"])
def test_who_may_not_publish_translates_nothing(signed_in_as: As, campaign: Campaign, role: str) -> None:
    client = signed_in_as(role)
    assert client.post(f"{TERMS}campaign/1/", {"translate": "yes", "de": "Sei fair."}).status_code == 403
    assert campaign.campaign_terms is not None
    campaign.campaign_terms.refresh_from_db()
    assert campaign.campaign_terms.translations == {}


def test_who_may_not_publish_reads_and_writes_nothing(eve: Client, signed_in_as: As) -> None:
    for client in (eve, signed_in_as("Campaign editor")):
        assert "Write the next version" not in client.get(TERMS).content.decode()
        assert client.get(f"{TERMS}campaign/1/").status_code == 200
        for page in ("campaign/write/", "campaign/new/"):
            assert client.get(TERMS + page).status_code == 403
            assert client.post(TERMS + page, {"body": "x", "title": "x", "slug": "x"}).status_code == 403
        assert client.post(f"{TERMS}campaign/1/").status_code == 403
    assert eve.post(TERMS, {"terms": "", "loan_terms": ""}).status_code == 403
    assert AgreementVersion.objects.count() == 2


def test_strangers_and_addresses_that_are_not_there(client: Client, manager: Client) -> None:
    assert client.get(TERMS)["Location"].startswith("/admin/login/")
    for page in ("nonsense/write/", "campaign/99/", "nonsense/1/", "nonsense/new/"):
        assert manager.get(TERMS + page).status_code == 404


def test_how_much_two_wordings_differ_is_said_in_words() -> None:
    lines = wordings.compared("a\nb\nc", "a\nB\nc\nd")
    assert wordings.count_in_words(lines) == "2 lines come, 1 goes."
    assert wordings.count_in_words(wordings.compared("a\r\nb ", "a\nb")) == "Both wordings are the same."
