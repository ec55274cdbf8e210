"""What tests of notices lean on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.notices.mail_server import Behaviour, start


@pytest.fixture
def mail_server(settings: Any) -> Iterator[Callable[..., Behaviour]]:
    """Starts a real mail server and points the product at it; call it with how the server is to behave."""
    running: list[Controller] = []

    def begin(**behaviour: str) -> Behaviour:
        handler = Behaviour(**behaviour)
        controller = start(handler)
        running.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, False
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "", ""
        return handler

    yield begin
    for controller in running:
        controller.stop()
