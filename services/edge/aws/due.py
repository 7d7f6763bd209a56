"""What time changes in a service that keeps no clock: done before each of the service's calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Settle = Callable[[datetime], None]
_SETTLED: dict[str, Settle] = {}


def before_calls(service: str, settle: Settle) -> None:
    """`settle` brings about what is due at the moment it is given, in UTC."""
    _SETTLED[service] = settle


def settle(_chain: Any, context: Any, _response: Any) -> None:
    """A handler of LocalStack's chain, after the request is parsed."""
    name = context.service.service_name if context.service is not None else ""
    if name in _SETTLED:
        _SETTLED[name](datetime.now(UTC))
