"""Lists whose files leave an entry on the trail."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from audit import naming
from audit.actors import Actor, staff
from audit.list_exports import record_export
from desk.admin.pages import RowAdmin
from desk.lists.views import Exported


class RecordedAdmin(RowAdmin):
    """A page on which a member of staff acts: what is taken away as a file is recorded."""

    def actor(self, request: HttpRequest) -> Actor:
        """The signed-in member of staff."""
        return staff(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        """The list; a file goes out after the request, and calls people by name like the page."""
        answer = super().changelist_view(request, extra_context)
        if isinstance(answer, StreamingHttpResponse):
            answer.streaming_content = naming.written(answer.streaming_content)  # type: ignore[arg-type]
        return answer

    def found_in(self, path: str, text: str) -> Q:
        """Who acted is found by name too."""
        return Q(**{f"{path}__in": naming.meant(text).keys}) if path in self.instead else super().found_in(path, text)

    def exported(self, request: HttpRequest, what: Exported) -> None:
        """One entry per file: who, which list, picked out how, how many rows."""
        record_export(label=what.label, filters=what.filters, rows=what.rows, at=timezone.now(), by=self.actor(request))
