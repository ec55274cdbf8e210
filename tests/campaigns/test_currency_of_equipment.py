"""What things are worth is in the currency their campaigns pay in, from the day on which it has one of its own."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from equipment.models import EquipmentModel
from tests.make import make_campaign, make_model, make_pool, make_tier

take_from_campaigns = import_module("campaigns.migrations.0009_currency_of_equipment").take_from_campaigns
pytestmark = pytest.mark.django_db


def currencies() -> dict[str, str]:
    take_from_campaigns(apps, SimpleNamespace(connection=connection))
    return dict(EquipmentModel.objects.values_list("sku", "currency"))


def test_a_thing_takes_the_currency_of_the_campaigns_that_lend_it() -> None:
    swiss, german, both, given = (make_model(sku=sku) for sku in ("swiss", "german", "both", "given"))
    zurich = make_campaign(pool=make_pool(model=swiss), currency="CHF")
    make_campaign(pool=make_pool(model=german), currency="EUR")
    for currency in ("CHF", "USD"):
        make_campaign(pool=make_pool(model=both, place=currency), currency=currency)
    make_tier(zurich, equipment_model=given, nth=9)
    assert currencies() == {"swiss": "CHF", "german": "EUR", "both": "EUR", "given": "CHF"}


def test_what_no_campaign_lends_takes_the_one_currency_there_is() -> None:
    make_model(sku="shelf")
    assert currencies() == {"shelf": "EUR"}
    make_campaign(pool=make_pool(model=make_model(sku="lent")), currency="CHF")
    assert currencies() == {"shelf": "CHF", "lent": "CHF"}
