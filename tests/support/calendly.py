"""A Calendly simulator and a receiver of its deliveries, both of this process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from cheroot.wsgi import Server

from services.admission import own_names
from services.calendly.app import create_app
from services.calendly.clock import Clock
from services.calendly.deliveries import CONNECTIONS, Deliveries
from services.calendly.posting import Poster
from services.calendly.settings import Settings
from services.calendly.store import Store

TOKEN = "a-token"


@dataclass
class Simulator:
    url: str
    clock: Clock
    session: requests.Session

    def call(self, method: str, path: str, **body: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}{path}", json=body or None, timeout=30)

    def organization(self) -> str:
        return self.call("GET", "/users/me").json()["resource"]["current_organization"]

    def subscribe(self, url: str, **more: Any) -> dict[str, Any]:
        events = ["invitee.created", "invitee.canceled"]
        events += ["invitee_no_show.created", "invitee_no_show.deleted"]
        asked = {"url": url, "events": events, "organization": self.organization()}
        asked |= {"scope": "organization", "signing_key": "a-key", **more}
        answer = self.call("POST", "/webhook_subscriptions", **asked)
        assert answer.status_code == 201, answer.text
        return answer.json()["resource"]

    def play(self, scenario: str, **asked: Any) -> None:
        answer = self.call("POST", f"/simulator/scenarios/{scenario}", **asked)
        assert answer.status_code == 202, answer.text

    def jump(self, seconds: float) -> dict[str, Any]:
        answer = self.call("POST", "/simulator/jump", seconds=seconds)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self) -> dict[str, Any]:
        return self.call("GET", "/simulator/state").json()

    def wait_until(self, what: Callable[[dict[str, Any]], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not what(self.state()):
            assert time.monotonic() < deadline, self.state()
            time.sleep(0.02)


@contextmanager
def simulator(folder: Path, wall: Callable[[], float] = time.time) -> Iterator[Simulator]:
    """On a free port; leaving it stops it, and another one of the same folder goes on."""
    settings = Settings("127.0.0.1", 0, folder, TOKEN, frozenset(), own_names())
    store = Store(folder / "calendly.sqlite")
    clock = Clock(store.clock(), store.keep_clock, wall)
    clock.set()
    deliveries = Deliveries(store, clock, Poster(CONNECTIONS, connect=1, read=1))
    app = create_app(settings, store, clock, deliveries)
    server = Server(("127.0.0.1", 0), app, numthreads=4, shutdown_timeout=1)
    server.expiration_interval = 0.02
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    deliveries.start()
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield Simulator(f"http://localhost:{server.bind_addr[1]}", clock, session)
    deliveries.stop()
    server.stop()
    thread.join()
    store.close()


@dataclass
class Receiver:
    """Answers with `status`, which a test may change; keeps the bodies and signatures it got."""

    port: int = 0
    status: int = 200
    delay: float = 0.0
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    def envelopes(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.bodies.append(body)
            found.signatures.append(self.headers["Calendly-Webhook-Signature"])
            time.sleep(found.delay)
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()
