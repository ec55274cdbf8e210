"""An empty desk says what to do first, and says so no longer when it is done."""

import pytest

from tests.admin.conftest import clock, desk, eve, manager, signed_in_as  # noqa: F401
from tests.make import make_campaign, make_customer, make_pool

pytestmark = pytest.mark.django_db


def test_an_empty_desk_begins_with_three_steps(manager):  # noqa: F811
    text = manager.get("/admin/").content.decode()
    assert "First steps" in text
    assert 'href="/admin/import/customers/new/"' in text
    assert "Somebody in another role does this." in text
    assert manager.get("/admin/import/customers/new/").status_code == 200


def test_a_step_that_is_done_is_ticked_and_the_last_takes_all_away(manager):  # noqa: F811
    make_customer("Asha Rao")
    text = manager.get("/admin/").content.decode()
    assert "Customers are in" in text and "Start a campaign" in text
    make_campaign(pool=make_pool(units=1))
    assert "First steps" not in manager.get("/admin/").content.decode()


def test_those_who_only_look_are_not_sent_anywhere(eve):  # noqa: F811
    text = eve.get("/admin/").content.decode()
    assert "First steps" in text
    assert text.count("Somebody in another role does this.") == 3
    assert '/admin/import/customers/new/"' not in text and '/admin/campaigns/start/"' not in text
