"""Holding back what waits in the outbox, after a restore."""

from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from audit import timeline
from audit.actors import SYSTEM, staff
from notices import holding_back, jobs, retrying
from notices.refusals import NoticeRefused
from notices.states import NoticeState
from tests.notices.samples import queued

pytestmark = pytest.mark.django_db


def test_what_waits_is_held_back_with_the_reason_and_can_be_sent_by_hand(at: datetime) -> None:
    notice = queued()
    call_command("hold_back_notices", why="Restored from a backup.", stdout=StringIO())
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == (NoticeState.SUPPRESSED, "Restored from a backup.")
    assert timeline.of(notice.reference).last().event == "notice.held_back"
    retrying.retry(notice=notice, at=at, by=SYSTEM)
    assert jobs.send_notice(notice.reference, at) == "sent"


def test_what_was_sent_stays_as_it_is(at: datetime) -> None:
    notice = queued()
    jobs.send_notice(notice.reference, at)
    assert holding_back.hold_back(reference=notice.reference, why="Restored.", at=at, by=SYSTEM) == NoticeState.SENT
    assert len(mail.outbox) == 1


def test_it_takes_a_reason_and_the_permission(at: datetime) -> None:
    notice = queued()
    with pytest.raises(NoticeRefused, match="no_reason"):
        holding_back.hold_back(reference=notice.reference, why=" ", at=at, by=SYSTEM)
    with pytest.raises(CommandError, match="Say why"):
        call_command("hold_back_notices", why=" ", stdout=StringIO())
    with pytest.raises(PermissionDenied):
        holding_back.hold_back(reference=notice.reference, why="Restored.", at=at, by=staff(User.objects.create_user("eve")))
