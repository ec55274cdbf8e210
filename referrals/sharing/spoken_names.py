"""Being found by one's name, where the campaign allows it and the person wants it.

A name typed by a friend opens an invitation only when its owner chose to be found by exactly this name. Whoever did not choose it,
whoever has a namesake who did, and whoever is no customer at all are answered alike, so that trying names tells nothing of anybody.
"""

import re
import unicodedata
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.actors import Actor
from campaigns.models import Campaign
from campaigns.states import CampaignState
from referrals import closing
from referrals.models import Code, SpokenName
from referrals.models.sharing import SPOKEN_LENGTH
from referrals.refusals import BadInput, ReferralRefused
from referrals.sharing.owning import require_owner

_SHARP = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


def be_found_by_name(*, code: Code, name: str, at: datetime, by: Actor) -> str:
    """Let friends find `code` by `name`, and answer the name as kept; the one before no longer leads here. Again changes nothing.

    The name holds the person's own first and last name, so that nobody is found by somebody else's; words may be added. Refuses
    with `names_not_allowed`, `name_too_short` (one word alone is nobody's name), `name_too_long`, `name_not_yours`, `name_taken`.
    """
    require_owner(code, by)
    kept, key = _kept(name, code.customer.name)
    with transaction.atomic():
        row = Code.objects.select_for_update(of=("self",)).select_related("campaign", "customer").get(pk=code.pk)
        _require_allowed(row.campaign)
        if SpokenName.objects.filter(code=row, key=key, text=kept).exists():
            return kept
        _put(row, kept, key, at)
        trail.record("code.name_chosen", about=row, by=by, at=at, concerns=[row.customer.reference])
    return kept


def stop_being_found(*, code: Code, at: datetime, by: Actor) -> None:
    """Lead nobody to `code` by a name any more. Again changes nothing."""
    require_owner(code, by)
    with transaction.atomic():
        if SpokenName.objects.filter(code=code).delete()[0]:
            trail.record("code.name_withdrawn", about=code, by=by, at=at, concerns=[code.customer.reference])


def find_by_name(text: str, *, at: datetime) -> Code | None:
    """The invitation of whoever chose to be found by the name `text`, while it works; None for all else."""
    key = key_of(text[: SPOKEN_LENGTH * 2])
    chosen = SpokenName.objects.filter(key=key, code__campaign__name_sharing=True)
    row = chosen.select_related("code__campaign__campaign_terms", "code__customer", "code__equipment_model").first()
    return row.code if row is not None and closing.closed(row.code, at=at) is None else None


def is_possible() -> bool:
    """Whether any open campaign lets friends join by a name."""
    return Campaign.objects.filter(name_sharing=True, state=CampaignState.LIVE).exists()


def key_of(name: str) -> str:
    """A name for comparing: no case, no accents, words in alphabetical order. Empty for fewer than two words."""
    words = _words(name)
    return " ".join(sorted(words)) if len(words) > 1 else ""


def _words(name: str) -> list[str]:
    plain = name.translate(_SHARP)
    for _again in range(2):
        # Taking letters apart can bring out capitals, and folding those can bring out letters to take apart (Unicode, D146).
        plain = unicodedata.normalize("NFKD", plain.casefold()).translate(_SHARP)
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _kept(name: str, own: str) -> tuple[str, str]:
    kept = " ".join(name.split())
    if len(kept) > SPOKEN_LENGTH:
        raise BadInput("name_too_long", _("Write at most %(length)d characters.") % {"length": SPOKEN_LENGTH})
    key = key_of(kept)
    if not key:
        raise BadInput("name_too_short", _("Write at least two words, such as your first and last name."))
    if not {*_words(own)[:1], *_words(own)[-1:]} <= set(_words(kept)):
        sentence = _("Use your own first and last name, %(name)s. You may add words that your friends know, such as your town.")
        raise BadInput("name_not_yours", sentence % {"name": own})
    return kept, key


def _require_allowed(campaign: Campaign) -> None:
    if not campaign.name_sharing:
        raise ReferralRefused("names_not_allowed", _("In this campaign friends join by link or code only."))


def _put(code: Code, kept: str, key: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            SpokenName.objects.update_or_create(code=code, defaults={"text": kept, "key": key, "chosen_at": at})
    except IntegrityError as error:
        sentence = _("Somebody is found by this name already. Add a word that your friends know, such as your town.")
        raise ReferralRefused("name_taken", sentence) from error
