"""How a handler says that it is not real; without a mark it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def emulated(handler: Callable[..., Any]) -> Any:
    """Mark an operation that keeps and answers settings without effect here."""
    handler.emulated = True  # type: ignore[attr-defined]
    return handler
