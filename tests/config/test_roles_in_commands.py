"""A verb asks for its permission whoever calls it: a command in somebody's name may do what they may do on a page, and no more."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from campaigns.models import Campaign
from customers.models import Customer
from equipment.models import Unit
from referrals.models import Code
from tests.browser.staff import member_of_staff
from tests.make import make_campaign, make_customer, make_model, make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    customers, units = tmp_path / "customers.csv", tmp_path / "units.csv"
    customers.write_text("external_id,name,email\n1,Asha Rao,asha@example.org\n")
    units.write_text("serial,sku,place\nAER-1,aero-7-camera,Berlin\n")
    return {"customers": str(customers), "units": str(units)}


@pytest.fixture
def campaign() -> Campaign:
    """A live campaign with a customer who may refer, and a model to lend."""
    make_customer()
    make_pool(model=make_model(sku="aero-7-camera"))
    return make_campaign(pool=make_pool())


COMMANDS = {
    "load_campaign": ("Marketing manager", "Campaign editor"),
    "issue_codes": ("Marketing manager", "Campaign editor"),
    "invite": ("Marketing manager", "Approver"),
    "import_customers": ("Marketing manager", "Handover desk"),
    "import_units": ("Handover desk", "Marketing manager"),
}
"""For each command a role that may, and one that may not."""


def call(command: str, campaign: Campaign, files: dict[str, str], role: str) -> str:
    what = {"load_campaign": "dual_sided_loaner", "import_customers": files["customers"], "import_units": files["units"]}
    out = StringIO()
    call_command(command, what.get(command, campaign.slug), f"--as={member_of_staff(role).username}", stdout=out, stderr=StringIO())
    return out.getvalue()


def stored() -> list[int]:
    return [model.objects.count() for model in (Campaign, Code, Customer, Unit, Entry)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_in_the_name_of_who_may_not_is_refused_and_stores_nothing(
    command: str, campaign: Campaign, files: dict[str, str]
) -> None:
    before = stored()
    with pytest.raises(CommandError, match="This needs the permission .* Nothing was changed"):
        call(command, campaign, files, COMMANDS[command][1])
    assert stored() == before


# To invite takes people who want news besides; who may is then told that nobody does, and not that they may not.
@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"invite"}))
def test_a_command_in_the_name_of_who_may_is_carried_out(command: str, campaign: Campaign, files: dict[str, str]) -> None:
    assert call(command, campaign, files, COMMANDS[command][0])


def test_the_trail_says_that_it_was_a_command(campaign: Campaign, files: dict[str, str]) -> None:
    call("issue_codes", campaign, files, "Marketing manager")
    assert set(Entry.objects.filter(event="code.issued").values_list("actor", flat=True)) == {"command:manager"}


@pytest.mark.parametrize("name", ["nobody", "left"])
def test_a_name_that_nobody_active_has_is_refused(campaign: Campaign, name: str) -> None:
    user = member_of_staff("Marketing manager")
    user.username, user.is_active = "left", False
    user.save()
    with pytest.raises(CommandError, match=f"Nobody active of staff has the user name “{name}”"):
        call_command("issue_codes", campaign.slug, f"--as={name}")
    assert not Code.objects.exists()
