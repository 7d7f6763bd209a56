"""The edge's server with one door and nothing behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from cheroot.wsgi import Server

from services.admission import own_names
from services.edge.http import at_once
from services.edge.http.connections import Connection

GATEWAY = SimpleNamespace(response_handlers=[], finalizers=[], exception_handlers=[])


@contextmanager
def serving(door: at_once.Door, monkeypatch, threads: int) -> Iterator[tuple[str, int]]:
    """Its address, until the context is left."""
    monkeypatch.setattr(at_once, "DOORS", [door])
    server = Server(("127.0.0.1", 0), lambda *_: [], numthreads=threads)
    server.ConnectionClass = Connection
    server.gateway = lambda request: at_once.known(request, own_names(""), GATEWAY)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server.bind_addr
    finally:
        server.stop()
        thread.join(10)
