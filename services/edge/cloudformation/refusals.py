"""Why a resource type's provider refuses: the message is the reason in the stack's events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class RefusedError(Exception):
    """Something of the resource stands in the way; nothing has been changed for it."""


class NotInPlaceError(RefusedError):
    """The change of a resource that its type's provider does not implement."""


def refuse_changes(
    kind: str, before: dict[str, Any], after: dict[str, Any], fixed: Iterable[str]
) -> None:
    """Refuse, before anything is done, changes that would be dropped."""
    if changed := [name for name in fixed if before.get(name) != after.get(name)]:
        raise NotInPlaceError(
            f"This stack cannot change {', '.join(changed)} of {kind} in place: give the changed"
            " resource a new logical id"
        )


def refuse_unserved(kind: str, model: dict[str, Any], unserved: Iterable[str]) -> None:
    """Refuse properties that would be dropped."""
    if given := [name for name in unserved if model.get(name)]:
        raise RefusedError(f"This stack does not serve {', '.join(given)} of {kind}")
