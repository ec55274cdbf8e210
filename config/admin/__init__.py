"""Staff, roles and the frame's own memory at the desk."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from audit.admin.timeline import EditedAdmin, PartAdmin
from audit.editing import Named
from config.admin import staff_pages
from config.models import Heartbeat, StaffClock, Tally
from desk import menu
from desk.menu import Item


@admin.register(Heartbeat)
class HeartbeatAdmin(PartAdmin):
    """When each part was last seen alive."""

    list_display = ["name", "at"]


@admin.register(Tally)
class TallyAdmin(PartAdmin):
    """How often something limited was tried, until when it counts. Addresses stand here as keyed hashes only."""

    names = ("count of tries", "counts of tries")
    list_display = ["key", "count", "until"]


@admin.register(StaffClock)
class StaffClockAdmin(PartAdmin):
    """Which clock each colleague reads the desk by; they choose it themselves."""

    names = ("clock of a colleague", "clocks of colleagues")
    list_display = ["user", "zone"]
    list_select_related = ["user"]


class StaffAdmin(EditedAdmin, UserAdmin):
    """People who work at the desk. Leaving: take “active” away; the account stays, because the trail names it."""

    help = "roles"
    names = ("member of staff", "staff")
    list_page = staff_pages.StaffList
    labels, helps = staff_pages.LABELS, staff_pages.HELPS
    form = staff_pages.StaffForm
    add_form = staff_pages.NewStaffForm
    add_form_template = None
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2"), "description": "Their name and roles come on the next page."}),
    )
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Who it is", {"fields": ("first_name", "last_name", "email")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    # Permissions come with roles only, so that the table of roles says all that somebody may do.

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles are ticked, not moved between two boxes."""
        kwargs |= {"widget": CheckboxSelectMultiple, "label": "Roles", "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def subject(self, row: User) -> Named:
        """Staff are known to the trail by their user name."""
        return Named("staff", row.username)


class RoleAdmin(EditedAdmin, GroupAdmin):
    """What each role may do. The table in the program is the truth: `manage.py sync_roles` writes it here."""

    help = "roles"
    names = ("role", "roles")

    def subject(self, row: Group) -> Named:
        """Roles are known by name."""
        return Named("role", row.name)

    def has_add_permission(self, request) -> bool:
        """Roles come from the table."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Roles come from the table."""
        return False


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, StaffAdmin)
admin.site.register(Group, RoleAdmin)


for _item in (
    Item("staff", "Settings", "Staff", "admin:auth_user_changelist", "person", "auth.view_user", 60),
    Item("roles", "Settings", "Roles", "admin:auth_group_changelist", "shield", "auth.view_group", 70),
):
    menu.register(_item)

from config.admin import background, first_steps, help, sign_in  # noqa: E402, F401 (its moves belong on the page of staff, which is there only now)
