"""Wordings that customers agree to, and their yes."""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from customers import profiles
from customers.models import Acceptance, Agreement, AgreementVersion, Customer
from customers.refusals import CustomerInvalid, CustomerRefused
from desk.speaking import rewritten


def draft(*, agreement: Agreement, body: str, at: datetime, by: Actor) -> AgreementVersion:
    """Write the next version of an agreement, not yet public. Refuses with `body_missing`."""
    by.require("customers.publish_agreement")
    if not body.strip():
        raise CustomerInvalid("body_missing", "An agreement needs a text. Write it and save again.")
    with transaction.atomic():
        # The agreement's row is the door: two drafts at once get two numbers.
        row = Agreement.objects.select_for_update().get(pk=agreement.pk)
        last = row.versions.aggregate(last=Max("number"))["last"] or 0
        version = AgreementVersion.objects.create(agreement=row, number=last + 1, body=body)
        trail.record("agreement.drafted", about=row, by=by, at=at, number=version.number)
    return version


def publish(*, version: AgreementVersion, at: datetime, by: Actor) -> AgreementVersion:
    """Make a version public and unchangeable. Publishing it again changes nothing.

    Refuses with `newer_published` when a later version is public already.
    """
    by.require("customers.publish_agreement")
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update().get(pk=version.agreement_id)
        current = agreement.current()
        if current is not None and current.number > version.number:
            raise CustomerRefused("newer_published", f"Version {current.number} is public already. Draft a new version instead.")
        row = AgreementVersion.objects.select_for_update().get(pk=version.pk)
        if row.published_at is None:
            row.published_at, row.sha256 = at, sha256_of(row.body)
            row.save(update_fields=["published_at", "sha256"])
            trail.record("agreement.published", about=agreement, by=by, at=at, number=row.number, sha256=row.sha256)
    version.published_at, version.sha256, version.body = row.published_at, row.sha256, row.body
    return version


def translate(*, version: AgreementVersion, language: str, text: str, at: datetime, by: Actor) -> None:
    """Keep what exactly this wording reads in another language; without a text it is taken away. The same again changes nothing.

    It helps whoever reads. What people accept stays the wording itself, so a published one can be translated later.
    """
    by.require("customers.publish_agreement")
    fingerprint = version.fingerprint()
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update().get(pk=version.agreement_id)
        before = agreement.translations.get(language, {}).get(fingerprint, "")
        agreement.translations = rewritten(agreement.translations, language=language, key=fingerprint, text=text)
        written = agreement.translations[language].get(fingerprint, "")
        if written == before:
            return
        agreement.save(update_fields=["translations"])
        what = "written" if written else "taken away"
        trail.record("agreement.translated", about=agreement, by=by, at=at, number=version.number, language=language, what=what)
    version.agreement = agreement


def sha256_of(body: str) -> str:
    """SHA-256 of a wording in UTF-8, hexadecimal (FIPS 180-4)."""
    return hashlib.sha256(body.encode()).hexdigest()


def accept(
    *,
    customer: Customer,
    version: AgreementVersion,
    about: str,
    typed_name: str,
    how: str,
    at: datetime,
    by: Actor,
    where: str = "",
) -> Acceptance:
    """The customer's yes to exactly this wording, about the referral or loan `about`.

    Once per subject: a second call answers the first. `how` names nobody; `where` is a keyed hash of the
    network address or the place of the desk. Refuses with `erased`, `name_missing`, `terms_not_published`, or `terms_outdated`
    when a newer version is public.
    """
    with transaction.atomic():
        row = profiles.lock(customer)
        earlier = Acceptance.objects.filter(customer=row, version=version, about=about).first()
        if earlier is not None:
            return earlier
        _check_acceptable(version, typed_name)
        acceptance = Acceptance(customer=row, version=version, sha256=version.sha256, about=about, how=how, at=at, where=where)
        acceptance.typed_name = " ".join(typed_name.split())[:120]
        if not _insert(acceptance):
            return Acceptance.objects.get(customer=row, version=version, about=about)
        trail.record(
            "agreement.accepted",
            about=row,
            by=by,
            at=at,
            concerns=[about],
            agreement=version.agreement.slug,
            number=version.number,
            sha256=version.sha256,
            subject=about,
            how=how,
        )
    return acceptance


def _check_acceptable(version: AgreementVersion, typed_name: str) -> None:
    if not typed_name.strip():
        raise CustomerInvalid("name_missing", "Type your name to accept the terms.")
    if version.published_at is None:
        raise CustomerRefused("terms_not_published", "These terms are a draft. Publish them before anyone accepts them.")
    current = version.agreement.current()
    if current is not None and current.pk != version.pk:
        raise CustomerRefused(
            "terms_outdated",
            _("Version %(number)d of these terms is public now. Read it and accept it instead.") % {"number": current.number},
        )


def _insert(acceptance: Acceptance) -> bool:
    try:
        with transaction.atomic():
            acceptance.save(force_insert=True)
    except IntegrityError:
        return False
    return True
