"""A function of Trino that DuckDB calls in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# The function, the types of its parameters, and of its answer.
PythonFunction = tuple[Callable[..., Any], list[str], str]
