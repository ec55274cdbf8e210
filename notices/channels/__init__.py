"""How notices travel: one module per channel, each with a `deliver`."""

from collections.abc import Callable
from datetime import datetime

from notices.channels import email
from notices.channels.troubles import DeliveryTrouble
from notices.models import Notice
from notices.states import Channel

_WAYS: dict[str, Callable[[Notice, datetime], None]] = {Channel.EMAIL: email.deliver}


def deliver(notice: Notice, at: datetime) -> None:
    """Hand `notice` to the provider of its channel. Raises `DeliveryTrouble`; a channel without a provider is a lasting one."""
    way = _WAYS.get(notice.channel)
    if way is None:
        raise DeliveryTrouble("no provider", f"No provider is set up for {notice.channel}.", is_temporary=False)
    way(notice, at)
