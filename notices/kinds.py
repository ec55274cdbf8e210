"""The kinds of notices: what each one is for and which facts its words may use."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from notices.refusals import NoticeRefused

COMMON = ("name", "brand_name", "greeting", "sign_off", "criteria", "terms_url", "site_url", "unsubscribe_url")
"""Facts every template may use without the caller giving them. `name` is the reader's first name."""

PERSON_NAMES = frozenset({"name", "referrer_name", "friend_name"})
"""Facts typed by strangers: shown as plain words, never as a link (see `rendering`)."""

SHARING = ("code", "link", "offer", "gift")
"""Facts of every message that asks somebody to pass their code on, so that one may take another's place in a sequence."""

STANDING = {"criteria": "criteria_missing", "terms_url": "terms_missing"}
"""What a template of a kind that states criteria and terms must contain -> the refusal's code when it does not."""


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `variables` are the facts the caller gives, all of them; marketing kinds need consent.

    Urgent ones may go by SMS besides. `links_portal` says whether the way to the reader's own page stands below the words.
    `fresh_days` says for how many days after it was written it is still worth sending; None: always.
    """

    name: str
    label: str
    variables: tuple[str, ...]
    is_marketing: bool = False
    states_terms: bool = True
    is_urgent: bool = False
    links_portal: bool = True
    fresh_days: int | None = None

    @property
    def allowed(self) -> frozenset[str]:
        """Every placeholder a template of this kind may use."""
        return frozenset(self.variables) | frozenset(COMMON)


_ALL = (
    Kind(
        "verify_email",
        _("Please confirm your address"),
        ("referrer_name", "offer", "verify_url", "valid_until"),
        links_portal=False,
    ),
    Kind("sign_up_refused", _("About your sign-up"), ("offer", "reason")),
    Kind("friend_signed_up", _("Your friend signed up"), ("friend_name", "promise")),
    Kind("queue_joined", _("You are in the queue"), ("item", "place", "expected")),
    Kind("queue_promoted", _("A unit is kept for you"), ("item", "hold_until"), is_urgent=True),
    Kind(
        "reward_unlocked",
        _("Your loan is ready to collect"),
        ("item", "collect_by", "place", "setup_guide", "return_protocol", "loan_terms_url"),
        is_urgent=True,
    ),
    Kind("reward_given", _("Your reward is here"), ("reward", "next_step")),
    Kind("reward_waiting", _("Your reward is being checked"), ("reward", "decide_by")),
    Kind("reward_declined", _("About your reward"), ("reward", "note", "criterion")),
    Kind("reward_choice", _("Choose your reward"), ("options", "first", "choose_by", "choice_url")),
    Kind("reward_question", _("A question about your reward"), ("reward", "question")),
    Kind("code_issued", _("Your referral link"), ("code", "link", "item")),  # what joining gives, so no advertising
    Kind("invitation", _("Invitation to take part"), SHARING, is_marketing=True, fresh_days=14),
    Kind("loan_checked_out", _("Receipt: collected"), ("item", "due", "return_protocol")),
    Kind("loan_due_soon", _("Reminder: due back soon"), ("item", "due", "place", "return_protocol"), fresh_days=2),
    Kind(
        "loan_due_today", _("Reminder: due back today"), ("item", "due", "place", "return_protocol"), is_urgent=True, fresh_days=1
    ),
    Kind("loan_overdue", _("Reminder: overdue"), ("item", "due", "place", "return_protocol"), is_urgent=True, fresh_days=2),
    Kind("loan_returned", _("Receipt: brought back"), ("item",)),
    Kind("loan_request_answered", _("An answer about your loan"), ("item", "outcome", "note")),
    Kind("data_export_ready", _("The copy of your data"), ("data_url", "hours"), states_terms=False),
    Kind(
        "substitute_offered", _("Something else, if you like"), ("promised", "item", "place", "answer_by", "reason", "answer_url")
    ),
    Kind("hold_expired", _("We stopped keeping a unit for you"), ("item", "explanation")),
    Kind(
        "portal_link",
        _("Your link to your page"),
        ("sign_in_url", "sign_in_code", "minutes"),
        states_terms=False,
        links_portal=False,
    ),
    Kind("help_answered", _("An answer to your question"), ("question", "answer"), states_terms=False),
    Kind("friend_opened", _("Your link was opened"), ("opened", "link"), is_marketing=True, fresh_days=2),
    Kind("friend_verified", _("Your friend confirmed"), ("friend_name", "next_step"), fresh_days=7),
    Kind("milestone_near", _("Close to a milestone"), ("missing", "reward", "link"), is_marketing=True, fresh_days=7),
    Kind("milestone_reached", _("Milestone reached"), ("friends", "reward")),
    Kind("reward_cancelled", _("Your reward was cancelled"), ("reward", "reason")),
    Kind("reward_revoked", _("Your reward was taken back"), ("reward", "reason")),
    Kind("reward_runs_out", _("Your reward will run out soon"), ("reward", "last_day", "next_step")),
    Kind("reward_expired", _("Your reward has run out"), ("reward", "reason")),
    Kind("appeal_answered", _("We looked again at your reward"), ("reward", "decision", "note")),
    Kind("loan_asked_back", _("Please bring it back"), ("item", "due", "place", "reason", "return_protocol")),
    Kind("share_reminder", _("Your link is waiting"), SHARING, is_marketing=True, fresh_days=7),
    Kind("share_last_reminder", _("Last reminder of your link"), SHARING, is_marketing=True, fresh_days=7),
    Kind("season_offer", _("An offer of the season"), SHARING, is_marketing=True, fresh_days=14),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}


def title_of(name: str) -> str:
    """What a kind is called, in English; one that is no longer among them, by its name."""
    return KINDS[name].label if name in KINDS else name


def for_trail(name: str) -> dict[str, str]:
    """What the trail keeps of a kind: its name, for machines, and what people called it then."""
    return {"kind": name, "title": title_of(name)}


def kind_of(name: str) -> Kind:
    """The kind called `name`. Refuses with `unknown_kind`."""
    try:
        return KINDS[name]
    except KeyError:
        raise NoticeRefused(
            "unknown_kind", f"There is no kind of notice called “{name}”. Use one of: {', '.join(KINDS)}."
        ) from None
