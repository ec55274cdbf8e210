from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from audit.actors import SYSTEM, staff
from audit.actors import customer as acting
from audit.models import Entry
from customers import agreeing, consenting, declaring, updating, verifying
from customers.models import Agreement, AgreementVersion, Consent
from customers.refusals import CustomerRefused
from tests.make import AT, make_customer, make_terms

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def asha():
    return make_customer("Asha Rao", email="asha@example.org", membership="prospect", member_since=None)


def events(subject):
    return list(Entry.objects.filter(subject_reference=subject.reference).values_list("event", flat=True))


def refusal_of(verb, **arguments):
    with pytest.raises(CustomerRefused) as refusal:
        verb(**arguments)
    return refusal.value.code


def test_a_changed_profile_is_told_by_the_names_of_its_fields_only(asha):
    updating.update_profile(customer=asha, at=AT, by=SYSTEM, email="rao@example.org", city="Köln")
    asha.refresh_from_db()
    assert (asha.email_key, asha.city) == ("rao@example.org", "Köln")
    assert Entry.objects.get().sentence == "Profile changed: city, email."


def test_a_profile_change_that_changes_nothing_leaves_no_trace(asha):
    updating.update_profile(customer=asha, at=AT, by=SYSTEM, name="Asha Rao", email="asha@example.org", country="de")
    assert events(asha) == []


def test_an_address_somebody_has_is_refused(asha):
    make_customer("Ben Okafor", email="ben@example.org")
    assert refusal_of(updating.update_profile, customer=asha, at=AT, by=SYSTEM, email="BEN@example.org") == "email_taken"


def test_attributes_are_laid_over_the_known_ones(asha):
    for name in ("size", "club"):
        declaring.declare(name=name, label=name, type="text", at=AT, by=SYSTEM)
    updating.update_profile(customer=asha, at=AT, by=SYSTEM, attributes={"size": "L", "club": "north"})
    updating.update_profile(customer=asha, at=AT, by=SYSTEM, attributes={"size": None})
    asha.refresh_from_db()
    assert asha.attributes == {"club": "north"}


def test_an_attribute_is_declared_once_and_never_as_something_else():
    first = declaring.declare(name="size", label="Size", type="text", at=AT, by=SYSTEM)
    assert declaring.declare(name="size", label="Size", type="text", at=AT, by=SYSTEM) == first
    assert refusal_of(declaring.declare, name="size", label="Size", type="number", at=AT, by=SYSTEM) == "attribute_differs"
    assert refusal_of(declaring.declare, name="Size!", label="Size", type="text", at=AT, by=SYSTEM) == "attribute_invalid"
    assert refusal_of(declaring.declare, name="fit", label="Fit", type="choice", at=AT, by=SYSTEM) == "attribute_invalid"
    assert events(first) == ["attribute.declared"]


def test_membership_moves_with_a_reason(asha):
    assert updating.change_membership(customer=asha, membership="lapsed", reason="Contract ended.", at=AT, by=SYSTEM)
    assert not updating.change_membership(customer=asha, membership="lapsed", reason="Again.", at=AT, by=SYSTEM)
    assert (
        refusal_of(updating.change_membership, customer=asha, membership="active", reason=" ", at=AT, by=SYSTEM) == "reason_missing"
    )
    assert Entry.objects.get().sentence == "Membership changed from prospect to lapsed. Contract ended."


def test_verifying_twice_is_verifying_once(asha):
    assert verifying.verify(customer=asha, how="button on the mailed page", at=AT, by=acting(asha.reference))
    assert not verifying.verify(customer=asha, how="button on the mailed page", at=LATER, by=SYSTEM)
    asha.refresh_from_db()
    assert asha.verified_at == AT
    assert events(asha) == ["customer.verified"]


def test_staff_need_the_permission_to_verify(asha, django_user_model):
    eve = django_user_model.objects.create_user("eve")
    with pytest.raises(PermissionDenied):
        verifying.verify(customer=asha, how="by hand", at=AT, by=staff(eve))


def test_a_customer_becomes_active_once(asha):
    assert verifying.activate(customer=asha, on=date(2026, 3, 2), reason="First loan.", at=AT, by=SYSTEM)
    assert not verifying.activate(customer=asha, on=date(2026, 3, 9), reason="Again.", at=LATER, by=SYSTEM)
    asha.refresh_from_db()
    assert (asha.membership, asha.activated_on, asha.member_since) == ("active", date(2026, 3, 2), date(2026, 3, 2))


def test_becoming_active_again_keeps_the_first_day_of_membership():
    ben = make_customer("Ben Okafor", membership="lapsed", member_since=date(2020, 1, 1))
    verifying.activate(customer=ben, on=date(2026, 3, 2), reason="Came back.", at=AT, by=SYSTEM)
    assert ben.member_since == date(2020, 1, 1)


def test_the_newest_word_on_consent_counts(asha):
    asked = {"customer": asha, "channel": "email", "purpose": "marketing", "by": SYSTEM}
    assert not consenting.has_consent(asha, "email", "marketing")
    consenting.record_consent(**asked, is_given=True, how="box on the sign-up page", at=AT)
    consenting.record_consent(**asked, is_given=True, how="box on the sign-up page", at=LATER)
    assert consenting.has_consent(asha, "email", "marketing")
    assert not consenting.has_consent(asha, "sms", "marketing")
    consenting.record_consent(**asked, is_given=False, how="link in a mail", at=LATER)
    assert not consenting.has_consent(asha, "email", "marketing")
    assert (Consent.objects.count(), events(asha)) == (2, ["consent.recorded"] * 2)


def test_consent_to_something_unknown_is_refused(asha):
    asked = {"customer": asha, "is_given": True, "how": "x", "at": AT, "by": SYSTEM}
    assert refusal_of(consenting.record_consent, channel="pigeon", purpose="marketing", **asked) == "channel_unknown"
    assert refusal_of(consenting.record_consent, channel="email", purpose="war", **asked) == "purpose_unknown"


def test_a_wording_is_drafted_published_and_then_fixed():
    agreement = Agreement.objects.create(slug="loan-terms", title="Loan terms")
    version = agreeing.draft(agreement=agreement, body="Bring it back.", at=AT, by=SYSTEM)
    assert agreement.current() is None
    agreeing.publish(version=version, at=AT, by=SYSTEM)
    agreeing.publish(version=version, at=LATER, by=SYSTEM)
    assert (agreement.current(), version.published_at) == (version, AT)
    assert version.sha256 == agreeing.sha256_of("Bring it back.")
    assert events(agreement) == ["agreement.drafted", "agreement.published"]
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementVersion.objects.filter(pk=version.pk).update(body="Keep it.")


def test_an_older_draft_cannot_be_published_over_a_newer_version():
    agreement = make_terms()
    old, new = (agreeing.draft(agreement=agreement, body=body, at=AT, by=SYSTEM) for body in ("old", "new"))
    agreeing.publish(version=new, at=AT, by=SYSTEM)
    assert (old.number, new.number) == (2, 3)
    assert refusal_of(agreeing.publish, version=old, at=AT, by=SYSTEM) == "newer_published"
    assert refusal_of(agreeing.draft, agreement=agreement, body=" ", at=AT, by=SYSTEM) == "body_missing"


def test_a_yes_to_terms_is_kept_once_per_subject(asha):
    version = make_terms().current()
    yes = {
        "customer": asha,
        "version": version,
        "typed_name": " Asha  Rao ",
        "how": "web page",
        "at": AT,
        "by": acting(asha.reference),
    }
    first = agreeing.accept(**yes, about="ref_1")
    assert agreeing.accept(**yes, about="ref_1") == first
    assert agreeing.accept(**yes, about="loan_1") != first
    assert (first.typed_name, first.sha256) == ("Asha Rao", version.sha256)
    entries = Entry.objects.filter(event="agreement.accepted")
    assert entries.count() == 2
    assert not any("Rao" in entry.data + entry.sentence for entry in entries)


def test_only_the_current_published_wording_can_be_accepted(asha):
    agreement = make_terms()
    first = agreement.current()
    second = agreeing.draft(agreement=agreement, body="Newer.", at=AT, by=SYSTEM)
    yes = {"customer": asha, "about": "ref_1", "how": "web page", "at": AT, "by": SYSTEM}
    assert refusal_of(agreeing.accept, version=second, typed_name="Asha", **yes) == "terms_not_published"
    agreeing.publish(version=second, at=AT, by=SYSTEM)
    assert refusal_of(agreeing.accept, version=first, typed_name="Asha", **yes) == "terms_outdated"
    assert refusal_of(agreeing.accept, version=second, typed_name=" ", **yes) == "name_missing"
