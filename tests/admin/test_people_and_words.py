"""Customers, agreements, messages, the trail and staff at their screens."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from customers.models import Agreement, Attribute, Consent, CreditScore, Customer
from equipment.models import EquipmentModel, Pool
from notices.models import Template
from tests.admin.conftest import At
from tests.config.world import make_notice
from tests.make import AT, make_customer, make_model, make_terms


@pytest.fixture
def asha(clock: At) -> Customer:
    return make_customer("Asha Rao", verified_at=None)


def make(client: Client, row: object, move: str, **data: object):
    meta = row._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_move", args=[row.pk, move])
    response = client.post(url, data, follow=True)
    row.refresh_from_db()
    return response


def events(reference: str) -> list[str]:
    return list(Entry.objects.filter(subject_reference=reference).order_by("n").values_list("event", flat=True))


def test_a_registration_is_verified_once(manager: Client, asha: Customer) -> None:
    make(manager, asha, "verify", how="showed an identity card")
    make(manager, asha, "verify", how="showed an identity card")
    assert asha.verified_at
    assert events(asha.reference) == ["customer.verified"]


def test_a_profile_is_corrected_and_only_what_changed_is_told(manager: Client, asha: Customer) -> None:
    data = {"name": "Asha Rao", "email": asha.email, "language": "en", "country": "DE", "city": "Bonn"}
    make(manager, asha, "update", **data)
    assert asha.city == "Bonn"
    assert Entry.objects.get(subject_reference=asha.reference).sentence == "Profile changed: city."
    make(manager, asha, "update", **data)
    assert events(asha.reference) == ["customer.updated"]


def test_a_profile_that_cannot_be_is_refused_in_words(manager: Client, asha: Customer) -> None:
    other = make_customer("Ben Okoro")
    response = make(manager, asha, "update", name="Asha Rao", email=other.email, language="en", country="DE")
    assert response.status_code == 409
    assert "Back without changing anything" in response.content.decode()


def test_consent_is_noted_given_and_withdrawn(manager: Client, asha: Customer) -> None:
    make(manager, asha, "consent", channel="email", is_given="yes", how="on the phone")
    make(manager, asha, "consent", channel="email", is_given="no", how="on the phone")
    assert list(Consent.objects.order_by("pk").values_list("is_given", flat=True)) == [True, False]


def test_erasing_needs_the_permission_and_a_reason(administrator: Client, manager: Client, asha: Customer) -> None:
    assert make(manager, asha, "erase", reason="Asked by letter.").status_code == 403
    assert "This field is required." in make(administrator, asha, "erase", reason="").content.decode()
    make(administrator, asha, "erase", reason="Asked by letter.")
    assert (asha.name, asha.email) == ("", "")


def test_a_credit_score_is_shown_only_with_its_permission_and_each_reading_is_on_the_trail(
    administrator: Client, manager: Client, asha: Customer
) -> None:
    CreditScore.objects.create(customer=asha, score=777, source="Bureau", scored_on=AT.date())
    assert make(manager, asha, "scores").status_code == 403
    response = make(administrator, asha, "scores")
    assert "777" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    make(administrator, asha, "scores")
    assert events(asha.reference) == ["customer.score_read", "customer.score_read"]


def test_no_page_but_that_one_shows_a_score(administrator: Client, asha: Customer) -> None:
    score = CreditScore.objects.create(customer=asha, score=777, source="Bureau", scored_on=AT.date())
    for url in (
        reverse("admin:customers_customer_change", args=[asha.pk]),
        reverse("admin:customers_creditscore_changelist"),
        reverse("admin:customers_creditscore_change", args=[score.pk]),
    ):
        assert "777" not in administrator.get(url).content.decode()


def test_a_wording_is_drafted_and_published_for_good(manager: Client, clock: At) -> None:
    agreement = make_terms()
    make(manager, agreement, "draft", body="Be very fair.")
    version = agreement.versions.get(number=2)
    assert version.published_at is None
    make(manager, version, "publish")
    assert version.published_at
    assert agreement.current() == version


def test_an_agreement_is_added_on_its_page_and_that_is_on_the_trail(manager: Client, clock: At) -> None:
    manager.post(reverse("admin:customers_agreement_add"), {"slug": "house-rules", "title": "House rules"})
    assert Agreement.objects.filter(slug="house-rules").exists()
    assert events("house-rules") == ["row.added"]


def test_an_attribute_is_declared(manager: Client, clock: At) -> None:
    data = {"name": "shoe_size", "label": "Shoe size", "type": "number", "choices": ""}
    manager.post(reverse("admin:customers_attribute_list_move", args=["declare"]), data)
    assert Attribute.objects.get().name == "shoe_size"


def test_a_place_is_changed_on_its_page_and_that_is_on_the_trail(manager: Client, clock: At) -> None:
    model = make_model()
    data = {"place": "Bonn", "model": model.pk, "country": "DE", "time_zone": "Europe/Berlin", "open_days": list("01234"), "reserve": 0,
            "claim_days": 7, "pickup_days": 7}  # fmt: skip
    manager.post(reverse("admin:equipment_pool_add"), data)
    pool = Pool.objects.get()
    url = reverse("admin:equipment_pool_change", args=[pool.pk])
    manager.post(url, {**data, "reserve": 2})
    manager.post(url, {**data, "reserve": 2})
    pool.refresh_from_db()
    assert pool.reserve == 2
    assert events(pool.reference) == ["row.added", "row.edited"]
    assert Entry.objects.get(event="row.edited").sentence == "Edited: reserve."


def test_the_handover_desk_may_not_change_a_model(desk: Client, clock: At) -> None:
    model = make_model()
    url = reverse("admin:equipment_equipmentmodel_change", args=[model.pk])
    assert desk.post(url, {"name": "Mine"}).status_code == 403
    assert EquipmentModel.objects.get().name == model.name


def test_a_notice_that_failed_is_sent_again(manager: Client, clock: At) -> None:
    notice = make_notice(state="failed")
    make(manager, notice, "retry")
    assert notice.state == "queued"
    assert "Hello." in manager.get(reverse("admin:notices_notice_change", args=[notice.pk])).content.decode()


def test_a_template_is_written_and_published(manager: Client, clock: At) -> None:
    data = {"kind": "loan_returned", "language": "en", "subject": "Thanks", "body": "Thanks. {{ criteria }}"}
    manager.post(reverse("admin:notices_template_list_move", args=["draft"]), data)
    template = Template.objects.get(subject="Thanks")
    assert "Put {{ terms_url }} into the text." in make(manager, template, "publish").content.decode()
    make(manager, template, "next", subject="Thanks", body="Thanks. {{ criteria }} {{ terms_url }}")
    newest = Template.objects.filter(subject="Thanks").order_by("-version")[0]
    make(manager, newest, "publish")
    assert newest.state == "published"


def test_the_auditor_verifies_the_trail_and_the_manager_may_not(eve: Client, manager: Client, asha: Customer) -> None:
    make(manager, asha, "verify", how="in person")
    url = reverse("admin:audit_entry_list_move", args=["verify-trail"])
    assert "The trail is intact" in eve.post(url).content.decode()
    assert manager.post(url).status_code == 403


def test_an_account_is_made_and_given_a_role_and_that_is_on_the_trail(administrator: Client, clock: At) -> None:
    data = {"username": "dev", "usable_password": "true", "password1": "correct-horse-9", "password2": "correct-horse-9"}
    administrator.post(reverse("admin:auth_user_add"), data)
    dev = User.objects.get(username="dev")
    role = Group.objects.get(name="Approver")
    data = {"username": "dev", "groups": [role.pk], "is_active": "on", "is_staff": "on"}
    administrator.post(reverse("admin:auth_user_change", args=[dev.pk]), data)
    assert dev.groups.get() == role
    assert events("dev") == ["row.added", "row.edited"]


def test_roles_are_not_changed_on_a_page(administrator: Client) -> None:
    role = Group.objects.get(name="Auditor")
    assert administrator.post(reverse("admin:auth_group_change", args=[role.pk]), {"name": "Mine"}).status_code == 403
