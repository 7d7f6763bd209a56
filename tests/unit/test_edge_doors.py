"""The server's doors for requests that are known by their heads."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from services.edge.concurrency import Bound
from services.edge.http import at_once
from tests.support.door_server import serving
from tests.support.state_machines import until

ASKED = b"POST /known HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def one_at_once(monkeypatch) -> Iterator[SimpleNamespace]:
    """A server whose one door lets one request in, which tells its begin and is told its end."""
    begun, may_end = threading.Event(), threading.Event()

    def handle(chain, _context, _response):
        begun.set()
        may_end.wait(20)
        chain.respond(200, b"done")

    bound = Bound(re.compile("known"), {"message": "Too Many"}, threading.Semaphore(1))
    door = at_once.Door(lambda *_: handle, bound)
    with serving(door, monkeypatch, threads=3) as address:
        yield SimpleNamespace(address=address, begun=begun, may_end=may_end)
        may_end.set()


def test_a_bounded_door_answers_one_too_many_by_429_and_has_its_place_again(one_at_once):
    with socket.create_connection(one_at_once.address, 10) as first:
        first.sendall(ASKED)
        assert one_at_once.begun.wait(10)
        refused = answer_to(one_at_once.address)
        assert b"429 Too Many Requests" in refused
        assert b'{"message": "Too Many"}' in refused
        one_at_once.may_end.set()
        assert b" 200 OK" in first.recv(1000)
        # Its place is free once the answer is sent, which its client may see before.
        until(lambda: answer_to(one_at_once.address), lambda told: b" 200 OK" in told, 10)


def answer_to(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, 10) as client:
        client.sendall(ASKED)
        return client.recv(1000)
