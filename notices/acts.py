"""The one thing that a message asks its reader to do: which address leads there, and what its button is called.

Only an address that our own code gives as a fact under one of these names is an act; what people type never is. The page behind it
only opens: what happens, happens at the button there.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notices.kinds import Kind

LABELS = {
    "verify_url": gettext_noop("Confirm my address"),
    "sign_in_url": gettext_noop("Open my page"),
    "data_url": gettext_noop("Open the copy of my data"),
    "answer_url": gettext_noop("Answer"),
    "choice_url": gettext_noop("Choose my reward"),
}
"""Fact -> what its button does, in the reader's words. A link to pass on, terms and a way out of news are no acts."""


def act_of(kind: Kind) -> str:
    """The fact that holds the address of what this kind asks for; empty where it asks for nothing."""
    return next((name for name in kind.variables if name in LABELS), "")


def label_of(kind: Kind, language: str) -> str:
    """What the button of this kind is called in `language`; empty where it has none."""
    act = act_of(kind)
    if not act:
        return ""
    with translation.override(language):
        return _(LABELS[act])
