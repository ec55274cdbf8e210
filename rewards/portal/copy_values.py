"""The copy of one's data as a page: what a kept value is called, in the reader's language. The file keeps the values as they are stored."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info, gettext_lazy

from customers.country_names import names_in
from customers.states import Membership, Origin
from equipment.receipts import GRADES, IN_PERSON
from equipment.states import RequestState, Wish
from notices.states import NoticeState
from notices.wording import day
from referrals.states import CodeState, Progress, StoryState
from rewards.portal.borrowed import WORDS as LOANS
from rewards.portal.figures import CHANNELS
from rewards.portal.forms import STEPS
from rewards.states import Decision, RewardState
from rewards.words import label_of

Words = Mapping[Any, object]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(_DAY.pattern + r"T[\d:.]+(?:Z|[+-]\d\d:\d\d)")
_DATED = re.compile(r"(?:.*_)?(?:at|on|since|by)")
"""Fields that hold a day or an instant, where their value reads like one."""

_MEMBERSHIP: Words = {
    Membership.PROSPECT: gettext_lazy("not begun yet"),
    Membership.ACTIVE: gettext_lazy("active"),
    Membership.LAPSED: gettext_lazy("lapsed"),
    Membership.CLOSED: gettext_lazy("ended"),
}
_ORIGIN: Words = {
    Origin.ORGANIC: gettext_lazy("by yourself"),
    Origin.REFERRAL: gettext_lazy("invited by another customer"),
    Origin.CAMPAIGN: gettext_lazy("by an offer of ours"),
    Origin.IMPORT: gettext_lazy("taken over from our customer list"),
    Origin.UNKNOWN: gettext_lazy("unknown"),
}
_PURPOSES: Words = {"marketing": gettext_lazy("News and offers")}
_HOW: Words = {
    "web page": gettext_lazy("on our page"),
    IN_PERSON: gettext_lazy("in person at the handover desk"),
    "the page about news in the customer's own pages": gettext_lazy("on your page about news"),
    "the link in a message": gettext_lazy("by the link in a message"),
    "the page of the link in a message": gettext_lazy("on the page of the link in a message"),
    "a text that said stop": gettext_lazy("by a text message that said stop"),
}
"""Ways that we note ourselves. What a colleague typed stays as it is."""
_CODES: Words = {
    CodeState.ACTIVE: gettext_lazy("it works"),
    CodeState.PAUSED: gettext_lazy("paused"),
    CodeState.REVOKED: gettext_lazy("taken back"),
}
_PROGRESS: Words = {
    Progress.SIGNED_UP: gettext_lazy("signed up"),
    Progress.VERIFIED: gettext_lazy("confirmed"),
    Progress.QUALIFIED: gettext_lazy("all done"),
    Progress.EXPIRED: gettext_lazy("time is over"),
}
_CAME: Words = {
    Progress.SIGNED_UP: gettext_lazy("You signed up on the page of an invitation."),
    Progress.VERIFIED: gettext_lazy("Your registration was confirmed."),
    Progress.QUALIFIED: gettext_lazy("Everything that was asked for was done."),
    Progress.EXPIRED: gettext_lazy("What was asked for was not done in time."),
}
"""Why it stands so with an invitation one accepted. What is stored is a sentence for colleagues."""
_DECISIONS: Words = {
    Decision.APPROVED: gettext_lazy("approved"),
    Decision.DECLINED: gettext_lazy("declined"),
    Decision.ASKED: gettext_lazy("asked for more"),
    Decision.UNDONE: gettext_lazy("taken back"),
}
_DIRECTIONS: Words = {"out": gettext_lazy("hand-over"), "in": gettext_lazy("return")}
_WISHES: Words = {
    Wish.RETURN: gettext_lazy("bring it back on a day"),
    Wish.EXTENSION: gettext_lazy("keep it longer"),
    Wish.PROBLEM: gettext_lazy("something is wrong"),
}
_ANSWERS: Words = {
    RequestState.OPEN: gettext_lazy("waits for our answer"),
    RequestState.AGREED: gettext_lazy("agreed"),
    RequestState.DECLINED: gettext_lazy("declined"),
    RequestState.WITHDRAWN: gettext_lazy("taken back"),
}
_STORIES: Words = {
    StoryState.SUBMITTED: gettext_lazy("waits to be read"),
    StoryState.PUBLISHED: gettext_lazy("shown to friends"),
    StoryState.DECLINED: gettext_lazy("declined"),
    StoryState.WITHDRAWN: gettext_lazy("taken back"),
}
_NOTICES: Words = {
    NoticeState.QUEUED: gettext_lazy("waits to be sent"),
    NoticeState.SENDING: gettext_lazy("being sent"),
    NoticeState.SENT: gettext_lazy("sent"),
    NoticeState.DELIVERED: gettext_lazy("arrived"),
    NoticeState.BOUNCED: gettext_lazy("came back"),
    NoticeState.SUPPRESSED: gettext_lazy("not sent"),
    NoticeState.FAILED: gettext_lazy("not accepted"),
    NoticeState.DEAD: gettext_lazy("given up"),
    NoticeState.BUNDLED: gettext_lazy("sent together with others"),
}
_VALUES: Mapping[tuple[str, str], Words] = {
    ("profile", "membership"): _MEMBERSHIP,
    ("profile", "origin"): _ORIGIN,
    ("consents", "channel"): CHANNELS,
    ("consents", "purpose"): _PURPOSES,
    ("consents", "how"): _HOW,
    ("terms accepted", "how"): _HOW,
    ("codes", "state"): _CODES,
    ("friends", "progress"): _PROGRESS,
    ("how you came", "progress"): _PROGRESS,
    ("how you came", "progress_reason"): _CAME,
    ("decisions", "decision"): _DECISIONS,
    ("loans", "state"): LOANS,
    ("condition", "direction"): _DIRECTIONS,
    ("condition", "grade"): GRADES,
    ("asked", "kind"): _WISHES,
    ("asked", "state"): _ANSWERS,
    ("stories", "state"): _STORIES,
    ("feedback", "step"): STEPS,
    ("messages", "channel"): CHANNELS,
    ("messages", "state"): _NOTICES,
}
"""Parts and fields whose values are words of ours."""


def words_of(part: str, field: str, value: str) -> str:
    """What a stored value of a field in a part is called; the value itself where it is no word of ours."""
    if (part, field) == ("rewards", "state"):
        return label_of(RewardState(value))
    if (part, field) == ("profile", "country"):
        return names_in(get_language() or "en").get(value, value)
    if (part, field) == ("profile", "language"):
        return str(get_language_info(value)["name_translated"]) if value in LANG_INFO else value
    if _DATED.fullmatch(field):
        return _when(value)
    return str(_VALUES.get((part, field), {}).get(value, value))


def _when(value: str) -> str:
    """A day or an instant (UTC) in the manner of the reader's language; anything else as it is."""
    if _DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    if _INSTANT.fullmatch(value):
        at = datetime.fromisoformat(value).astimezone(UTC)
        return f"{day(at)}, {at:%H:%M} UTC"
    return value
