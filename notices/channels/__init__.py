"""How notices travel: one module per channel, each with a `deliver`."""

from collections.abc import Callable
from datetime import datetime

from notices.channels import email, texting
from notices.channels.troubles import DeliveryTrouble
from notices.models import Notice
from notices.states import Channel

_WAYS: dict[str, Callable[[Notice, datetime], str]] = {Channel.EMAIL: email.deliver, Channel.SMS: texting.deliver}


def deliver(notice: Notice, at: datetime) -> str:
    """Hand `notice` to the provider of its channel; answers the provider's name for it, empty when it has none.

    Raises `DeliveryTrouble`; a channel without a provider is a lasting one.
    """
    way = _WAYS.get(notice.channel)
    if way is None:
        raise DeliveryTrouble("no provider", f"No provider is set up for {notice.channel}.", is_temporary=False)
    return way(notice, at)
