"""A real SMTP server on this machine that takes, refuses, hangs or drops as told."""

import asyncio
import logging
import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Behaviour:
    """How the server behaves. `recipient` and `data` are answers; `fate` after the data is `take`, `hang` or `drop`."""

    recipient: str = "250 OK"
    data: str = "250 Taken"
    fate: str = "take"
    seen: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.seen.append(envelope.content)
        if self.fate == "hang":
            await asyncio.Event().wait()
        if self.fate == "drop":
            server.transport.abort()
        return self.data

    def mails(self) -> list[EmailMessage]:
        """Every message whose data arrived, taken or not."""
        return [message_from_bytes(content, policy=policy.default) for content in self.seen]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(behaviour: Behaviour) -> Controller:
    """A running server; stop it with `.stop()`."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(behaviour, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller
