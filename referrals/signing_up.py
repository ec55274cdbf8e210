"""How a referral begins: a friend signs up on the page of a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from campaigns import audience, criteria
from campaigns.eligibility import Verdict, evaluate
from campaigns.models import Campaign
from campaigns.states import Side
from customers import agreeing, facts, lookup, registering
from customers.identity import mailbox_key
from customers.models import AgreementVersion, Customer
from customers.refusals import CustomerRefused
from customers.states import Membership, Origin
from notices import outbox
from referrals import conversions, crediting, expiring, outcome, promising, screening, testing, tokens, visits
from referrals.links import verification_link
from referrals.models import Code, Promise, Referral, Touch
from referrals.models.referrals import referral_reference
from referrals.refusals import BadInput, OutsideSegment, ReferralRefused
from referrals.states import CodeState, ConversionKind, Progress
from referrals.visits import Visit


@dataclass(frozen=True)
class Friend:
    """What a friend typed. `where` is a keyed hash of the address they came from."""

    name: str
    email: str
    typed_name: str
    language: str = "en"
    country: str = ""
    phone: str = ""
    where: str = ""


def sign_up(
    *,
    code: Code,
    name: str,
    email: str,
    at: datetime,
    by: Actor,
    terms_version: AgreementVersion,
    typed_name: str,
    touch_token: str = "",
    language: str = "en",
    country: str = "",
    phone: str = "",
    where: str = "",
    remembered: Sequence[Visit] = (),
) -> Referral:
    """Open a referral for a friend, hold what is promised to both sides, and queue the mails. A second call answers the first.

    Whose earlier referral in this campaign ran out without proof begins anew. `remembered` are earlier visits that the friend's browser speaks of; they are weighed with the one that led here.

    Raises `ReferralRefused` with `code_not_active`, `campaign_closed`, `terms_outdated`, `self_referral`,
    `already_customer`, `already_referred`, `not_in_segment`, `email_invalid` or `name_missing`; nothing is kept then.
    """
    friend = Friend(name=name, email=email, typed_name=typed_name, language=language, country=country, phone=phone, where=where)
    refuse_closed(code, at)
    _refuse_old_terms(code.campaign, terms_version)
    with transaction.atomic():
        touch = _touch(touch_token, at)
        reference = referral_reference()
        person = _person(friend, reference, at, by)
        decided = crediting.award(code=code, touch=touch, at=at, remembered=visits.rows_of(remembered))
        existing = expiring.referral_in_the_way(code.campaign, person, at=at)
        if existing is None:
            _refuse_wrong_friend(decided.code, person, at)
            existing, is_new = _insert(decided.code, person, reference, at)
            if is_new:
                return _open(existing, friend, terms_version, touch, decided, at, by)
        if existing.code_id in (code.pk, decided.code.pk):
            return existing
        raise ReferralRefused("already_referred", _("This e-mail address has already accepted an invitation to this campaign."))


def _touch(token: str, at: datetime) -> Touch | None:
    visit = tokens.read_visit(token, at=at) if token else None
    return visits.touch_of(visit) if visit else None


def refuse_closed(code: Code, at: datetime) -> None:
    """Raise `ReferralRefused` unless friends can sign up with this code at `at`."""
    if code.state != CodeState.ACTIVE:
        raise ReferralRefused("code_not_active", _("This invitation is not active any more. Ask your friend for a new one."))
    if not code.campaign.is_open(at):
        raise ReferralRefused("campaign_closed", _("This campaign does not take new sign-ups at the moment."))


def _refuse_old_terms(campaign: Campaign, shown: AgreementVersion) -> None:
    current = campaign.campaign_terms.current() if campaign.campaign_terms else None
    if current != shown:
        raise ReferralRefused(
            "terms_outdated", _("The terms have changed since this page was opened. Read them again and tick the box once more.")
        )


def _person(friend: Friend, reference: str, at: datetime, by: Actor) -> Customer:
    """The friend's row: a new prospect, or the one already there for this address."""
    known = lookup.by_email(friend.email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return registering.register(
                name=friend.name,
                email=friend.email,
                at=at,
                by=by,
                language=friend.language,
                country=friend.country,
                phone=friend.phone,
                origin=Origin.REFERRAL,
                origin_reason="Signed up on a referral page.",
                origin_referral=reference,
            )
    except CustomerRefused as refusal:
        winner = lookup.by_email(friend.email) if refusal.code == "email_taken" else None
        if winner is None:
            raise BadInput(refusal.code, refusal.sentence) from refusal
        return winner


def _refuse_wrong_friend(code: Code, person: Customer, at: datetime) -> None:
    referrer = code.customer
    if person == referrer or mailbox_key(person.email) == mailbox_key(referrer.email or "-"):
        raise ReferralRefused(
            "self_referral", _("This is the address of the person who invites. An invitation is for someone else.")
        )
    if person.membership != Membership.PROSPECT:
        raise ReferralRefused("already_customer", _("This invitation is for people who are new to us."))
    verdict = friend_verdict(code.campaign, person, at)
    if not verdict.is_eligible:
        raise OutsideSegment(code.campaign, verdict.reasons)


def friend_verdict(campaign: Campaign, person: Customer, at: datetime) -> Verdict:
    """Whether a friend meets the campaign's rules for friends. They are judged as the prospect they were at sign-up."""
    known = facts.facts_of(person, on=campaign.day_of(at)) | {"membership": Membership.PROSPECT.value}
    return evaluate(audience.rules_of(campaign, Side.REFEREE), known)


def _insert(code: Code, person: Customer, reference: str, at: datetime) -> tuple[Referral, bool]:
    arm = testing.variant_of(code)
    referral = Referral(
        reference=reference,
        campaign=code.campaign,
        code=code,
        referrer=code.customer,
        referee=person,
        progress_reason="Signed up on the page of the code.",
        variant=arm.key if arm else "",
        signed_up_at=at,
        proof_due_at=at + timedelta(days=code.campaign.proof_within_days),
    )
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError:
        living = Referral.objects.exclude(progress=Progress.EXPIRED)
        return living.get(campaign=code.campaign, referee=person), False
    return referral, True


def _open(
    referral: Referral,
    friend: Friend,
    terms: AgreementVersion,
    touch: Touch | None,
    decided: crediting.Award,
    at: datetime,
    by: Actor,
) -> Referral:
    crediting.store(referral=referral, decided=decided, model=referral.campaign.attribution)
    agreeing.accept(
        customer=referral.referee, version=terms, about=referral.reference, typed_name=friend.typed_name, how="web page", at=at, by=by,
        where=friend.where,
    )  # fmt: skip
    conversions.record_conversion(
        kind=ConversionKind.SIGNUP, external_id=referral.reference, customer=referral.referee, at=at, by=by, referral=referral
    )
    trail.record(
        "referral.signed_up",
        about=referral,
        by=by,
        at=at,
        reason=" ".join(sorted({reason for *_, reason in decided.shares})),
        concerns=referral.concerns(),
        code=referral.code.code,
    )
    screening.screen(referral=referral, touch=touch, at=at, by=by)
    promises = promising.promise_all(referral=referral, at=at, by=by)
    _queue_mails(referral, promises, at)
    return referral


def _queue_mails(referral: Referral, promises: list[Promise], at: datetime) -> None:
    campaign = referral.campaign
    outbox.queue(
        "verify_email",
        to=referral.referee,
        about=referral.reference,
        facts={
            "referrer_name": referral.referrer.first_name(),
            "offer": lambda: campaign.offer,
            "verify_url": verification_link(tokens.make_verification(referral, at=at)),
            "valid_until": campaign.day_of(referral.proof_due_at),
        },
        at=at,
        campaign=campaign,
    )
    theirs = [each.loan for each in promises if each.side == Side.REFERRER]

    def promised() -> str:
        said = " ".join(outcome.loan_sentence(loan, at=at) for loan in theirs)
        return said or criteria.text(campaign, Side.REFERRER)

    outbox.queue(
        "friend_signed_up",
        to=referral.referrer,
        about=referral.reference,
        facts={
            "friend_name": referral.referee.first_name(),
            "promise": promised,
        },
        at=at,
        campaign=campaign,
    )
