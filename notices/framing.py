"""The brand's frame round the paragraphs of a mail, and the way to the reader's own page below them.

Old mail programs drop style sheets, so the frame's rules are written into the elements. Rules for dark windows cannot be; they
stay in the head for the programs that know them.
"""

from css_inline import CSSInliner, InlineError
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from campaigns.models import Brand
from notices.acts import label_of
from notices.kinds import Kind
from notices.rendering import Press, Rendered, linked

PORTAL_PATH = "/my/"
"""Where customers find their own page; the portal stands on a floor above."""

_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
"""Loads nothing, from the network or the disk: all its rules are in the frame."""


def framed(rendered: Rendered, kind: Kind, *, language: str) -> str:
    """A whole HTML document for mail programs. The paragraphs come escaped from `rendering`, hence are marked safe here."""
    document = render_to_string(
        "notices/frame.html",
        {
            "brand": Brand.current(),
            "language": language,
            "subject": rendered.subject,
            "parts": [_shown(part) for part in rendered.parts],
            "button": label_of(kind, language),
            "spare": _spare(language),
            "portal": mark_safe(linked(_foot(kind, language))),
        },
    )
    return _with_rules_in_elements(document)


def _shown(part: str | Press) -> dict[str, str]:
    if isinstance(part, Press):
        return {"words": "", "address": part.address}
    return {"words": mark_safe(part), "address": ""}


def _spare(language: str) -> str:
    with translation.override(language):
        return _("If the button does not work:")


def _with_rules_in_elements(document: str) -> str:
    try:
        return _INLINER.inline(document)
    except InlineError:
        # The frame's own rules are sound; a colour of the brand that is none is not. A mail that needs its sheet is better than none.
        return document


def footed(text: str, kind: Kind, language: str) -> str:
    """The plain text with the same way below it."""
    foot = _foot(kind, language)
    return f"{text}\n{foot}\n" if foot else text


def _foot(kind: Kind, language: str) -> str:
    if not kind.links_portal:
        return ""
    with translation.override(language):
        return _("Your page with your rewards, loans and friends: %(address)s") % {"address": f"{settings.SITE_URL}{PORTAL_PATH}"}
