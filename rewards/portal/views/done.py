"""What a customer has just done, in a sentence: named in the address of the page that follows, so that nothing is stored for it."""

from django.utils.translation import gettext, gettext_noop

_SENTENCES = {
    "return-booked": gettext_noop("Booked. We expect you on that day."),
    "extension-asked": gettext_noop("We look into it and answer by mail."),
    "problem-told": gettext_noop("Thank you for telling us. We answer by mail."),
    "declined": gettext_noop("You have given it up. Thank you for telling us: the next in the queue gets it."),
    "withdrawn": gettext_noop("Taken back."),
    "saved": gettext_noop("Saved."),
    "copy-asked": gettext_noop("We are making your copy. It takes a minute; we write to you when it is there."),
    "objected": gettext_noop("We have your objection. A person looks at it again and answers you."),
    "chosen": gettext_noop("Chosen."),
    "asked": gettext_noop("Thank you. We answer by mail, and here."),
    "liked": gettext_noop("Thank you for telling us."),
    "told": gettext_noop("Thank you. We read your story, and show it to your friends then."),
    "others-out": gettext_noop("You are signed out everywhere else."),
    "session-out": gettext_noop("That browser is signed out."),
}


def sentence_of(name: str) -> str:
    """The sentence called `name`, in the reader's language; nothing for a name nobody knows."""
    return gettext(_SENTENCES[name]) if name in _SENTENCES else ""
