"""The story of a row on its page, and who acts on it: for every ModelAdmin of something the trail can be about."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from audit import trail
from audit.admin.exporting import RecordedAdmin
from audit.editing import write
from audit.models import Entry
from desk.admin.pages import KeptMixin, ReadOnlyMixin

SHOWN = 60
"""Newest entries shown on a page; the search of the trail and `manage.py why` have them all."""


def story(references: Sequence[str], shown: int = SHOWN) -> list[Entry]:
    """The newest entries about or mentioning these references, the newest first."""
    mentioned = Entry.objects.filter(mentions__reference__in=references).values("pk")
    entries = Entry.objects.filter(Q(subject_reference__in=references) | Q(pk__in=mentioned)).order_by("-at", "-id")
    return list(entries[:shown])


def readable(entries: Sequence[Entry], user: Any) -> list[Entry]:
    """Those of the entries whose subjects have pages this person may see: a reason may say what only those pages show."""
    kinds = {model.subject_type: model._meta for model in apps.get_models() if hasattr(model, "subject_type")}
    seen = {kind for kind, meta in kinds.items() if user.has_perm(f"{meta.app_label}.view_{meta.model_name}")}
    return [entry for entry in entries if entry.subject_type in seen or entry.subject_type not in kinds]


def _search_for(reference: str) -> str:
    return f"{reverse('admin:audit_search')}?{urlencode({'text': reference})}"


class SubjectAdmin(RecordedAdmin):
    """A page of something with a name on the trail: with its story, and with who acts on it."""

    timeline_shown = SHOWN
    """Newest entries on the page; fewer where a thing is mentioned by much that is not its own story."""

    def timeline_references(self, row: Any) -> Sequence[str]:
        """Names whose entries belong to the row's story."""
        return [str(row.reference)]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, with the timeline of the row."""
        row = kwargs.get("obj")
        if row is not None:
            references = self.timeline_references(row)
            found = story(references, self.timeline_shown)
            entries = readable(found, request.user)
            context |= {
                "timeline": entries,
                "has_timeline": True,
                "is_cut": len(found) == self.timeline_shown,
                "hidden_entries": len(found) - len(entries),
                "whole_story_url": _search_for(references[0]) if request.user.has_perm("audit.view_entry") else "",
            }
        return super().render_change_form(request, context, *args, **kwargs)


class VerbOnlyAdmin(ReadOnlyMixin, SubjectAdmin):
    """A page of something that only verbs write."""


class PartAdmin(ReadOnlyMixin, RecordedAdmin):
    """A page of a row that is part of another one's story and has no name of its own."""


class EditedAdmin(KeptMixin, SubjectAdmin):
    """A page of something that is written on the page itself; each saving leaves an entry, and nothing is deleted."""

    def subject(self, row: Any) -> trail.Subject:
        """What the entry is about."""
        return cast(trail.Subject, row)

    def timeline_references(self, row: Any) -> Sequence[str]:
        """Names whose entries belong to the row's story."""
        return [str(self.subject(row).reference)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the verb that records."""
        write(row=obj, about=self.subject(obj), changed=form.changed_data, at=timezone.now(), by=self.actor(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Django's own log is not kept: the trail is."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Django's own log is not kept: the trail is."""
