"""The tab that says whether a campaign can go live: every check with its evidence and the way to mend it.

Upper floors add sections below the checks with `register_section`, such as what the campaign would need and cost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from campaigns import readiness
from campaigns.admin.fixes import address_of_fix
from campaigns.admin.tabs import CampaignTab, register_tab
from campaigns.models import Campaign
from desk.parts import Check


@dataclass(frozen=True)
class Section:
    """A part of the tab: a template and what it shows. `is_wrong` says that something typed into it cannot be used."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_wrong: bool = False


_Make = Callable[[HttpRequest, Campaign, datetime], Section]
_sections: dict[str, tuple[int, str, _Make]] = {}


def register_section(name: str, make: _Make, *, order: int, permission: str) -> None:
    """Show what `make(request, campaign, at)` answers to those with `permission`; the same name replaces."""
    _sections[name] = (order, permission, make)


@register_tab
class Readiness(CampaignTab):
    """Can it go live, and what would happen then?"""

    slug = "readiness"
    label = "Readiness"
    order = 70
    help = "readiness"
    how = (
        "A campaign can only be launched when every check is well. Below, two numbers of yours show what would happen in "
        "the next twelve weeks."
    )
    template_name = "campaigns/readiness.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; 422 when a number typed into a section cannot be used."""
        is_wrong = any(section.is_wrong for section in self.sections)
        return self.render_to_response(self.get_context_data(**kwargs), status=422 if is_wrong else 200)

    @cached_property
    def at(self) -> datetime:
        """Now."""
        return timezone.now()

    @cached_property
    def sections(self) -> list[Section]:
        """The sections this person may see, in order."""
        allowed = [one for one in _sections.values() if self.request.user.has_perm(one[1])]
        return [make(self.request, self.campaign, self.at) for _, _, make in sorted(allowed, key=lambda one: one[0])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The checks, what stops the launch first, and the sections."""
        found = readiness.check(self.campaign, at=self.at)
        checks = [self._check(one) for one in sorted(found, key=lambda one: one.is_ok)]
        missing = sum(not one.is_ok for one in found)
        return super().get_context_data(checks=checks, missing=missing, sections=self.sections, **kwargs)

    def _check(self, one: readiness.Check) -> Check:
        if one.is_ok:
            return Check(one.sentence)
        return Check(
            one.sentence, is_ok=False, fix="Put it right", evidence=one.fix, url=address_of_fix(one, self.campaign), tone="bad"
        )
