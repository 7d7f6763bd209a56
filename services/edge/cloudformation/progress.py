"""Tells the store that a stack has changed by itself, between two calls of its API."""

from __future__ import annotations

from collections.abc import Callable

# What the store gives at the start; a resource that outlives a kill must be in its stack's record.
_keep: list[Callable[[], None]] = []


def keep_by(save: Callable[[], None]) -> None:
    _keep[:] = [save]


def keep() -> None:
    for save in _keep:
        save()
