"""What staff can do with customers and agreements: each move calls one verb and says what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from audit.actors import Actor
from customers import agreeing, consenting, declaring, erasing, forms, reading, registering, updating, verifying
from customers.models import Agreement, AgreementVersion, Customer
from customers.states import Membership
from desk.admin.moves import Move, ReasonForm
from desk.columns import link
from desk.panels import Cell, Panel

Data = dict[str, Any]


def _update(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    updating.update_profile(customer=customer, at=at, by=by, **data)
    return "The profile is as you wrote it." if data else "Nothing was changed."


def _register(row: None, data: Data, by: Actor, at: datetime) -> Sequence[Panel]:
    by.require("customers.add_customer")
    customer = registering.register(at=at, by=by, **data)
    return [Panel("Registered", ["Customer", "Reference"], [[link(customer), Cell(customer.reference)]], "")]


def _verify(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    verifying.verify(customer=customer, how=data["how"], at=at, by=by)
    return "The registration is verified."


def _activate(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    verifying.activate(customer=customer, on=data["on"], reason=data["reason"], at=at, by=by)
    return f"The customer is active from {data['on']:%-d %B %Y} on."


def _consent(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    is_given = data["is_given"] == "yes"
    consenting.record_consent(
        customer=customer, channel=data["channel"], purpose="marketing", is_given=is_given, how=data["how"], at=at, by=by
    )
    return "Consent noted." if is_given else "Withdrawal noted: no more news and offers on this channel."


def _read_scores(customer: Customer, data: Data, by: Actor, at: datetime) -> Sequence[Panel]:
    scores = reading.read_scores(customer=customer, at=at, by=by)
    rows = [[Cell(score.score), Cell(score.source), Cell(f"{score.scored_on:%-d %b %Y}")] for score in scores]
    return [Panel("Credit scores", ["Score", "Source", "Of"], rows, "No score is kept about this customer.")]


def _erase(customer: Customer, data: Data, by: Actor, at: datetime) -> str:
    erasing.erase(customer=customer, reason=data["reason"], at=at, by=by)
    return "Everything personal was erased. What happened stays, under the reference alone."


def _is_live(customer: Customer, at: datetime) -> bool:
    return customer.erased_at is None


def _is_unverified(customer: Customer, at: datetime) -> bool:
    return _is_live(customer, at) and customer.verified_at is None


def _is_not_active(customer: Customer, at: datetime) -> bool:
    return _is_live(customer, at) and customer.membership != Membership.ACTIVE


_ERASE_HELP = "Wipes name, addresses and everything else personal, for good. Refused while a unit is out."
_SCORE_HELP = "That you read them goes on the trail, with your name."
CUSTOMER = (
    Move("verify", "Verify the registration", _verify, "customers.verify_customer", _is_unverified, forms.VerifyForm),
    Move("activate", "Make active", _activate, "customers.change_customer", _is_not_active, forms.ActivateForm),
    Move("update", "Correct contact and profile", _update, "customers.change_customer", _is_live, forms.ProfileForm),
    Move("consent", "Note consent", _consent, "customers.change_customer", _is_live, forms.ConsentForm),
    Move("scores", "Read credit scores", _read_scores, "customers.read_credit_score", _is_live, help=_SCORE_HELP),
    Move("erase", "Erase", _erase, "customers.erase_customer", _is_live, ReasonForm, "danger", _ERASE_HELP),
)

CUSTOMERS = (
    Move(
        "register", "Register a customer", _register, "customers.add_customer", form=forms.RegisterForm, tone="primary",
        help="For one person. Many come by import.",
    ),
)  # fmt: skip


def _draft(agreement: Agreement, data: Data, by: Actor, at: datetime) -> str:
    version = agreeing.draft(agreement=agreement, body=data["body"], at=at, by=by)
    return f"Version {version.number} is a draft. Read it once more on its page, then publish it there."


def _publish(version: AgreementVersion, data: Data, by: Actor, at: datetime) -> str:
    agreeing.publish(version=version, at=at, by=by)
    return f"{version} is public and can no longer change."


def _is_draft(version: AgreementVersion, at: datetime) -> bool:
    return version.published_at is None


def _declare(row: None, data: Data, by: Actor, at: datetime) -> str:
    attribute = declaring.declare(at=at, by=by, **data)
    return f"“{attribute.label}” can be used in rules and imports as attribute.{attribute.name}."


_PUBLISH_HELP = "From then on this wording is what people accept, and it can never change."
AGREEMENT = (Move("draft", "Write the next version", _draft, "customers.publish_agreement", form=forms.WordingForm),)
VERSION = (Move("publish", "Publish", _publish, "customers.publish_agreement", _is_draft, tone="primary", help=_PUBLISH_HELP),)
ATTRIBUTES = (Move("declare", "Declare an attribute", _declare, "customers.add_attribute", form=forms.AttributeForm),)
