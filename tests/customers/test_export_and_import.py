"""What the list of customers exports can be imported again, and then nothing changes."""

from datetime import date

import pytest

from customers.models import Customer
from tests.admin.conftest import clock, manager, signed_in_as  # noqa: F401
from tests.importing import Importing, counts
from tests.make import make_customer

pytestmark = pytest.mark.django_db


def exported(client, for_whom):
    answer = client.post("/admin/customers/customer/", {"export": for_whom})
    assert answer["Content-Type"].startswith("text/csv")
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("for_whom", ["comma", "semicolon"])
def test_the_list_of_customers_goes_out_and_comes_back_unchanged(manager, for_whom):  # noqa: F811
    make_customer(
        "Asha Rao", external_id="00123", email="asha@example.org", phone="+491701234567", country="DE", postcode="01067",
        city="Dresden; Neustadt", membership="active", member_since=date(2024, 3, 2), language="de",
    )  # fmt: skip
    make_customer("=Ben Okafor", external_id="-7", email="ben@example.org", membership="lapsed", country="")
    before = list(Customer.objects.order_by("pk").values())
    mina = Importing(manager)
    run = mina.uploaded(exported(manager, for_whom))
    assert "map “lendwell”" in mina.columns(run).content.decode()
    run = mina.imported(exported(manager, for_whom))
    assert counts(run) == (0, 0, 2, 0), exported(manager, for_whom).decode()
    assert list(Customer.objects.order_by("pk").values()) == before
