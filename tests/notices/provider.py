"""A real HTTP server on this machine that answers like a provider: takes, refuses, is busy, or takes and hangs up."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Provider:
    """What it answers with, and what it was asked. `fate` after the request: `answer`, or `drop` the connection after taking it."""

    status: int = 201
    answer: dict[str, Any] = field(default_factory=lambda: {"sid": "SM1", "status": "queued"})
    fate: str = "answer"
    asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> "Provider":
        """Listen."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            self._note({})
            self._say(200, {"messages": [{"sid": f"SM{n}", "body": one["Body"]} for n, one in enumerate(provider.taken, start=1)]})

        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body)) if "form" in self.headers["Content-Type"] else {"json": body}
            self._note(form)
            if provider.status < 300:
                provider.taken.append(form)
            if provider.fate == "drop":
                self.close_connection = True
                return
            self._say(provider.status, provider.answer)

        def _note(self, form: dict[str, str]) -> None:
            provider.asked.append((self.command, urlsplit(self.path).path, form, dict(self.headers)))

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing to the screen."""

    return Handler
