from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command

from config import roles

pytestmark = pytest.mark.django_db


def sync() -> str:
    out = StringIO()
    call_command("sync_roles", stdout=out)
    return out.getvalue()


def names(role: str) -> set[str]:
    return {
        f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role).permissions.select_related("content_type")
    }


def test_every_role_of_the_table_is_made_and_a_second_time_nothing_changes() -> None:
    assert "Auditor: made" in sync()
    assert sync() == "All roles are as they should be.\n"
    assert {role.name for role in roles.ROLES} == set(Group.objects.values_list("name", flat=True))


def test_what_a_stranger_gave_a_role_is_taken_away_and_what_was_taken_is_given_back() -> None:
    sync()
    approver = Group.objects.get(name="Approver")
    approver.permissions.add(Permission.objects.get(codename="erase_customer"))
    approver.permissions.remove(Permission.objects.get(codename="decide_reward"))
    assert sync() == "Approver: changed, 1 permissions given, 1 taken away\n"
    assert "rewards.decide_reward" in names("Approver")
    assert "customers.erase_customer" not in names("Approver")


def test_groups_of_other_names_are_left_alone() -> None:
    Group.objects.create(name="Book club").permissions.add(Permission.objects.get(codename="view_loan"))
    sync()
    assert names("Book club") == {"equipment.view_loan"}


def test_the_auditor_can_see_everything_and_change_nothing() -> None:
    sync()
    mine = names("Auditor")
    assert {name for name in mine if not name.split(".")[1].startswith("view_")} == {"audit.read_everything", "audit.verify_trail"}
    every_view = Permission.objects.filter(content_type__app_label__in=roles.OUR_APPS, codename__startswith="view_")
    assert {f"{p.content_type.app_label}.{p.codename}" for p in every_view.select_related("content_type")} <= mine


def test_nobody_but_the_administrator_reads_scores_or_erases() -> None:
    sync()
    for role in roles.ROLES:
        for permission in ("customers.read_credit_score", "customers.erase_customer"):
            assert (permission in names(role.name)) == role.may_all


def test_only_those_who_decide_may_decide() -> None:
    sync()
    assert [role.name for role in roles.ROLES if "rewards.decide_reward" in names(role.name)] == ["Approver", "Administrator"]
    assert [role.name for role in roles.ROLES if "campaigns.launch_campaign" in names(role.name)] == [
        "Marketing manager",
        "Administrator",
    ]


def test_a_role_gives_its_permissions_to_its_people() -> None:
    sync()
    dev = User.objects.create(username="dev")
    dev.groups.add(Group.objects.get(name="Handover desk"))
    assert dev.has_perm("equipment.check_out_loan")
    assert not dev.has_perm("rewards.view_reward")


def test_a_permission_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ROLES", (roles.Role("Wizard", "Magic.", may=("equipment.conjure",)),))
    with pytest.raises(CommandError, match=r"do not exist: equipment\.conjure"):
        sync()
    assert not Group.objects.exists()
