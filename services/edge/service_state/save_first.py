"""What goes on in the background begins once the call that asks for it is stored.

A call that cannot be stored is refused: as on AWS, it has begun nothing and is seen nowhere.
"""

from __future__ import annotations

from collections.abc import Callable

from services.edge.store.errors import not_stored

# The operations that do so: once they are answered, what they began is on disk.
OPERATIONS = frozenset(
    {"CreateStack", "UpdateStack", "DeleteStack", "ExecuteChangeSet", "StartExecution"}
)
_saves: list[Callable[[str], None]] = []


def by(save: Callable[[str], None]) -> None:
    """`save` stores a service's state, and raises what keeps it from that."""
    _saves.append(save)


def stored(service: str, operation: str, take_back: Callable[[], None]) -> None:
    """Raises NotStoredError after what the call has changed so far was taken back."""
    try:
        for save in _saves:
            save(service)
    except Exception as error:
        take_back()
        raise not_stored(operation, error) from error
