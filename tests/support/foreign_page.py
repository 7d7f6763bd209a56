"""A page of a foreign origin, as an attacker's site would serve it, and what it has sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# A name that Chromium is told to find on this machine: see FLAGS in tests/browser/conftest.py.
DOMAIN = "evil.example"


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title><body>")

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def served() -> Iterator[str]:
    """The address of an empty page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield f"http://{DOMAIN}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class Attacker:
    """Runs scripts in the foreign page.

    `answers` are methods and statuses as far as Chromium tells of them (it keeps some answers to
    images back), `asked` the addresses of all that was sent.
    """

    def __init__(self, page: Any, url: str) -> None:
        self.page = page
        self.answers: list[tuple[str, int]] = []
        self.asked: list[str] = []
        page.goto(url)
        page.on("request", lambda sent: self.asked.append(sent.url))
        page.on("response", lambda got: self.answers.append((got.request.method, got.status)))

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def answered(self, count: int) -> list[tuple[str, int]]:
        """The first answers, once there are so many: a script may be told of them earlier."""
        deadline = time.monotonic() + 20
        while len(self.answers) < count and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        return self.answers
