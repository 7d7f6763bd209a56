"""LocalStack's pickles of its services, and the names that earlier releases wrote into them."""

from __future__ import annotations

import io
import pickle
from typing import Any

import dill
from localstack.state.pickle import PickleDecoder
from localstack.state.pickle import Pickler as DillPickler

MOVED = {
    "services.edge.store.executions": "services.edge.service_state.stepfunctions",
    "services.edge.store.managed_policies": "services.edge.service_state.iam",
    "services.edge.store.log_events": "services.edge.service_state.logs",
}


class Unpickler(dill.Unpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(MOVED.get(module, module), name)


class Pickler(pickle.Pickler):
    """Pickles by the reducers that are registered with LocalStack's pickler.

    A state is pickled at each call that may change it. LocalStack's pickler is dill's, which is
    written in Python and takes ten times as long as this one.
    """

    def reducer_override(self, value: Any) -> Any:
        reduce = _reducer(type(value))
        if reduce is None:
            return NotImplemented
        reduced = _Reduced()
        reduce(reduced, value)
        return reduced.parts


class _Reduced:
    """What a reducer finds in the place of dill's pickler."""

    parts: tuple[Any, ...]

    def save_reduce(self, *parts: Any, **_: Any) -> None:
        self.parts = parts


def dumps(value: Any) -> bytes:
    """What only dill can pickle, such as a function that is local to another, is left to it."""
    written = io.BytesIO()
    try:
        Pickler(written, pickle.HIGHEST_PROTOCOL).dump(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        written = io.BytesIO()
        DillPickler(written).dump(value)
    return written.getvalue()


def loads(data: bytes) -> Any:
    return PickleDecoder(Unpickler).decode(io.BytesIO(data))


def _reducer(cls: type) -> Any:
    registered = DillPickler.dispatch_overwrite
    if cls in registered:
        return registered[cls]
    for base in cls.__mro__[1:]:
        if base in DillPickler.match_subclasses_of:
            return registered[base]
    return None
