"""Lists whose files leave an entry on the trail."""

from django.http import HttpRequest
from django.utils import timezone

from audit.actors import Actor, staff
from audit.list_exports import record_export
from desk.admin.pages import RowAdmin
from desk.lists.views import Exported


class RecordedAdmin(RowAdmin):
    """A page on which a member of staff acts: what is taken away as a file is recorded."""

    def actor(self, request: HttpRequest) -> Actor:
        """The signed-in member of staff."""
        return staff(request.user)

    def exported(self, request: HttpRequest, what: Exported) -> None:
        """One entry per file: who, which list, picked out how, how many rows."""
        record_export(label=what.label, filters=what.filters, rows=what.rows, at=timezone.now(), by=self.actor(request))
