"""Pages say what things are in the words of those who use them: amounts with their unit, names for codes, nothing opaque."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from equipment.models import Loan
from rewards.models import Reward
from tests.admin import world
from tests.make import make_campaign, make_customer, make_tier
from tests.stories import give, issue_to, sign_up, verify

pytestmark = pytest.mark.django_db


def page_of(client: Client, row: object) -> str:
    meta = type(row)._meta  # type: ignore[attr-defined]
    return client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])).content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "amount", "discount", "says"),
    [
        ("points", 50, "", "50 points"),
        ("credit", 20, "", "20.00 EUR of credit"),
        ("cash", 20, "", "20.00 EUR"),
        ("discount", 10, "", "A discount of 10 %"),
        ("discount", 10, "fixed", "A discount of 10.00 EUR"),
    ],
)
def test_a_reward_says_what_is_given_and_what_it_costs_with_its_unit(
    administrator: Client, kind: str, amount: int, discount: str, says: str
) -> None:
    campaign = make_campaign(approval="automatic")
    campaign.tiers.all().delete()
    make_tier(campaign, kind=kind, amount=amount, discount=discount, equipment_model=None, cost=Decimal(6))
    [reward] = give(verify(sign_up(issue_to(make_customer(), campaign))))
    text = page_of(administrator, reward)
    assert says in text and "6.00 EUR" in text
    assert ">Amount<" not in text and f">{amount}.00<" not in text


def test_a_reward_of_equipment_says_for_how_many_days(administrator: Client, clock: object) -> None:
    world.fill()
    reward = Reward.objects.filter(equipment_model__isnull=False)[0]
    assert f"{reward.equipment_model}, {reward.equipment_model.loan_days} days" in page_of(administrator, reward)


def test_the_page_of_a_loan_says_for_whom_and_shows_no_opaque_word(administrator: Client, clock: object) -> None:
    world.fill()
    loan = Loan.objects.exclude(account="").order_by("pk")[0]
    text = page_of(administrator, loan)
    assert f"For {loan.borrower}." in text and "What it is for" in text
    assert loan.purpose not in text and ">Account<" not in text and ">Purpose<" not in text


def test_a_customer_lives_in_a_country_and_speaks_a_language_that_have_names(administrator: Client) -> None:
    customer = make_customer(country="DE", language="de")
    text = page_of(administrator, customer)
    assert "Germany" in text and "German<" in text and ">DE<" not in text
    Customer.objects.filter(pk=customer.pk).update(country="", language="xx")
    assert page_of(administrator, customer)


@pytest.mark.parametrize("word", ["Croston", "Erlang", "Syntetos", "forecast.rule"])
def test_no_page_names_the_inventor_of_its_arithmetic(word: str) -> None:
    places = [Path(folder) for engine in settings.TEMPLATES for folder in engine["DIRS"]]
    named = [path.name for place in places for path in place.rglob("*.html") if word in path.read_text()]
    assert named == []


def test_all_records_show_our_own_look_and_lead_to_lists(administrator: Client) -> None:
    text = administrator.get(reverse("admin:all_models")).content.decode()
    assert reverse("admin:campaigns_segment_add") in text
    for mark in ("addlink", "viewlink", "changelink"):
        assert mark not in text, mark


def test_numbers_of_a_list_say_on_a_phone_what_they_count(administrator: Client, clock: object) -> None:
    world.fill()
    text = administrator.get(reverse("admin:equipment_equipmentmodel_changelist")).content.decode()
    assert 'data-label="On loan"' in text and 'data-label="Units in service"' in text


@pytest.mark.parametrize("role", ["Accounts"])
def test_the_bar_on_a_phone_leads_accounts_to_their_own_work(signed_in_as: Callable[..., Client], role: str) -> None:
    bar = signed_in_as(role).get("/admin/").context["menu"].bar
    assert {"payouts", "discounts"} <= {link.item.name for link in bar}
