"""Django's admin with our site. Kept out of `apps.py`, where a second AppConfig would make two defaults."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Staff work in one shell: `desk.site.DeskSite`."""

    default_site = "desk.site.DeskSite"
