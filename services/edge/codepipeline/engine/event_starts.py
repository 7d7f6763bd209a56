"""Executions that EventBridge starts: a rule's target that is the ARN of a pipeline."""

from __future__ import annotations

import logging
from typing import Any

from services.edge.codepipeline.documents import source_revisions
from services.edge.codepipeline.engine.executions import Engine
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
                source_revisions.check(pipeline["declaration"], request)
            trigger = {"triggerType": "CloudWatchEvent", "triggerDetail": rule_arn}
            token = request["clientRequestToken"]
            if self._store.execution_of_token(pipeline_arn, token) is None:
                started = self._engine.start(pipeline, trigger, request)
                LOG.info("Rule %s starts execution %s of %s", rule_arn, started, pipeline_arn)
