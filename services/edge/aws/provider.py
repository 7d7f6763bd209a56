"""A provider for LocalStack, joined from small objects: one for each subject of a service."""

from __future__ import annotations

from typing import Any

from localstack.aws.skeleton import create_dispatch_table
from localstack.services.plugins import Service


class Provider:
    """`apis` are the classes whose operations it has, `parts` an object of each."""

    service: str
    apis: tuple[type, ...]

    def __init__(self, *parts: Any) -> None:
        self.parts = parts


def service_of(provider: Provider) -> Service:
    return Service.for_provider(provider, dispatch_table_factory=_dispatch_table)


def _dispatch_table(provider: Provider) -> dict[str, Any]:
    """The operations of all parts; each has one handler."""
    table: dict[str, Any] = {}
    for part in provider.parts:
        handlers = create_dispatch_table(part)
        if twice := table.keys() & handlers.keys():
            raise ValueError(f"{provider.service}: more than one part answers {sorted(twice)}")
        table.update(handlers)
    return table
