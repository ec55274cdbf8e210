"""What is sent, line by line: each occasion leads to its message, and to no second one however often the background work runs."""

from datetime import timedelta

import pytest

from config.schedules import SCHEDULES
from equipment.models import Loan
from notices.kinds import KINDS
from notices.models import Notice
from notices.sequences import following
from rewards import reminders
from tests.make import AT
from tests.occasions import STORIES, happen

pytestmark = pytest.mark.django_db
SENT = {
    "invitation to take part": ["invitation"],
    "code issued": ["code_issued"],
    "friend opened, signed up, verified: thank-you at once": ["friend_opened", "friend_signed_up", "friend_verified"],
    "the friend is asked to confirm": ["verify_email"],
    "queue place and promotion": ["queue_joined", "queue_promoted"],
    "reward status changes with date": [
        "reward_waiting", "reward_question", "reward_choice", "reward_given", "reward_cancelled", "reward_revoked",
        "reward_runs_out", "reward_expired", "appeal_answered",
    ],
    "unlock with instructions": ["reward_unlocked"],
    "handover receipt": ["loan_checked_out"],
    "due reminders and overdue": ["loan_due_soon", "loan_due_today", "loan_overdue"],
    "return thanks": ["loan_returned"],
    "milestone near and reached": ["milestone_near", "milestone_reached"],
    "inactive referrer, after 4 and after 14 days": ["share_reminder", "share_last_reminder"],
    "seasonal send to a segment": ["season_offer"],
    "adverse decision with the criterion": ["reward_declined", "sign_up_refused"],
    "what else a customer is told of their loan": [
        "loan_asked_back", "loan_request_answered", "hold_expired", "substitute_offered",
    ],
    "what a customer asked for": ["portal_link", "help_answered", "data_export_ready"],
}  # fmt: skip
"""Line of the list -> kinds of messages."""
SWEEPS = [one.resolve() for one in SCHEDULES if one.job.split(".")[0] in ("referrals", "rewards", "notices") and one.is_swept]
"""Every piece of background work that can write a message."""
_QUIET = frozenset({"send_queued_notices", "apply_provider_events", "drain_visits", "send_portal_links", "make_data_exports"})


def test_every_kind_stands_on_the_list_once() -> None:
    listed = [kind for kinds in SENT.values() for kind in kinds]
    assert sorted(listed) == sorted(KINDS) == sorted(STORIES)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_sent_once(kind: str) -> None:
    notice = happen(kind, "en")
    assert notice.state == "queued", notice.reason
    about = {"kind": kind, "customer": notice.customer, "about": notice.about}
    before = Notice.objects.filter(**about).count()
    for sweep in SWEEPS:
        if sweep.__name__ not in _QUIET:
            sweep(notice.created_at)
            sweep(notice.created_at + timedelta(minutes=1))
    assert Notice.objects.filter(**about).count() == before


def test_who_stays_overdue_is_a_persons_turn_after_the_third_reminder() -> None:
    loan = Loan.objects.get(reference=happen("loan_overdue", "en").about)
    assert loan.due_at is not None
    assert [day for day in reminders.KINDS if day < 0] == [-1, -3, -7]
    assert loan.is_overdue(loan.due_at + timedelta(days=20)), "it stays on the list of overdue loans"
    assert reminders.stage(-15) is None


def test_reminders_of_a_link_stop_as_soon_as_somebody_came_by_it() -> None:
    happen("share_reminder", "en")
    happen("friend_opened", "en")
    opened = Notice.objects.get(kind="friend_opened")
    due = [one.start.about for one in following.due(at=AT + timedelta(days=14))]
    assert opened.about not in due and len(due) == 1


@pytest.mark.parametrize("kind", ["loan_checked_out", "loan_returned", "friend_verified", "milestone_reached", "share_reminder"])
def test_after_a_long_outage_stale_news_is_not_sent(kind: str) -> None:
    notice = happen(kind, "en")
    Notice.objects.filter(kind=kind).delete()
    for sweep in SWEEPS:
        if sweep.__name__ not in _QUIET:
            sweep(notice.created_at + timedelta(days=30))
    assert not Notice.objects.filter(kind=kind, about=notice.about).exists()
