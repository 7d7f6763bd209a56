"""When an invocation begins, waits for another's environment, or has one started."""

from __future__ import annotations

import threading
import time

import pytest

from services.edge.patches.lambda_.concurrency import Turns
from services.edge.patches.lambda_.idle_timers import Clock
from services.edge.patches.lambda_.log_batches import _parts


def test_an_invocation_takes_the_place_of_one_that_ends_rather_than_have_a_process_started():
    turns = Turns(ready=lambda: 1)
    assert turns.take()
    threading.Timer(0.05, turns.give_back).start()
    began = time.monotonic()
    assert turns.take()
    assert 0.04 < time.monotonic() - began < 0.25


def test_another_environment_is_started_where_none_becomes_free():
    turns = Turns(ready=lambda: 1)
    assert turns.take()
    began = time.monotonic()
    assert turns.take()
    assert time.monotonic() - began >= 0.3


def test_the_first_invocation_waits_for_nothing():
    began = time.monotonic()
    assert Turns(ready=lambda: 0).take()
    assert time.monotonic() - began < 0.2


def test_an_invocation_that_gets_no_turn_in_time_is_told_so():
    turns = Turns(ready=lambda: 64)
    assert all(turns.take() for _ in range(64))
    assert not turns.take(seconds=0.2)


def test_a_timer_calls_when_it_is_due_unless_it_was_cancelled():
    clock, called = Clock(), threading.Event()
    due, cancelled = clock.timer(0.1, called.set), clock.timer(0.1, lambda: pytest.fail("called"))
    due.start()
    cancelled.start()
    cancelled.cancel()
    assert called.wait(5)
    running = [thread.name for thread in threading.enumerate()]
    assert running.count("lambda-clock") == 1


def test_log_lines_go_in_calls_that_cloudwatch_takes():
    small = [{"timestamp": 1, "message": "x"}] * 10_001
    assert [len(part) for part in _parts(small)] == [10_000, 1]
    large = [{"timestamp": 1, "message": "x" * 262_118}] * 5
    assert [len(part) for part in _parts(large)] == [4, 1]
    assert list(_parts([])) == []
