"""Screens on which somebody acts: who it is, and what they are told when a verb refuses."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages

from audit.actors import Actor, staff
from desk.refusals import Refused
from desk.screens import Screen


class ActingScreen(Screen):
    """A screen that calls verbs as the signed-in member of staff."""

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
