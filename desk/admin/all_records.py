"""Every kind of row there is, for whoever sees the staff as well: what daily work does not need a page for is still to be found."""

from typing import Any

from desk.menu import Item, register
from desk.screens import Screen, add_screen

PERMISSION = "auth.view_user"
"""Of all roles, only those that see everything have it: each kind asks for its own as well."""


class AllRecords(Screen):
    """The list of all models, in the order of work."""

    title = "All records"
    subtitle = "Every kind of record, as stored. Daily work has its own pages in the menu."
    template_name = "desk/all_records.html"
    permission = PERMISSION
    help = "records"
    how = "Each line leads to a list of all rows of a kind. They can be searched, filtered and exported like every other list."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The models this person may see."""
        assert self.site is not None, "routes() gives the site"
        return super().get_context_data(**{"app_list": self.site.get_app_list(self.request), **kwargs})


add_screen("desk/all/", AllRecords, name="all_models")
register(Item("all_records", "Settings", "All records", "admin:all_models", "more", PERMISSION, 90))
