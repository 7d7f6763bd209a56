"""Lambda's functions after a restart."""

from __future__ import annotations

from localstack.services.plugins import SERVICE_PLUGINS

from services.edge.service_state.stores import regional_stores


def make_ready() -> None:
    """Make each version ready; only once the endpoint answers, for its code comes from S3."""
    if SERVICE_PLUGINS.is_running("lambda"):
        _finish_deletions()
        SERVICE_PLUGINS.require("lambda")._provider.on_after_state_load()


def _finish_deletions() -> None:
    """Of event source mappings, which go a little later than their deletion is acknowledged."""
    from localstack.services.lambda_.invocation.models import lambda_stores

    for store in regional_stores(lambda_stores):
        for number, mapping in list(store.event_source_mappings.items()):
            if mapping.get("State") == "Deleting":
                del store.event_source_mappings[number]
