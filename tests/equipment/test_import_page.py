"""Units brought in through the browser."""

import pytest
from django.test import Client

from equipment.models import EquipmentModel, Pool, Unit
from tests.admin.conftest import administrator, clock, desk, manager, signed_in_as  # noqa: F401
from tests.importing import Importing, counts
from tests.make import make_model, make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana(desk: Client) -> Importing:  # noqa: F811
    return Importing(desk, "units")


def test_units_come_into_their_pools(hana):
    pool = make_pool(units=0)
    run = hana.imported(f"sku,place,serial\n{pool.model.sku},{pool.place},A-1\n{pool.model.sku},{pool.place},A-2\n")
    assert counts(run) == (2, 0, 0, 0)
    assert list(pool.units.order_by("serial").values_list("serial", flat=True)) == ["A-1", "A-2"]


def test_the_check_makes_no_pool_and_no_unit(hana):
    model = make_model()
    run = hana.checked(f"sku,place,serial\n{model.sku},Bonn,A-1\n")
    assert counts(run) == (1, 0, 0, 0)
    assert (Unit.objects.count(), Pool.objects.count()) == (0, 0)
    assert "A-1" in hana.page(run)


def test_model_and_place_are_the_same_for_every_line(hana):
    model = make_model()
    run = hana.imported("Serial number;Comment\nA-1;new\nA-2;new\n", fixed_sku=model.sku, fixed_place="Bonn")
    assert counts(run) == (2, 0, 0, 0)
    assert set(Unit.objects.values_list("pool__place", "note")) == {("Bonn", "new")}


def test_the_words_for_a_condition_are_given_a_meaning(hana):
    model = make_model()
    run = hana.imported(f"sku,place,serial,status\n{model.sku},Bonn,A-1,broken\n", word_3_service_0="repair")
    assert counts(run) == (1, 0, 0, 0)
    assert Unit.objects.get().service == "repair"


def test_a_known_unit_stays_as_it_is_and_one_elsewhere_is_rejected(hana):
    pool = make_pool(units=1)
    serial = pool.units.get().serial
    run = hana.imported(f"sku,place,serial\n{pool.model.sku},{pool.place},{serial}\n")
    assert counts(run) == (0, 0, 1, 0)
    run = hana.imported(f"sku,place,serial\n{pool.model.sku},Elsewhere,{serial}\n")
    assert counts(run) == (0, 0, 0, 1)
    assert "is already in" in hana.page(run)


def test_missing_models_are_made_only_by_those_who_may_and_say_so(hana, administrator):  # noqa: F811
    text = "sku,place,serial,model_name\ndrone-1,Bonn,D-1,Drone One\n"
    assert counts(hana.checked(text, option_create_models="on")) == (0, 0, 0, 1)
    ada = Importing(administrator, "units")
    assert counts(ada.imported(text, option_create_models="on")) == (1, 0, 0, 0)
    assert EquipmentModel.objects.get().name == "Drone One"


def test_who_may_import_units_may_not_import_customers_and_the_other_way_round(hana, manager):  # noqa: F811
    page = hana.client.get("/admin/import/").content.decode()
    assert "Import units" in page and "Import customers" not in page
    assert hana.client.get("/admin/import/customers/new/").status_code == 403
    assert manager.get("/admin/import/units/new/").status_code == 403


def test_units_and_customers_can_run_at_the_same_time(hana, administrator):  # noqa: F811
    model = make_model()
    units = hana.checked(f"sku,place,serial\n{model.sku},Bonn,A-1\n")
    ada = Importing(administrator)
    people = ada.checked("external_id,name,email\n1,Asha Rao,asha@example.org\n")
    hana.do(units, "start")
    assert "Started" in ada.do(people, "start").content.decode()
