"""All that the page of a code shows, gathered for one instant. The page promises nothing that is not there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns import audience, criteria, gift_words, offers
from campaigns.models import Campaign, Variant
from campaigns.offers import Due
from campaigns.states import Proof, Side
from campaigns.tiers import NO_WISHES
from customers.models import Agreement, AgreementVersion, Customer
from desk.speaking import phrase
from equipment.models import EquipmentModel
from referrals import testing, wording
from referrals.models import Code, Referral, Story
from referrals.sharing import chat_pictures
from referrals.states import Progress, Standing
from referrals.stock import Stock, stock_of
from referrals.voices import stories

OPENING_LENGTH = 900
"""Characters of the terms shown on the page itself; the rest is one click away."""

_SOMEBODY = "Ada Costa"
_NO_TERMS = "There are no published terms yet. Write them on the tab Terms of the campaign."
"""What a preview says where a campaign has no inviter and no terms yet."""


@dataclass(frozen=True)
class Item:
    """The thing a friend can borrow. `drawing` is its address, or empty; `stock` is None when the friend borrows nothing."""

    name: str
    detail: str
    drawing: str
    stock: Stock | None


@dataclass(frozen=True)
class Step:
    """One of the steps from here to the item."""

    title: str
    text: str


@dataclass(frozen=True)
class Page:
    """What the landing page says, in order of reading. `picture` is what a chat shows beside the link; `site` begins full addresses."""

    code: Code
    inviter: str
    headline: str
    pitch: str
    item: Item
    friend_gifts: Sequence[str]
    referrer_gifts: Sequence[str]
    call: str
    button: str
    steps: Sequence[Step]
    criteria: Sequence[str]
    terms: AgreementVersion
    terms_opening: str
    terms_language: str
    loan_terms: AgreementVersion | None
    asks_country: bool
    stories: Sequence[Story]
    picture: str
    site: str


def page_of(code: Code, *, at: datetime) -> Page:
    """The page of an open code at `at`. Ask `closing.closed` first."""
    terms = _terms(code.campaign)
    assert terms is not None, "closed() is asked before"
    return _page(code, terms, testing.variant_of(code), nth=_next_number(code), at=at)


def preview_of(campaign: Campaign, *, at: datetime) -> Page:
    """The page as it would be for a first friend, for staff to look at: of any state, with values not saved yet, without terms."""
    inviter = Customer(name=_SOMEBODY)
    code = Code(campaign=campaign, customer=inviter, equipment_model=campaign.equipment_model)
    terms = _terms(campaign) or AgreementVersion(agreement=Agreement(slug="terms", title="Terms"), number=1, body=_NO_TERMS)
    return _page(code, terms, None, nth=1, at=at)


def _page(code: Code, terms: AgreementVersion, arm: Variant | None, *, nth: int, at: datetime) -> Page:
    campaign, variant = code.campaign, arm.key if arm else ""
    mine = offers.due(campaign, Side.REFEREE, nth=1, variant=variant, at=at)
    theirs = offers.due(campaign, Side.REFERRER, nth=nth, variant=variant, at=at, wishes=code.wishes)
    texts = {"headline": campaign.headline, "pitch": campaign.pitch, **(arm.overrides if arm else {})}
    item = _item(code, mine, theirs, at)
    help_to_read = terms.reads_in(get_language() or "")
    later = _later_gifts(code, nth=nth, at=at)
    return Page(
        code=code,
        inviter=wording.short_name(code.customer.name),
        headline=campaign.said(str(texts["headline"])),
        pitch=campaign.said(str(texts["pitch"])),
        item=item,
        friend_gifts=[gift_words.gift(due) for due in mine] + later[Side.REFEREE],
        referrer_gifts=[gift_words.gift(due) for due in theirs] + later[Side.REFERRER],
        call=_("Reserve yours") if item.stock else _("Join"),
        button=_button(item.stock),
        steps=_steps(campaign, item.stock is not None),
        criteria=[_("You are new to us."), *criteria.sentences(campaign, Side.REFEREE)],
        terms=terms,
        terms_opening=_opening(help_to_read or terms.body),
        terms_language=campaign.language if campaign.language != get_language() and not help_to_read else "",
        loan_terms=campaign.loan_terms.current() if campaign.loan_terms else None,
        asks_country=_asks_country(campaign, code.equipment_model),
        stories=list(stories.published(campaign)) if campaign.pk else [],
        site=settings.SITE_URL,
        picture=chat_pictures.address_of(campaign),
    )


def _later_gifts(code: Code, *, nth: int, at: datetime) -> dict[Side, list[str]]:
    """What each side gets for the steps after qualifying. One query where there are none."""
    campaign = code.campaign
    found: dict[Side, list[str]] = {Side.REFERRER: [], Side.REFEREE: []}
    for step in campaign.steps.all():
        for side, gifts in found.items():
            number, wishes = (nth, code.wishes) if side == Side.REFERRER else (1, NO_WISHES)
            due = offers.due(campaign, side, nth=number, at=at, step=step.key, wishes=wishes)
            told = _("%(gift)s, later, for: %(step)s")
            gifts += [phrase(told, gift=gift_words.gift(one), step=campaign.said(step.title)) for one in due]
    return found


def steps_after_joining(campaign: Campaign, *, at: datetime) -> list[Step]:
    """What is ahead of a friend who has just signed up."""
    mine = offers.due(campaign, Side.REFEREE, nth=1, at=at)
    borrows = any(due.equipment_model for due in mine)
    return [*_steps(campaign, borrows)[1:], Step(_("Invite friends yourself."), _("You get a code of your own."))]


def drawing_of(model: EquipmentModel) -> str:
    """The address of a model's drawing, or nothing when the file is not there: a page never fails by a picture."""
    try:
        return str(staticfiles_storage.url(model.drawing)) if model.drawing else ""
    except ValueError:
        return ""


def _terms(campaign: Campaign) -> AgreementVersion | None:
    return campaign.campaign_terms.current() if campaign.campaign_terms else None


def _next_number(code: Code) -> int:
    """Which referral of its owner the next one would be, if all open ones qualify."""
    counted = Referral.objects.filter(campaign=code.campaign, referrer=code.customer).exclude(standing=Standing.BLOCKED)
    return counted.exclude(progress=Progress.EXPIRED).count() + 1


def _item(code: Code, mine: Sequence[Due], theirs: Sequence[Due], at: datetime) -> Item:
    """What the friend borrows; where they borrow nothing, what the campaign is about."""
    borrowed = next((due.equipment_model for due in mine if due.equipment_model), None)
    model = borrowed or code.equipment_model
    if borrowed is None:
        return Item(model.called(), model.description(), drawing_of(model), None)
    before = sum(due.equipment_model == borrowed for due in theirs)
    stock = stock_of(code.campaign, borrowed, before=before, at=at)
    return Item(model.called(), _detail(code.campaign, model), drawing_of(model), stock)


def _detail(campaign: Campaign, model: EquipmentModel) -> str:
    places = sorted({pool.place for pool in offers.pools_for(campaign, model)})
    days = wording.days(model.loan_days)
    if not places:
        return _("Yours for %(days)s, free of charge.") % {"days": days}
    where = _(" or ").join(places) if len(places) < 3 else _("%(count)d places") % {"count": len(places)}
    return _("Yours for %(days)s, free of charge, to collect in %(where)s.") % {"days": days, "where": where}


def _button(stock: Stock | None) -> str:
    if stock is None:
        return _("Join")
    return _("Join the queue") if stock.must_wait else _("Join and reserve mine")


def _steps(campaign: Campaign, borrows: bool) -> list[Step]:
    confirm = Step(_("Confirm your address."), _("We send you an e-mail; press the button in it."))
    last = Step(
        _("Borrow and bring back."), _("We tell you where and until when to collect it, how to use it and how to return it.")
    )
    told = Step(_("Hear from us."), _("We write to you both as soon as that is done."))
    steps = [Step(_("Join."), _("It takes a minute.")), confirm]
    if campaign.proof != Proof.VERIFIED_SIGNUP:
        steps.append(Step(_("Become a customer."), criteria.proof(campaign, Side.REFEREE)))
    return [*steps, last if borrows else told]


def _opening(body: str) -> str:
    """The terms, whole when they are short, otherwise as many whole paragraphs as fit."""
    if len(body) <= OPENING_LENGTH:
        return body
    cut = body[:OPENING_LENGTH].rfind("\n\n")
    return f"{body[: cut if cut > 0 else OPENING_LENGTH].rstrip()} …"


def _asks_country(campaign: Campaign, model: EquipmentModel) -> bool:
    """Whether it matters where the friend lives: to a rule, or because there are pools in several countries."""
    if any(rule.field == "country" for rule in audience.rules_of(campaign, Side.REFEREE)):
        return True
    return len({pool.country for pool in offers.pools_for(campaign, model) if pool.country}) > 1
