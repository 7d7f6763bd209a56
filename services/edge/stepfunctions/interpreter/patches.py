"""Every patch of LocalStack's interpreter, in one call."""

from __future__ import annotations


def apply() -> None:
    """Call once, before the first state machine is parsed."""
    from services.edge.stepfunctions.interpreter import (
        context,
        errors,
        map_runs,
        maps,
        parsing,
        requests,
        texts,
        waits,
    )

    for module in (texts, parsing, errors, context, maps, waits, requests, map_runs):
        module.apply()
