"""The way in without a password: somebody types an address; if it is a customer's, a mail goes with a link and a code.

Whoever asks learns nothing: the same row is written, the same answer given, whether the address is known or not. Opening the
link changes nothing, for mail scanners open it too; the button on its page lets in, once, for ten minutes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import customer as acting_customer
from customers.identity import email_key
from customers.lookup import by_email
from customers.models import Customer
from desk.queue import enqueue
from notices import outbox
from notices.late_words import GoneStale, mark
from notices.models import Notice
from rewards.models import PortalSession, PortalSignIn
from rewards.portal import sessions
from rewards.portal.keys import CODE_DIGITS, KEY_LENGTH, code_hash, hash_of, new_code, new_key
from rewards.portal.refusals import LinkUsedUp, PortalInvalid

GOOD_FOR = timedelta(minutes=10)
"""How long a link and a code open the portal, from when the mail goes."""
STALE_AFTER = timedelta(hours=1)
"""A mail that could not go for so long is not sent any more: whoever waited has asked again."""
KEPT = timedelta(days=1)
"""How long it is kept that somebody asked."""
MOST_TRIES = 5
"""Wrong codes, after which a sign-in opens by its link only."""
JOB = "rewards.jobs.send_portal_links"
KIND = "portal_link"


def ask(*, email: str, at: datetime, wanted: str = "") -> PortalSignIn:
    """Note that somebody wants in who says that this is their address. Who it belongs to is looked up later, by the job.

    `wanted` is the page to go on to, so that the mailed link leads there in whichever browser it is opened.
    """
    with transaction.atomic():
        asked = PortalSignIn.objects.create(email=email_key(email)[:254], wanted=wanted, asked_at=at)
        enqueue(JOB, asked.reference)
    return asked


def look_up(*, asked: PortalSignIn, at: datetime) -> Notice | None:
    """Queue the mail when the address is a customer's; then forget the address. A second call changes nothing."""
    with transaction.atomic():
        person = by_email(asked.email)
        is_ours = PortalSignIn.objects.filter(pk=asked.pk, looked_up_at__isnull=True).update(
            email="", looked_up_at=at, customer=person
        )
        if not is_ours or person is None or at - asked.asked_at > STALE_AFTER:
            return None
        facts = {
            "sign_in_url": settings.SITE_URL + reverse("my_link", args=[mark("link")]),
            "sign_in_code": mark("code"),
            "minutes": str(GOOD_FOR // timedelta(minutes=1)),
        }
        return outbox.queue(KIND, to=person, about=asked.reference, facts=facts, at=at)


def write_secrets(notice: Notice, at: datetime) -> Mapping[str, str]:
    """The link's key and the code for a mail that goes out now; only their hashes are kept. Raises `GoneStale`."""
    key, code = new_key(), new_code()
    fresh = PortalSignIn.objects.filter(reference=notice.about, used_at__isnull=True, asked_at__gt=at - STALE_AFTER)
    hashes = {"token_hash": hash_of(key), "code_hash": code_hash(notice.about, code)}
    if not fresh.filter(customer__isnull=False).update(expires_at=at + GOOD_FOR, **hashes):
        raise GoneStale("The link was asked for too long ago, or not needed any more.")
    return {"link": key, "code": code}


def opened_by(key: str, *, at: datetime) -> PortalSignIn | None:
    """The sign-in that this link opens at `at`, or None. Looking changes nothing."""
    if len(key) != KEY_LENGTH:
        return None
    rows = PortalSignIn.objects.select_related("customer").filter(token_hash=hash_of(key), used_at__isnull=True)
    return rows.filter(expires_at__gt=at, customer__erased_at__isnull=True).first()


def enter_by_link(*, key: str, device: str, at: datetime) -> tuple[PortalSession, str]:
    """Let in whoever presses the button on the link's page: a session and its key. Refuses with `link_used_up`."""
    asked = opened_by(key, at=at)
    if asked is None:
        raise LinkUsedUp(
            "link_used_up", "This link does not work any more: it is good for ten minutes, and once. Ask for a new one below."
        )
    return _enter(asked, "link", device, at)


def enter_by_code(*, reference: str, code: str, device: str, at: datetime) -> tuple[PortalSession, str]:
    """Let in whoever types the code of the sign-in they asked for. Refuses with `code_wrong`, in the same words for all reasons."""
    typed = "".join(character for character in code if character.isdigit())
    is_tried = PortalSignIn.objects.filter(reference=reference, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    rows = PortalSignIn.objects.select_related("customer").filter(reference=reference, used_at__isnull=True, expires_at__gt=at)
    asked = rows.filter(code_hash=code_hash(reference, typed)).first() if is_tried else None
    if asked is None:
        raise PortalInvalid(
            "code_wrong",
            f"This code does not fit. It has {CODE_DIGITS} digits, works for ten minutes and can be tried {MOST_TRIES} times. "
            "Look at the newest mail, or ask for a new one.",
        )
    return _enter(asked, "code", device, at)


def _enter(asked: PortalSignIn, how: str, device: str, at: datetime) -> tuple[PortalSession, str]:
    """The conditional update decides: of two who come with the same link, one gets in."""
    with transaction.atomic():
        unused = PortalSignIn.objects.filter(pk=asked.pk, used_at__isnull=True, expires_at__gt=at)
        if asked.customer is None or not unused.update(used_at=at):
            raise LinkUsedUp("link_used_up", _("This link was used a moment ago. Ask for a new one below."))
        begun = sessions.begin(customer=asked.customer, device=device, at=at)
        _close_others(asked.customer)
        trail.record("portal.signed_in", about=asked.customer, by=acting_customer(asked.customer.reference), at=at, how=how)
    return begun


def _close_others(person: Customer) -> None:
    """Whoever is in needs no other link: those still on their way open nothing."""
    PortalSignIn.objects.filter(customer=person, used_at__isnull=True).delete()
