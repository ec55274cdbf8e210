"""Openings of a link, as tests tell them."""

from datetime import datetime

from referrals import visits
from referrals.models import Code, Touch

_PEOPLE = {"Ben": 1, "Chloe": 2, "Dev": 3}


def opened_by(code: Code, who: str, *, at: datetime, is_bot: bool = False) -> Touch:
    """Somebody opens the link: Ben, Chloe or Dev at their own machine, or a machine by itself."""
    agent = "Googlebot/2.1 (+http://www.google.com/bot.html)" if is_bot else "Mozilla/5.0"
    visit = visits.record_visit(code_id=code.pk, at=at, address=f"192.0.2.{_PEOPLE.get(who, 99)}", user_agent=agent)
    touch = Touch.objects.get(token=visit.token)
    assert touch.is_bot is is_bot
    return touch
