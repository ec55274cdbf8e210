"""What goes back, in the same breath, to somebody who answered a text: that it was heard, and whom to ask. Never advertising."""

from html import escape

from campaigns.models import Brand
from notices.choosing import language_of
from notices.models import ProviderEvent
from notices.states import EventKind

_WORDS: dict[EventKind, dict[str, str]] = {
    EventKind.STOPPED: {
        "en": "{brand}: you get no more texts from us. Reply START to get those about what you borrowed again.",
        "de": "{brand}: Du bekommst keine SMS mehr von uns. Antworte START, damit wir wieder zu deinen Ausleihen schreiben.",
    },
    EventKind.STARTED: {
        "en": "{brand}: we text you again about what you borrowed. Reply STOP to end it.",
        "de": "{brand}: Wir schreiben dir wieder zu deinen Ausleihen. Antworte STOP, um das zu beenden.",
    },
    EventKind.ASKED: {
        "en": "{brand}: we text you about what you borrowed. Questions: {contact}. Reply STOP to end it.",
        "de": "{brand}: Wir schreiben dir zu deinen Ausleihen. Fragen: {contact}. Antworte STOP, um das zu beenden.",
    },
}


def answer_to(event: ProviderEvent | None) -> str:
    """TwiML with the answer, or with none where there is nothing to say or it was said before."""
    words = _words(event) if event is not None else ""
    message = f"<Message>{escape(words)}</Message>" if words else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'


def _words(event: ProviderEvent) -> str:
    known = _WORDS.get(EventKind(event.kind))
    if known is None:
        return ""
    brand = Brand.current()
    language = language_of(event.customer.language if event.customer else "")
    return known.get(language, known["en"]).format(brand=brand.name, contact=brand.support_email or brand.name)
