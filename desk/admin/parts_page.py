"""Every part that screens are made of, on one page with its variants: to look at before using one, and for tests in a browser."""

from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.timezone import now

from desk.charts import Series, bar, funnel, line
from desk.menu import Item, register
from desk.parts import (
    Change,
    Check,
    Empty,
    Fact,
    Goal,
    Kpi,
    Message,
    Phone,
    Progress,
    Step,
    Tab,
    cohorts,
    not_allowed,
    nothing_matches,
)
from desk.screens import Screen, add_screen

_DAYS = [f"{day} Nov" for day in range(1, 23)]
_SIGNED_UP = [12, 18, 9, 22, 31, 28, 16, 19, 27, 24, 26, 35, 29, 21, 26, 31, 22, 19, 34, 38, 24, 13]
_BEFORE = [8, 12, 11, 16, 20, 22, 18, 15, 19, 21, 17, 24, 26, 18, 16, 22, 24, 17, 21, 26, 23, 19]
_QUALIFIED = [3, 5, 2, 6, 9, 8, 4, 5, 7, 6, 8, 10, 9, 5, 7, 9, 6, 5, 8, 11, 6, 2]
_PREVIEW = "<!doctype html><html lang=en><title>Preview</title><main><h1>Bring a friend</h1><p>Borrow a camera.</p></main></html>"


class PartsPage(Screen):
    """The parts with their variants."""

    title = "Parts"
    subtitle = "What the pages of the desk are made of, each with its variants."
    how = "Each part is one file in templates/desk/parts. At its top stands what it is told, by a small record of desk.parts or desk.charts."
    help = "home"
    template_name = "desk/parts_page.html"
    permission = "auth.view_user"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Made-up contents for each part."""
        return super().get_context_data(
            **{**_figures(), **_charts(), **_lists(self.request.path), **_states(self.request.path), **kwargs}
        )


def _figures() -> dict[str, Any]:
    here = reverse("admin:index")
    return {
        "kpis": [
            Kpi("New referrals, last 30 days", "735", Change("+4%", True), "compared with the 30 days before"),
            Kpi("Waiting for approval", "118", foot="oldest has waited 6 days", url=here, link="Review them", tone="warn"),
            Kpi("Equipment on loan", "61%", foot="96 of 158 units", goal=Goal(0.61, "61% of the aim of 100%")),
            Kpi("Qualified friends", "1,204", Change("−12%", False), "compared with the 30 days before", tone="bad"),
            Kpi("Goal reached", "2,000", goal=Goal(1.2, "120% of 1,667"), tone="ok"),
            Kpi("Not known yet", "–", foot="nothing has been counted in this period"),
        ],
        "bars": [(tone or "brand", bar(share, tone=tone)) for tone, share in _SHARES],
    }


_SHARES = (("", 0.4), ("ok", 1.0), ("warn", 0.92), ("bad", 1.2), ("info", 0.05), ("", None))


def _charts() -> dict[str, Any]:
    three = [Series("Signed up", _SIGNED_UP), Series("Qualified", _QUALIFIED), Series("Signed up before", _BEFORE, is_quiet=True)]
    short = [Series("Units free", [5, 3, 0, -4, -4, 2]), Series("Needed", [2, 3, 3.5, None, 4, 4], step=False)]
    return {
        "charts": [
            ("Lines", line(_DAYS, three, label="Referrals per day")),
            ("Stepped, below nought, with a gap", line(_DAYS[:6], short, step=True, label="Units by week", labels_title="Week")),
            ("One day", line(_DAYS[:1], [Series("Signed up", [3])], label="Referrals on one day")),
            ("All nought", line(_DAYS[:4], [Series("Signed up", [0, 0, 0, 0])], label="Referrals in a quiet week")),
            ("Nothing", line([], [], label="Nothing")),
        ],
        "funnel": funnel([("Opened the page", 2000), ("Signed up", 808), ("Qualified", 488), ("On loan", 293)]),
        "no_funnel": funnel([("Opened the page", 0), ("Signed up", 0)]),
        "cohorts": cohorts(
            "Month of sign-up",
            ["1 month", "2 months", "3 months", "4 months"],
            [("Aug 2026", 120, [30, 66, 98, 115]), ("Sep 2026", 80, [24, 40, 52, None]), ("Oct 2026", 0, [0, None, None, None])],
        ),
    }


def _lists(path: str) -> dict[str, Any]:
    return {
        "facts": [
            Fact("Reward", "Aero 7 mirrorless camera, 14 days"),
            Fact("Units free on the start date", "1 of 8", url=path),
            Fact("Friend’s status", "Qualified", tone="ok"),
            Fact("Risk", "62 of 100", tone="warn"),
        ],
        "checks": [
            Check("Different delivery addresses"),
            Check("Same device opened both accounts once", False, "12 Nov 2026, 09:14 UTC", "Look at the visits", path),
            Check("No terms are published", False, fix="Publish them first.", tone="bad"),
            Check("The campaign ends in 12 days", tone="info"),
        ],
        "timeline": [
            SimpleNamespace(
                at=now(), event=event, sentence=sentence, actor=actor, subject_type="referral", subject_reference="ref_1"
            )
            for event, sentence, actor in _STORY
        ],
        "tabs": [Tab("Set-up", path, is_here=True), Tab("Rules", path), Tab("Referrals", path, count=24), Tab("History", path)],
        "steps": [Step("Choose a goal", "done", path), Step("Fit it to you", "here"), Step("Check and launch")],
    }


_STORY = (
    ("referral.opened", "Ben Okafor signed up through Asha’s link.", "the landing page"),
    ("referral.qualified", "Qualified: the e-mail was verified.", "the landing page"),
)


def _states(path: str) -> dict[str, Any]:
    return {
        "empties": [
            Empty("No campaigns yet. A campaign says who is invited and what they may borrow.", "Make the first one", path),
            nothing_matches("referrals", path),
            not_allowed("rewards", "an approver"),
        ],
        "progresses": [
            Progress(320, 2000, "Reading customers"),
            Progress(0, 0, "Nothing to do"),
            Progress(45, None, "Waiting for the list"),
        ],
        "shown_messages": [
            Message("Saved.", "ok"),
            Message("The campaign starts on 1 Dec 2026."),
            Message("Three messages could not be delivered.", "warn", "See them", path),
            Message("The file has no column “email”. Add it and try again.", "bad"),
        ],
        "reading_example": "Deciding takes the role Approver.",
        "phones": [Phone("What a friend sees", html=_PREVIEW), Phone("Nothing to preview")],
    }


add_screen("desk/parts/", PartsPage, name="desk_parts")
register(Item("parts", "Settings", "Parts", "admin:desk_parts", "brush", "auth.change_user", 95))
