"""Who may do what: the table of roles. `manage.py sync_roles` makes the database's groups equal to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission

OUR_APPS = ("analytics", "audit", "campaigns", "customers", "equipment", "notices", "referrals", "rewards")


@dataclass(frozen=True)
class Role:
    """A job at the desk: apps whose pages it sees, what it may do there, and whether it may do everything."""

    name: str
    purpose: str
    sees: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    may_all: bool = False


_EVERYDAY = ("campaigns", "customers", "equipment", "notices", "referrals", "rewards")
_EDITING = (
    "campaigns.load_campaign",
    "campaigns.change_brand",
    "campaigns.change_campaign",
    "customers.add_agreement",
    "notices.add_template",
    "notices.change_sequence",
)
_MARKETING = (
    "customers.add_customer",
    "customers.read_contact",
    "notices.add_suppression",
    "notices.answer_reply",
    "notices.delete_suppression",
    "campaigns.add_segment",
    "campaigns.change_segment",
    "campaigns.launch_campaign",
    "customers.add_attribute",
    "customers.change_customer",
    "customers.import_customers",
    "customers.publish_agreement",
    "customers.verify_customer",
    "equipment.add_equipmentmodel",
    "equipment.add_pool",
    "equipment.answer_request",
    "equipment.cancel_loan",
    "equipment.change_equipmentmodel",
    "equipment.change_pool",
    "notices.publish_template",
    "notices.read_mailbox",
    "notices.run_sequence",
    "notices.retry_notice",
    "referrals.answer_help",
    "referrals.issue_codes",
    "referrals.moderate_story",
    "referrals.offer_substitute",
    "referrals.review_referral",
    "referrals.revoke_code",
    "referrals.send_mailing",
    "referrals.verify_referral",
)
_DECIDING = (
    "equipment.cancel_loan",  # declining and blocking give back what was held
    "referrals.review_referral",
    "rewards.answer_appeal",
    "rewards.decide_reward",
    "rewards.revoke_reward",
)
_PAYING = (
    "rewards.pay_out",
    "rewards.redeem_account",
)
_HANDING_OVER = (
    "equipment.answer_request",
    "customers.read_contact",
    "equipment.cancel_loan",
    "equipment.change_service",
    "equipment.check_in_loan",
    "equipment.check_out_loan",
    "equipment.extend_loan",
    "equipment.import_units",
    "equipment.inspect_loan",
    "equipment.prepare_loan",
    "equipment.settle_loan",
)
_READING = (
    "audit.read_everything",
    "audit.verify_trail",
)
# Not customers.read_contact: an audit needs no addresses. Not notices.read_mailbox: mails hold links by which customers sign in, so
# that whoever reads them could act as any customer, and the trail would say that the customer did it.

ROLES = (
    Role(
        "Marketing manager",
        "Runs campaigns: rules, launch, codes, messages, doubtful referrals.",
        _EVERYDAY,
        (*_EDITING, *_MARKETING),
    ),
    Role("Campaign editor", "Prepares campaigns and messages; launches and publishes nothing.", _EVERYDAY, _EDITING),
    Role("Approver", "Decides about rewards and doubtful referrals.", _EVERYDAY, _DECIDING),
    Role("Handover desk", "Hands units out, takes them back, inspects them.", ("customers", "equipment"), _HANDING_OVER),
    Role("Accounts", "Pays cash rewards out, books what customers spend.", ("campaigns", "customers", "rewards"), _PAYING),
    Role("Auditor", "Sees everything, changes nothing, verifies the trail.", (*OUR_APPS, "auth", "config"), _READING),
    Role("Administrator", "May do everything.", may_all=True),
)


@dataclass(frozen=True)
class Change:
    """What `sync` did to one role."""

    role: str
    is_new: bool
    given: tuple[str, ...]
    taken: tuple[str, ...]


def sync() -> list[Change]:
    """Make the groups of the table exactly what it says and answer what changed; groups of other names are left alone.

    Raises `LookupError` naming every permission of the table that the database does not have.
    """
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    wanted = {role.name: permissions_of(role, known) for role in ROLES}
    missing = sorted(set().union(*wanted.values()) - set(known))
    if missing:
        raise LookupError(f"These permissions do not exist: {', '.join(missing)}. Run `manage.py migrate` first.")
    return [change for name, names in wanted.items() if (change := _sync_group(name, names, known))]


def permissions_of(role: Role, known: Mapping[str, object]) -> set[str]:
    """Names (`app.codename`) of the permissions of a role, given all that exist."""
    if role.may_all:
        return set(known)
    views = {name for name in known if name.split(".")[0] in role.sees and name.split(".")[1].startswith("view_")}
    return views | set(role.may)


def _sync_group(name: str, wanted: set[str], known: Mapping[str, Permission]) -> Change | None:
    group, is_new = Group.objects.get_or_create(name=name)
    had = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
    change = Change(name, is_new, tuple(sorted(wanted - had)), tuple(sorted(had - wanted)))
    if not (is_new or change.given or change.taken):
        return None
    group.permissions.set([known[permission] for permission in wanted])
    return change
