"""LocalStack's pickles of its services, and the names that earlier releases wrote into them."""

from __future__ import annotations

import io
from typing import Any

import dill
from localstack.state import pickle
from localstack.state.pickle import PickleDecoder

MOVED = {
    "services.edge.store.executions": "services.edge.service_state.stepfunctions",
    "services.edge.store.managed_policies": "services.edge.service_state.iam",
    "services.edge.store.log_events": "services.edge.service_state.logs",
}


class Unpickler(dill.Unpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        return super().find_class(MOVED.get(module, module), name)


def dumps(value: Any) -> bytes:
    return bytes(pickle.dumps(value))


def loads(data: bytes) -> Any:
    return PickleDecoder(Unpickler).decode(io.BytesIO(data))
