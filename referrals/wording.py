"""How public pages say names, days and things, so that every page says them alike."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


def short_name(name: str) -> str:
    """First name and initial, which is all a friend is shown of whoever invited them: “Asha R.”; “A friend” when erased."""
    words = name.split()
    if not words:
        return _("A friend")
    return words[0] if len(words) == 1 else f"{words[0]} {words[-1][0]}."


def day(on: date) -> str:
    """A day nobody can misread, as the language writes it: “Monday 16 March 2026”."""
    return date_format(on, pgettext("a day with its weekday, as Django's date filter writes it", "l j F Y"))


def days(count: int) -> str:
    """“1 day”, “14 days”."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
