"""Starts the code pipeline and waits for its end, so that the jobs run the newest code."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

RUNNING = ("InProgress", "Stopping")
# Left over to report the failure before Lambda ends the process.
RESERVE_SECONDS = 5.0
# The first pause; each is twice the last one, for a pipeline without new code soon ends.
FIRST_PAUSE_SECONDS = 0.1


class PipelineError(Exception):
    """The pipeline's execution did not succeed; the message says how it ended."""


@dataclass(frozen=True)
class Settings:
    pipeline: str
    poll_seconds: float

    @classmethod
    def from_env(cls) -> Settings:
        return cls(
            pipeline=os.environ["PIPELINE_NAME"],
            poll_seconds=float(os.environ.get("POLL_SECONDS", "1")),
        )


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, str]:  # noqa: ARG001
    """The execution's id and status `Succeeded`; every other end raises PipelineError.

    A superseded execution has left its work to a newer one, whose end is waited for instead.
    """
    settings = Settings.from_env()
    client = codepipeline()
    execution_id = client.start_pipeline_execution(name=settings.pipeline)["pipelineExecutionId"]
    LOG.info("started %s, execution %s", settings.pipeline, execution_id)
    status, pause = "InProgress", FIRST_PAUSE_SECONDS
    while status in RUNNING:
        if context.get_remaining_time_in_millis() / 1000 < settings.poll_seconds + RESERVE_SECONDS:
            raise PipelineError(
                f"Execution {execution_id} of {settings.pipeline} is still {status} near this"
                " function's timeout: raise the timeout, or look at the pipeline"
            )
        time.sleep(min(pause, settings.poll_seconds))
        pause *= 2
        status = status_of(client, settings.pipeline, execution_id)
        if status == "Superseded":
            newer = newest_execution(client, settings.pipeline)
            if newer != execution_id:
                LOG.info("execution %s is superseded by %s", execution_id, newer)
                execution_id, status = newer, "InProgress"
    if status != "Succeeded":
        raise PipelineError(
            f"Expected execution {execution_id} of {settings.pipeline} to succeed, found {status}"
            + "".join(f"; {reason}" for reason in failures(client, settings.pipeline, execution_id))
        )
    LOG.info("execution %s succeeded", execution_id)
    return {"pipeline": settings.pipeline, "execution_id": execution_id, "status": status}


def status_of(client: Any, pipeline: str, execution_id: str) -> str:
    try:
        found = client.get_pipeline_execution(
            pipelineName=pipeline, pipelineExecutionId=execution_id
        )
    # CodePipeline may not yet know an execution that it has just started.
    except client.exceptions.PipelineExecutionNotFoundException:
        return "InProgress"
    return str(found["pipelineExecution"]["status"])


def newest_execution(client: Any, pipeline: str) -> str:
    """Executions are listed newest first."""
    found = client.list_pipeline_executions(pipelineName=pipeline, maxResults=1)
    return str(found["pipelineExecutionSummaries"][0]["pipelineExecutionId"])


def failures(client: Any, pipeline: str, execution_id: str) -> list[str]:
    """What each failed action of the execution says of its failure."""
    details = client.list_action_executions(
        pipelineName=pipeline, filter={"pipelineExecutionId": execution_id}
    )["actionExecutionDetails"]
    return [
        f"action {detail['actionName']}: "
        + detail["output"]["executionResult"].get("errorDetails", {}).get("message", "no reason")
        for detail in details
        if detail["status"] == "Failed"
    ]


@cache
def codepipeline() -> Any:
    return boto3.client("codepipeline")
