"""Ties all entries of one click together, and looks the names of colleagues up once for its page."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from audit.naming import looked_up_once

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")


class RequestIdMiddleware:
    """Gives every request an id, put on its entries in the trail and in the answer's `Request-Id` header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the id for the time of this request."""
        token = current_request_id.set(str(uuid.uuid4()))
        try:
            with looked_up_once():
                response = self.get_response(request)
            response["Request-Id"] = current_request_id.get()
            return response
        finally:
            current_request_id.reset(token)
