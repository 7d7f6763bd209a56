"""Work on a stack begins once the call for it is stored; one that cannot be has changed nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from localstack.utils.threads import start_worker_thread

from services.edge.service_state import save_first


class Before:
    """Stacks and change sets as they stand before a call changes them."""

    def __init__(self, *entities: Any) -> None:
        self._attributes = [(entity, _copied(vars(entity))) for entity in entities]

    def put_back(self) -> None:
        for entity, attributes in self._attributes:
            vars(entity).clear()
            vars(entity).update(attributes)


def begin(operation: str, take_back: Callable[[], None], work: Callable[[], None]) -> None:
    save_first.stored("cloudformation", operation, take_back)
    start_worker_thread(lambda *_: work())


def _copied(attributes: dict[str, Any]) -> dict[str, Any]:
    """Collections are changed in place."""
    return {
        name: copy.copy(value) if isinstance(value, (dict, list, set)) else value
        for name, value in attributes.items()
    }
