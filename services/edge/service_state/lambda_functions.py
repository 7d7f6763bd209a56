"""Lambda's functions and event source mappings after a restart."""

from __future__ import annotations

import logging
from typing import Any

from localstack.services.plugins import SERVICE_PLUGINS

from services.edge.service_state.stores import regional_stores

LOG = logging.getLogger(__name__)
READY_SECONDS = 10
Mapping = dict[str, Any]


def make_ready() -> None:
    """Make each version ready; only once the endpoint answers, for its code comes from S3.

    The mappings come after all functions, each by itself: LocalStack's provider ends with the first
    whose queue is gone, and with it the functions that it had not come to.
    """
    if not SERVICE_PLUGINS.is_running("lambda"):
        return
    provider = SERVICE_PLUGINS.require("lambda")._provider
    taken = _taken_out()
    try:
        provider.on_after_state_load()
    finally:
        for store, mappings in taken:
            store.event_source_mappings.update(mappings)
    for mapping in (one for _, mappings in taken for one in mappings.values()):
        try:
            _go_on(provider, mapping)
        except Exception as error:
            LOG.warning("Event source mapping %s does not go on: %s", mapping["UUID"], error)


def take_back(context: Any) -> None:
    """A function whose creation was refused, before it is seen."""
    if context.operation.name != "CreateFunction":
        return
    provider: Any = SERVICE_PLUGINS.require("lambda")._provider
    try:
        provider.delete_function(context, context.service_request["FunctionName"])
    except Exception as error:
        LOG.warning("What a refused CreateFunction has made stays in part: %s", error)


def _taken_out() -> list[tuple[Any, dict[str, Mapping]]]:
    """Those that were being deleted are gone: their deletion was acknowledged."""
    from localstack.services.lambda_.invocation.models import lambda_stores

    taken = []
    for store in regional_stores(lambda_stores):
        found = dict(store.event_source_mappings)
        store.event_source_mappings.clear()
        taken.append(
            (store, {k: one for k, one in found.items() if one.get("State") != "Deleting"})
        )
    return taken


def _go_on(provider: Any, mapping: Mapping) -> None:
    """As LocalStack's provider does it."""
    from localstack.aws.api.lambda_ import State
    from localstack.services.lambda_.event_source_mapping.esm_worker_factory import (
        EsmWorkerFactory,
    )
    from localstack.services.lambda_.provider_utils import get_function_version_from_arn
    from localstack.utils.sync import poll_condition

    def is_made() -> bool:
        version = get_function_version_from_arn(mapping["FunctionArn"])
        return version.config.state.state in (State.Active, State.Failed)

    poll_condition(is_made, timeout=READY_SECONDS)
    role = get_function_version_from_arn(mapping["FunctionArn"]).config.role
    enabled = mapping.get("State") not in ("Disabled", "Disabling")
    worker = EsmWorkerFactory(mapping, role, enabled).get_esm_worker()
    worker.create()
    provider.esm_workers[worker.uuid] = worker
