"""Segments at the desk: written as the rules of a campaign are, with a live count of who is in one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from audit.admin.timeline import VerbOnlyAdmin, story
from campaigns import segmenting
from campaigns.admin.rule_pages import RulePage
from campaigns.models import Segment
from campaigns.recipe_parts import RulePart
from campaigns.states import Side
from desk.screens import Crumb

_ADD, _CHANGE = "campaigns.add_segment", "campaigns.change_segment"


class NameForm(forms.Form):
    """What the segment is called."""

    name = forms.CharField(
        max_length=120, help_text="Staff choose the segment by it, such as “Members in Austria”. Customers never see it."
    )


class SegmentPage(RulePage):
    """One segment, or a new one: its name, its rules, who is in it, and what happened to it."""

    permission = ("campaigns.view_segment", _ADD, _CHANGE)
    help = "segments"
    how = (
        "A segment picks out customers, to send them news. Each line is a rule; all must be met unless they are joined as “one of these”. "
        "Who is in it is counted anew whenever it is used."
    )
    template_name = "campaigns/segment.html"
    live_template = "campaigns/segment_live.html"
    sides = ((Side.REFERRER, "Who is in it", "No rule yet: add one to say whom it picks out."),)
    labels = {"sentence": "In words", "justification": "Why this segment may use it"}

    @cached_property
    def segment(self) -> Segment | None:
        """The segment of the address; None on the page of a new one."""
        found: Segment | None = self.kwargs.get("segment")
        return found

    @cached_property
    def may_change(self) -> bool:
        """Whether this person may write it."""
        return self.request.user.has_perm(_CHANGE if self.segment else _ADD)

    @cached_property
    def in_force(self) -> tuple[RulePart, ...]:
        """Its rules as stored."""
        return segmenting.parts_of(self.segment) if self.segment else ()

    @property
    def base(self) -> str:
        """By what it is seen that somebody else has saved."""
        return segmenting.stamp(self.segment) if self.segment else ""

    @cached_property
    def on(self) -> date:
        """Today where the reader is."""
        return timezone.localdate()

    @cached_property
    def name_form(self) -> NameForm:
        """The name as typed, or as stored."""
        if "name" in self.sent:
            return NameForm(self.sent if self.is_save else None, initial={"name": self.sent["name"]}, label_suffix="")
        return NameForm(initial={"name": self.segment.name if self.segment else ""}, label_suffix="")

    def why_not(self) -> str:
        """A missing name is said at its field."""
        return super().why_not() or ("" if self.name_form.is_valid() else "Nothing was saved. Give the segment a name.")

    def keep(self) -> tuple[str, str]:
        """Write it."""
        name, at = self.name_form.cleaned_data["name"], timezone.now()
        if self.segment is None:
            written = segmenting.begin(name=name, rules=self.editor.parts, at=at, by=self.actor)
        else:
            written, seen = self.segment, str(self.sent["base"])
            segmenting.change(segment=written, name=name, rules=self.editor.parts, seen=seen, at=at, by=self.actor)
        return f"Saved: “{written}”.", reverse("admin:campaigns_segment_change", args=[written.pk])

    def changed_meanwhile(self) -> str:
        """That what was typed is still there."""
        return (
            "Somebody else has saved this segment meanwhile. What you typed is still here: open it in a second window, compare, "
            "and save again."
        )

    def crumbs(self) -> Sequence[Crumb]:
        """Under the list of segments, for who may open it."""
        is_seen = self.request.user.has_perm("campaigns.view_segment")
        return [Crumb("Segments", reverse("admin:campaigns_segment_changelist"))] if is_seen else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its name, and what happened to it."""
        shown = {
            "title": self.segment.name if self.segment else "New segment",
            "segment": self.segment,
            "name_form": self.name_form,
            "segment_page": True,
            "lacks_rules": self.is_save and not self.editor.forms,
        }
        return super().get_context_data(**{**kwargs, **shown, **self._story()})

    def _story(self) -> dict[str, Any]:
        if self.segment is None:
            return {}
        about = segmenting.subject(self.segment)
        entries = [entry for entry in story([about.reference]) if entry.subject_type == about.subject_type]
        return {"timeline": entries, "original": about}


@admin.register(Segment)
class SegmentAdmin(VerbOnlyAdmin):
    """Sets of rules under a name, to be used again: a list, and one page for each."""

    nothing_yet = "There is no segment yet. One picks customers by rules, so that news reaches those whom it is for."
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """New ones are written on a page of their own."""
        return bool(request.user.has_perm(_ADD))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """That page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return SegmentPage.as_view(site=self.admin_site)(request)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page of one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        segment = self.get_object(request, object_id)
        if segment is None:
            raise Http404
        return SegmentPage.as_view(site=self.admin_site)(request, segment=segment)
