"""Statements that are no queries: SHOW, DESCRIBE, and changes of the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RULES: dict[str, Callable[[Any], dict[str, Any]]] = {}
