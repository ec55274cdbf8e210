"""`{{ words|marked }}`: what staff wrote, with its language where that is not the page's."""

from django import template
from django.utils.safestring import SafeString

from campaigns.speaking import shown

register = template.Library()


@register.filter
def marked(words: object) -> SafeString:
    """The words, escaped; in an element of their own language where they have no translation."""
    return shown(words)
