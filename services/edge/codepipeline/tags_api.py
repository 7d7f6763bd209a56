"""CodePipeline's operations on the tags of pipelines."""

from __future__ import annotations

import re
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.codepipeline import errors
from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.errors import PipelineError
from services.edge.codepipeline.paging import page
from services.edge.codepipeline.store import Pipeline, Store

ARN = re.compile(r"arn:aws(-[\w]+)*:codepipeline:[^:]+:[0-9]{12}:[^:/]+")
MOST_TAGS = 50
Answer = dict[str, Any]


class TagsApi:
    _store: Store
    _engine: Engine

    @operation("TagResource")
    def tag_resource(self, _: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._tagged(request["resourceArn"])
            tags = {**pipeline["tags"], **checked(request["tags"])}
            if len(tags) > MOST_TAGS:
                raise PipelineError("TooManyTagsException", f"At most {MOST_TAGS} tags")
            self._store.put_pipeline({**pipeline, "tags": tags})
        return {}

    @operation("UntagResource")
    def untag_resource(self, _: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._tagged(request["resourceArn"])
            gone = request["tagKeys"]
            tags = {key: value for key, value in pipeline["tags"].items() if key not in gone}
            self._store.put_pipeline({**pipeline, "tags": tags})
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, _: RequestContext, request: Answer) -> Answer:
        tags = listed(self._tagged(request["resourceArn"])["tags"])
        return page(request, "tags", tags, 100)

    def _tagged(self, arn: str) -> Pipeline:
        if not ARN.fullmatch(arn):
            raise PipelineError("InvalidArnException", f"Invalid resource ARN: {arn}")
        pipeline = self._store.pipeline(arn)
        if pipeline is None:
            raise errors.no_resource(arn)
        return pipeline


def checked(given: list[dict[str, str]]) -> dict[str, str]:
    if len(given) > MOST_TAGS:
        raise PipelineError("TooManyTagsException", f"At most {MOST_TAGS} tags")
    for tag in given:
        if not 1 <= len(tag["key"]) <= 128 or len(tag["value"]) > 256:
            raise PipelineError("InvalidTagsException", f"Tag '{tag['key']}' is out of bounds")
    return {tag["key"]: tag["value"] for tag in given}


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]
