"""Lambda's functions after a restart."""

from __future__ import annotations

from localstack.services.plugins import SERVICE_PLUGINS


def make_ready() -> None:
    """Make each version ready; only once the endpoint answers, for its code comes from S3."""
    if SERVICE_PLUGINS.is_running("lambda"):
        SERVICE_PLUGINS.require("lambda")._provider.on_after_state_load()
