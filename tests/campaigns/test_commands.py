"""Loading and exporting from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from campaigns.models import Campaign
from campaigns.recipes import shipped
from customers.models import Customer
from equipment.models import Unit
from tests.campaigns.recipe_texts import SMALL
from tests.make import make_customer, make_model, make_pool

pytestmark = pytest.mark.django_db
SKUS = ("aero-7-camera", "tent-4", "cargo-ebike", "field-spectrometer", "projector-xl", "rowing-machine")


@pytest.fixture
def shelf():
    """The models the shipped recipes name, and someone who qualifies."""
    for sku in SKUS:
        make_pool(model=make_model(sku=sku), place="Berlin")
    make_customer(birth_year=1990)


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def complaint(*arguments):
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_recipe_is_loaded_by_its_name_launched_and_exported(shelf, tmp_path, name):
    assert run("load_campaign", name, "--launch").endswith("is loaded; it is live.\n")
    campaign = Campaign.objects.get()
    entries = Entry.objects.count()
    run("load_campaign", name, "--launch")
    assert Entry.objects.count() == entries
    target = tmp_path / "again.toml"
    assert run("export_campaign", campaign.slug, "--output", str(target)) == f"Written to {target}.\n"
    assert run("export_campaign", campaign.slug) == target.read_text(encoding="utf-8")
    run("load_campaign", str(target))
    assert Entry.objects.count() == entries


def test_all_problems_are_listed(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(SMALL.replace('name = "Share"', "").replace("budget = 100", "budget = 0"), encoding="utf-8")
    assert complaint("load_campaign", str(path)).splitlines() == [
        "The recipe cannot be loaded:",
        "  - campaign.name: is missing",
        "  - campaign.budget: “0” must be a number above 0 and below 100000000",
    ]


def test_missing_models_are_named():
    lines = complaint("load_campaign", "dual_sided_loaner").splitlines()
    assert len(lines) == 4
    assert "SKU “aero-7-camera”" in lines[1]


def test_what_breaks_a_promise_is_told(shelf, tmp_path):
    run("load_campaign", "referrer_only", "--launch")
    path = tmp_path / "other.toml"
    path.write_text(shipped()["referrer_only"].read_text().replace('currency = "EUR"', 'currency = "USD"'), encoding="utf-8")
    assert "is fixed since the launch" in complaint("load_campaign", str(path))


def test_a_campaign_that_cannot_launch_stays_a_draft_and_every_reason_is_listed(shelf):
    Customer.objects.update(membership="lapsed")
    Unit.objects.update(service="repair")
    lines = complaint("load_campaign", "dual_sided_loaner", "--launch").splitlines()
    assert lines[0] == "The campaign “share-the-view” is loaded as draft, but cannot go live yet:"
    assert [line[:21] for line in lines[1:]] == ["  - No unit of Aero 7", "  - No customer quali"]
    assert Campaign.objects.get().state == "draft"


def test_unreadable_files_are_told_in_words(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Grün"'.encode("latin-1"))
    assert "is not UTF-8 text (byte 11)" in complaint("load_campaign", str(latin))
    assert "no shipped recipe of that name: b2b_demo_unit, dual_sided_loaner" in complaint("load_campaign", "nothing.toml")
    assert "cannot be read" in complaint("load_campaign", str(tmp_path))


def test_an_unknown_campaign_cannot_be_exported(shelf, tmp_path):
    assert complaint("export_campaign", "nothing") == "There is no campaign “nothing”. Campaigns: none yet."
    run("load_campaign", "referrer_only")
    assert "cannot be written" in complaint("export_campaign", "pitch-a-tent", "--output", str(tmp_path / "no" / "where.toml"))
