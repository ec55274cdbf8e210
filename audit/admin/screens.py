"""Screens on which somebody acts: who it is, who may only look on, and what they are told when a verb refuses."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from audit.actors import Actor, staff
from desk.refusals import Refused
from desk.screens import Screen

READING = "audit.read_everything"
"""Whoever holds it may open the pages on which others act, and sends nothing."""


class ActingScreen(Screen):
    """A screen that calls verbs as the signed-in member of staff.

    Where it `is_readable`, those who read everything may look on: templates ask `may_act` before they show a form, and the part
    `desk/parts/reading.html` says who acts here. Whatever they send is refused before the page is asked, so that no page can forget it.
    """

    is_readable = False
    """Whether those who read everything may open it; not where all of its sense is to do something."""
    who_acts = ""
    """A sentence for those who only read: "Deciding takes the role Approver."."""

    def may_open(self, request: HttpRequest) -> bool:
        """Whoever acts here; and, to look and to send nothing, whoever reads everything."""
        only_looks = self.is_readable and request.method in ("GET", "HEAD") and request.user.has_perm(READING)
        return only_looks or self.may_act(request)

    def may_act(self, request: HttpRequest) -> bool:
        """Whether this person may do what the page is for. A page that asks for more overrides this, and not `may_open`."""
        return super().may_open(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With whether there is anything to send, and otherwise who may."""
        may_act = self.may_act(self.request)
        return super().get_context_data(**{"may_act": may_act, "reading": "" if may_act else self.who_acts, **kwargs})

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return staff(self.request.user)

    def attempt(self, verb: Callable[[], Any], done: str | Callable[[Any], str]) -> bool:
        """Call a verb and say what came of it: `done` when it did, the sentence of the refusal when it refused."""
        try:
            answer = verb()
        except Refused as refusal:
            messages.error(self.request, refusal.sentence)
            return False
        messages.success(self.request, done if isinstance(done, str) else done(answer))
        return True
