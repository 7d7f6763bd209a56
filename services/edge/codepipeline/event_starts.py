"""Executions that EventBridge starts: a rule's target that is the ARN of a pipeline."""

from __future__ import annotations

import logging
from typing import Any

from services.edge.codepipeline import revisions
from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.store import Store

LOG = logging.getLogger(__name__)


class EventStarts:
    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def start(self, pipeline_arn: str, rule_arn: str, event: Any) -> None:
        """Start the pipeline once for an event; `sourceRevisions` of an input override sources.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/create-S3-source-events.html
        """
        given = event if isinstance(event, dict) else {}
        request: dict[str, Any] = {"clientRequestToken": given.get("id")}
        with self._engine.lock:
            pipeline = self._store.required_pipeline(pipeline_arn)
            if given.get("sourceRevisions"):
                request["sourceRevisions"] = given["sourceRevisions"]
                revisions.check(pipeline["declaration"], request)
            trigger = {"triggerType": "CloudWatchEvent", "triggerDetail": rule_arn}
            if not self._is_known(pipeline_arn, request["clientRequestToken"]):
                started = self._engine.start(pipeline, trigger, request)
                LOG.info("Rule %s starts execution %s of %s", rule_arn, started, pipeline_arn)

    def _is_known(self, pipeline_arn: str, token: str | None) -> bool:
        return token is not None and any(
            execution["token"] == token for execution in self._store.executions(pipeline_arn)
        )
