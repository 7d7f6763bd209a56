"""The dashboard's AWS clients."""

from __future__ import annotations

from typing import Any

from dashboard.settings import Settings
from pipeline import clients


def make_client(service: str, settings: Settings) -> Any:
    """A client of the settings' endpoint that gives up soon: a person is waiting."""
    return clients.make_client(
        service,
        settings.endpoint_url,
        settings.region,
        connect_timeout=2,
        read_timeout=20,
        retries={"total_max_attempts": 2},
    )
