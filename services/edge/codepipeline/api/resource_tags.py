"""CodePipeline's operations on the tags of pipelines."""

from __future__ import annotations

import re
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws import tags
from services.edge.aws.operation import operation
from services.edge.codepipeline import errors
from services.edge.codepipeline.api.listing import PAGING
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.errors import PipelineError
from services.edge.codepipeline.store import Pipeline, Store

ARN = re.compile(r"arn:aws(-[\w]+)*:codepipeline:[^:]+:[0-9]{12}:[^:/]+")
Answer = dict[str, Any]


class ResourceTags:
    """They are kept with their pipeline."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store, self._engine = store, engine

    @operation("TagResource")
    def tag_resource(self, _: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._tagged(request["resourceArn"])
            changed = tags.added(
                pipeline["tags"], from_pairs(request["tags"]), errors.too_many_tags
            )
            self._store.put_pipeline({**pipeline, "tags": changed})
        return {}

    @operation("UntagResource")
    def untag_resource(self, _: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._tagged(request["resourceArn"])
            left = tags.without(pipeline["tags"], request["tagKeys"])
            self._store.put_pipeline({**pipeline, "tags": left})
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, _: RequestContext, request: Answer) -> Answer:
        found = pairs(self._tagged(request["resourceArn"])["tags"])
        return PAGING.page(request, "tags", found, 100, "key")

    def _tagged(self, arn: str) -> Pipeline:
        if not ARN.fullmatch(arn):
            raise PipelineError("InvalidArnException", f"Invalid resource ARN: {arn}")
        pipeline = self._store.pipeline(arn)
        if pipeline is None:
            raise errors.no_resource(arn)
        return pipeline


def from_pairs(given: list[dict[str, str]]) -> dict[str, str]:
    return tags.from_pairs(given, "key", "value")


def pairs(present: dict[str, str]) -> list[dict[str, str]]:
    return tags.pairs(present, "key", "value")
