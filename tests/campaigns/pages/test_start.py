"""A new campaign: from the shelf, as a copy, from a text. It is a draft, and it never rewrites what others use."""

import re
from pathlib import Path

import pytest
from django.test import Client

from audit.models import Entry
from campaigns import recipes, starting
from campaigns.models import Campaign
from customers.models import Agreement
from tests.admin.conftest import As
from tests.make import make_campaign, make_model, make_pool, make_terms

START = "/admin/campaigns/start/"
LIST = "/admin/campaigns/campaign/"


@pytest.fixture(autouse=True)
def models(clock: object) -> None:
    """What the shipped recipes lend."""
    make_pool(model=make_model(sku="aero-7-camera", name="Aero 7 camera"))


def begin(client: Client, status: int = 302, **typed: str):
    answer = client.post(START, {"begin": "dual_sided_loaner", "name": "Spring friends", "slug": "", "equipment": "", **typed})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def test_every_shipped_recipe_stands_on_a_card_with_what_it_gives(manager: Client) -> None:
    words = manager.get(START).content.decode()
    assert words.count('class="recipe-card"') == len(recipes.shipped()) + 2
    assert "The referrer gets the Aero 7 camera, for each friend." in words
    assert all(one.sentence in words.replace("&#x27;", "'") for one in starting.shelf())


def test_home_and_the_list_call_a_new_campaign_by_one_name_and_lead_to_one_page(manager: Client) -> None:
    pages = [manager.get("/admin/"), manager.get(LIST)]
    make_campaign()
    pages += [manager.get("/admin/"), manager.get(LIST)]
    for page in pages:
        text = page.content.decode()
        assert set(re.findall(rf'<a [^>]*href="{START}"[^>]*>([^<]+)</a>', text)) == {"New campaign"}
        assert "campaign/add/" not in text


def test_other_lists_add_what_they_list_on_its_own_page(manager: Client) -> None:
    text = manager.get("/admin/campaigns/segment/").content.decode()
    assert re.search(r'<a [^>]*href="/admin/campaigns/segment/add/">Add segment</a>', text)


def test_who_may_not_begin_a_campaign_is_offered_none(eve: Client) -> None:
    make_campaign()
    assert START not in eve.get(LIST).content.decode()


def test_a_draft_is_made_its_short_name_from_the_name_its_terms_its_own(manager: Client) -> None:
    answer = begin(manager)
    campaign = Campaign.objects.get(slug="spring-friends")
    assert answer["Location"] == "/admin/campaigns/spring-friends/set-up/"
    assert (campaign.state, campaign.name) == ("draft", "Spring friends")
    assert campaign.campaign_terms is not None
    assert campaign.campaign_terms.slug == "spring-friends-terms"
    assert Entry.objects.get(subject_reference="spring-friends", event="campaign.created").actor == "staff:marketing"


def test_the_same_again_makes_another_one_of_another_short_name(manager: Client) -> None:
    begin(manager)
    begin(manager)
    assert set(Campaign.objects.values_list("slug", flat=True)) == {"spring-friends", "spring-friends-2"}


def test_a_short_name_that_is_taken_is_refused_at_its_field(manager: Client) -> None:
    begin(manager, slug="mine")
    answer = begin(manager, 422, slug="mine", name="Typed again")
    assert "taken" in " ".join(answer.context["form"].errors["slug"])
    assert 'value="Typed again"' in answer.content.decode()


def test_a_copy_has_everything_but_its_dates(manager: Client) -> None:
    pool = make_pool()
    old = make_campaign(pool=pool, slug="old", pitch="As it was.")
    page = manager.get(f"{START}?clone=old")
    assert page.context["form"]["name"].value() == "Bring a friend (copy)"
    begin(manager, begin="copy", campaign="old", name="New one")
    new = Campaign.objects.get(slug="new-one")
    assert (new.pitch, new.starts_at, new.ends_at, new.launched_at) == ("As it was.", None, None, None)
    assert new.tiers.count() == old.tiers.count() == 2


def test_a_loan_s_public_wording_is_never_put_back_by_a_new_campaign(manager: Client) -> None:
    make_terms("camera-loan-terms", body="The wording lawyers agreed on.")
    begin(manager)
    current = Agreement.objects.get(slug="camera-loan-terms").current()
    assert current is not None
    assert (current.number, current.body) == (1, "The wording lawyers agreed on.")


def test_who_may_not_publish_begins_without_terms_and_is_told(signed_in_as: As) -> None:
    carl = signed_in_as("Campaign editor")
    answer = carl.post(START, {"begin": "dual_sided_loaner", "name": "Carl's"}, follow=True)
    assert "Its terms were left out" in answer.content.decode()
    assert Campaign.objects.get(slug="carls").campaign_terms is None
    assert not Agreement.objects.exists()


def test_a_text_is_checked_and_what_is_wrong_stands_below_it(manager: Client) -> None:
    answer = begin(
        manager, 422, begin="text", text="[campaign]\nslug = 'x'\nname = 'X'\nheadline = 'H'\nequipment = 'unknown'\nfoo = 1"
    )
    assert "no such key" in " ".join(answer.context["form"].errors["text"])
    answer = begin(manager, 422, begin="text", text="[campaign")
    assert "not valid TOML" in answer.content.decode()
    assert Campaign.objects.count() == 0


def test_a_text_becomes_a_campaign_of_the_name_that_was_typed(manager: Client) -> None:
    text = Path(recipes.shipped()["dual_sided_loaner"]).read_text(encoding="utf-8")
    begin(manager, begin="text", text=text, name="From a text")
    assert Campaign.objects.get(slug="from-a-text").name == "From a text"


def test_equipment_that_is_not_lent_here_is_refused_until_another_is_chosen(manager: Client) -> None:
    answer = begin(manager, 422, begin="referrer_only")
    assert "no equipment model" in " ".join(answer.context["form"].errors["equipment"])
    begin(manager, begin="referrer_only", equipment="aero-7-camera")
    campaign = Campaign.objects.get(slug="spring-friends")
    assert {tier.equipment_model.sku for tier in campaign.tiers.all() if tier.equipment_model} == {"aero-7-camera"}


@pytest.mark.parametrize("typed", [{"begin": ""}, {"name": ""}, {"begin": "copy"}, {"begin": "text"}, {"slug": "not a slug"}])
def test_what_is_missing_is_asked_for(manager: Client, typed: dict[str, str]) -> None:
    answer = begin(manager, 422, **typed)
    assert answer.context["form"].errors
    assert Campaign.objects.count() == 0


def test_the_auditor_and_strangers_begin_nothing(eve: Client, client: Client) -> None:
    assert eve.get(START).status_code == 403
    begin(eve, 403)
    assert client.get(START)["Location"].startswith("/admin/login/")
    assert Campaign.objects.count() == 0
