"""What `lake sql` asks an engine for, and gets: a statement in, rows and a table for people out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`shown` is the answer as a table for people."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    shown: str


class QueryError(Exception):
    """The query has a fault; the message is what the engine says of it."""


Ask = Callable[[str], Answer]
