"""How states are pickled, and that those which an earlier release has pickled can be read."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from localstack.state import pickle

from services.edge.service_state import pickles, saved_state, stepfunctions


@dataclass
class Counted:
    count: int
    pickled: list[str] = field(default_factory=list)


class Named(Counted):
    pass


@pytest.fixture
def reduced():
    def reduce(pickler, value):
        pickler.save_reduce(type(value), (value.count, ["by its reducer"]), obj=value)

    pickle.add_dispatch_entry(Counted, reduce, subclasses=True)
    yield
    pickle.remove_dispatch_entry(Counted)


@pytest.mark.parametrize("name", ["MapRun", "_restored"])
def test_a_state_that_an_earlier_release_pickled_is_read(name):
    pickled = f"cservices.edge.store.executions\n{name}\n.".encode()
    assert pickles.loads(pickled) is getattr(stepfunctions, name)


@pytest.mark.parametrize("kind", [Counted, Named])
def test_a_value_and_those_of_its_subclasses_are_pickled_by_their_reducer(reduced, kind):
    first, second = pickles.loads(pickles.dumps([kind(7)] * 2))
    assert (type(first), first) == (kind, kind(7, ["by its reducer"]))
    assert first is second  # what is shared stays shared


def test_a_lock_that_is_held_comes_back_free():
    saved_state.make_locks_storable()
    lock = threading.Lock()
    with lock:
        restored = pickles.loads(pickles.dumps({"lock": lock}))
    assert restored["lock"].acquire(blocking=False)


def test_a_function_that_is_local_to_another_is_pickled_too():
    def doubled(number):
        return 2 * number

    assert pickles.loads(pickles.dumps(doubled))(4) == 8
