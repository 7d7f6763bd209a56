"""LocalStack's Step Functions integration `glue`, with a `.sync` that works and can be stopped."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_glue import (  # noqa: E501
    StateTaskServiceGlue,
)

from services.edge.stepfunctions.sync_task import SyncTask, Wait

LOG = logging.getLogger(__name__)


class GlueIntegration(SyncTask, StateTaskServiceGlue):  # type: ignore[misc]
    """Starts a job run and waits for its end; a task given up stops its run."""

    def _build_sync_resolver(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> Wait:
        started = env.stack[-1]
        look = super()._build_sync_resolver(
            env, resource_runtime_part, normalised_parameters, state_credentials
        )
        client = self._get_glue_client(resource_runtime_part, state_credentials)
        return Wait(look, partial(_stop, client, started["JobName"], started["JobRunId"]))


def _stop(client: Any, job: str, run: str) -> None:
    for error in client.batch_stop_job_run(JobName=job, JobRunIds=[run])["Errors"]:
        LOG.warning("Job run %s was given up, not stopped: %s", run, error["ErrorDetail"])
