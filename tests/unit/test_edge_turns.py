"""Small requests are answered one after another; nobody waits for a turn for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from services.edge.http import at_once, turns
from tests.support.door_server import serving

ASKED = b"GET /known HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def answering(monkeypatch, handle: Callable[[], None]) -> Iterator[tuple[str, int]]:
    """The address of a server whose one door calls `handle` for each request."""

    def respond(chain, _context, _response):
        handle()
        chain.respond(200, b"done")

    door = at_once.Door(lambda *_: respond)
    with serving(door, monkeypatch, threads=8) as address:
        yield address


def answer_of(address: tuple[str, int], begin: bytes = ASKED) -> bytes:
    with socket.create_connection(address, 10) as client:
        client.sendall(begin)
        return client.recv(1000)


def test_small_requests_are_answered_one_after_another(monkeypatch):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 20)
    at_work, most = [], []

    def handle() -> None:
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.002)
        at_work.pop()

    with answering(monkeypatch, handle) as address, ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: answer_of(address), range(8)))
    assert all(b" 200 OK" in answer for answer in answers)
    assert most == [1] * 8


def test_a_request_that_waits_for_another_gives_up_its_turn(monkeypatch):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 20)
    both = threading.Barrier(2)

    def handle() -> None:
        with turns.given_up():
            both.wait(10)

    with answering(monkeypatch, handle) as address, ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(lambda _: answer_of(address), range(2)))
    assert all(b" 200 OK" in answer for answer in answers)


def test_a_request_goes_on_without_a_turn_that_does_not_come(monkeypatch):
    both = threading.Barrier(2)
    with (
        answering(monkeypatch, lambda: both.wait(10) and None) as address,
        ThreadPoolExecutor(2) as clients,
    ):
        answers = list(clients.map(lambda _: answer_of(address), range(2)))
    assert all(b" 200 OK" in answer for answer in answers)


def test_a_client_that_sends_half_a_request_holds_up_no_other(monkeypatch):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 20)
    with (
        answering(monkeypatch, lambda: None) as address,
        socket.create_connection(address, 10) as slow,
    ):
        slow.sendall(ASKED[:20])
        time.sleep(0.2)  # its thread waits for the rest
        began = time.monotonic()
        assert b" 200 OK" in answer_of(address)
        assert time.monotonic() - began < 5
