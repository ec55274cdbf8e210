"""Finding whatever a person at the desk names: a reference, a code, a slug, a serial number, an address."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from audit.models import Entry
from campaigns.models import Campaign
from customers import finding
from customers.lookup import by_email
from customers.models import Agreement, Customer
from equipment.models import EquipmentModel, Loan, Unit
from notices.models import Notice
from referrals.lookup import find_code
from referrals.models import Referral
from rewards.models import Reward


@dataclass(frozen=True)
class Found:
    """A thing by its kind and public name, and the names of what belongs to its story."""

    kind: str
    reference: str
    linked: tuple[str, ...] = ()

    def timeline(self) -> QuerySet[Entry]:
        """Everything recorded about it and its linked things, oldest first."""
        names = [self.reference, *self.linked]
        mentioned = Entry.objects.filter(mentions__reference__in=names).values("pk")
        return Entry.objects.filter(Q(subject_reference__in=names) | Q(pk__in=mentioned)).order_by("at", "id")


def find(name: str) -> list[Found]:
    """Everything known by this name, best match first; empty when nothing is.

    Takes references of referrals, rewards, loans, customers and notices, codes and promo codes however written, campaign and
    agreement slugs, SKUs, serial numbers, CRM ids and e-mail addresses.
    """
    wanted = name.strip()
    if not wanted:
        return []
    found = [thing for finder in _FINDERS for thing in finder(wanted)]
    if not found and Entry.objects.filter(subject_reference=wanted).exists():
        found = [Found("subject", wanted)]
    return list({(thing.kind, thing.reference): thing for thing in found}.values())


def names_of(text: str) -> list[str]:
    """References of everything known by this text, and of the customers of this name, for searches of the trail."""
    return [*(thing.reference for thing in find(text)), *finding.bearers_of(text)]


def _referral(name: str) -> Iterable[Found]:
    for referral in Referral.objects.filter(reference=name):
        yield Found("referral", referral.reference, _of_referrals([referral.pk]))


def _reward(name: str) -> Iterable[Found]:
    for reward in Reward.objects.filter(reference=name).select_related("referral", "loan"):
        loan = (reward.loan.reference,) if reward.loan else ()
        yield Found("reward", reward.reference, (reward.referral.reference, *loan))


def _loan(name: str) -> Iterable[Found]:
    for loan in Loan.objects.filter(reference=name):
        referrals = Referral.objects.filter(promises__loan=loan).values_list("reference", flat=True)
        rewards = Reward.objects.filter(loan=loan).values_list("reference", flat=True)
        yield Found("loan", loan.reference, (*referrals, *rewards))


def _code(name: str) -> Iterable[Found]:
    code = find_code(name)
    if code is not None:
        yield Found("code", code.reference, tuple(code.referrals.values_list("reference", flat=True)))


def _customer(name: str) -> Iterable[Found]:
    for customer in Customer.objects.filter(Q(reference=name) | Q(external_id=name)):
        yield Found("customer", customer.reference)
    by_mail = by_email(name) if "@" in name else None
    if by_mail is not None:
        yield Found("customer", by_mail.reference)


def _named(model: type[Model], kind: str, field: str) -> Callable[[str], Iterable[Found]]:
    def finder(name: str) -> Iterable[Found]:
        return [Found(kind, value) for value in model._default_manager.filter(**{field: name}).values_list(field, flat=True)]

    return finder


def _of_referrals(ids: list[int]) -> tuple[str, ...]:
    """Names of the rewards of referrals, and of the loans promised or given for them."""
    rewards = Reward.objects.filter(referral__in=ids).values_list("reference", flat=True)
    loans = Loan.objects.filter(Q(promise__referral__in=ids) | Q(reward__referral__in=ids)).values_list("reference", flat=True)
    return (*rewards, *dict.fromkeys(loans))


_FINDERS: tuple[Callable[[str], Iterable[Found]], ...] = (
    _referral,
    _reward,
    _loan,
    _customer,
    _named(Notice, "notice", "reference"),
    _code,
    _named(Campaign, "campaign", "slug"),
    _named(Unit, "unit", "serial"),
    _named(EquipmentModel, "equipment model", "sku"),
    _named(Agreement, "agreement", "slug"),
)
