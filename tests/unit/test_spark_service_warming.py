"""The warm-up of a JVM stands still while others work, and runs when it is wanted."""

from __future__ import annotations

import signal
import threading

from services.spark import warming


class Process:
    """Notes the signals that it is sent."""

    def __init__(self) -> None:
        self.sent: list[signal.Signals] = []

    def send(self, number: signal.Signals) -> None:
        self.sent.append(number)


def test_it_is_stopped_as_long_as_the_cores_are_used_and_goes_on_when_wanted(monkeypatch) -> None:
    process, wanted = Process(), threading.Event()
    monkeypatch.setattr(warming, "spare_cores", lambda: -1.0)  # whatever others use is too much
    thread = threading.Thread(
        target=warming.give_way, args=([process], lambda: False, wanted.is_set)
    )
    thread.start()
    thread.join(1.0)
    assert process.sent == [signal.SIGSTOP]

    wanted.set()
    thread.join(5)

    assert not thread.is_alive()
    assert process.sent == [signal.SIGSTOP, signal.SIGCONT]


def test_on_a_quiet_machine_it_is_done_in_turns(monkeypatch) -> None:
    process, done = Process(), threading.Event()
    monkeypatch.setattr(warming, "spare_cores", lambda: 1e9)
    threading.Timer(1.5, done.set).start()

    warming.give_way([process], done.is_set, lambda: False)

    assert process.sent[:2] == [signal.SIGSTOP, signal.SIGCONT]
    assert process.sent.count(signal.SIGSTOP) == process.sent.count(signal.SIGCONT)
