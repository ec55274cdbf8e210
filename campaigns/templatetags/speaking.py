"""What staff wrote, with its language where that is not the page's (`{{ words|marked }}`); days as the reader's language writes them."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from desk.speaking import in_paragraphs, shown, unwrapped

register = template.Library()
register.filter(unwrapped)


@register.filter
def marked(words: object) -> SafeString:
    """The words, escaped; in an element of their own language where they have no translation."""
    return shown(words)


@register.filter
def paragraphs(words: str) -> SafeString:
    """A longer text with its paragraphs, in an element of its own language where it has no translation."""
    return in_paragraphs(words)


@register.filter
def day(on: date) -> str:
    """A day nobody can take for another: “16 March 2026”, “16. März 2026”."""
    return date_format(on, pgettext("a day, as Django's date filter writes it", "j F Y"))


@register.filter
def weekday(on: date) -> str:
    """The same with its weekday: “Monday 16 March 2026”, “Montag, 16. März 2026”."""
    return date_format(on, pgettext("a day with its weekday, as Django's date filter writes it", "l j F Y"))


@register.filter
def moment(at: datetime) -> str:
    """A day with its time: “16 March 2026, 14:05”."""
    return f"{day(at)}, {at:%H:%M}"
