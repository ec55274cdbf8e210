"""Messages in templates as colleagues may read them."""

from django.template import Library

from notices.covering import covered as covered_text

register = Library()


@register.filter
def covered(text: str) -> str:
    """The message without the signed words in its addresses."""
    return covered_text(text)
