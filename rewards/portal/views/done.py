"""What a customer has just done, in a sentence: named in the address of the page that follows, so that nothing is stored for it."""

from django.utils.translation import gettext, gettext_noop

_SENTENCES = {
    "others-out": gettext_noop("You are signed out everywhere else."),
    "session-out": gettext_noop("That browser is signed out."),
}


def sentence_of(name: str) -> str:
    """The sentence called `name`, in the reader's language; nothing for a name nobody knows."""
    return gettext(_SENTENCES[name]) if name in _SENTENCES else ""
