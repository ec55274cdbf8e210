"""How staff are listed, added and changed, in words of ours."""

from typing import Any

from django.contrib.auth.forms import ReadOnlyPasswordHashField, ReadOnlyPasswordHashWidget, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Q

from desk.lists import ListPage
from desk.lists.filters import Asked, ListFilters, Row
from desk.lists.tables import Instant, ListTable, Made, RowLink, YesNo

LABELS = {"username": "Log-in name", "email": "E-mail", "is_active": "May log in", "is_staff": "Works at the desk", "is_superuser": "May do everything"}  # fmt: skip
HELPS = {
    "username": "What they type to log in. Letters, digits and @ . + - _ only.",
    "is_active": "Take it away when somebody leaves. The account stays, because the trail names it.",
    "is_staff": "Without it no page of the desk opens.",
    "is_superuser": "Whatever the roles say. Give it to as few as can be.",
}


class _Set(ReadOnlyPasswordHashWidget):
    """Says that there is a password, not how it is kept."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The words, and the button that sets another."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | {"summary": [], "button_label": "Set another password"}


class StaffForm(UserChangeForm):
    """A member of staff."""

    password = ReadOnlyPasswordHashField(label="Password", help_text="Nobody can read it.", widget=_Set)


class NewStaffForm(UserCreationForm):
    """A new member of staff: a log-in name and a first password."""


def _roles(user: Any) -> str:
    return ", ".join(group.name for group in user.groups.all())


class StaffTable(ListTable):
    """A member of staff. Roles are fetched by the list."""

    username = RowLink("Log-in name", sort="username")
    full_name = Made("Name", lambda user: user.get_full_name())
    roles = Made("Roles", lambda user: "May do everything" if user.is_superuser else _roles(user))
    is_active = YesNo("May log in", tones=("ok", "warn"))
    last_login = Instant("Last log-in", with_time=True)


class StaffFilters(ListFilters):
    """Who may what."""

    group = Row("groups", "Role", Group.objects.order_by("name"))
    active = Asked("May log in", {"yes": ("Yes", Q(is_active=True)), "no": ("No", Q(is_active=False))})


class StaffList(ListPage):
    """Everybody with a log-in."""

    table = StaffTable
    filters = StaffFilters
    order = "username"
    search_help = "How a log-in name, first name or surname begins."
    phone = ("username", "is_active", "roles", "last_login")

    def rows(self):
        """With their roles."""
        return super().rows().prefetch_related("groups")

    def find(self, rows, text):
        """By name."""
        return rows.filter(Q(username__istartswith=text) | Q(first_name__istartswith=text) | Q(last_name__istartswith=text))
