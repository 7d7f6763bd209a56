"""CodePipeline's operations on pipelines and their transitions."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws import tags
from services.edge.aws.operation import operation
from services.edge.codepipeline import errors
from services.edge.codepipeline.api import resource_tags
from services.edge.codepipeline.api.listing import PAGING, arn_of, caller
from services.edge.codepipeline.documents import answers, declarations
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.engine.source_changes import Sources
from services.edge.codepipeline.store import Pipeline, Store

Answer = dict[str, Any]


class Pipelines:
    """`is_assumable` tells whether a pipeline in this account and region could assume the role."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        sources: Sources,
        is_assumable: Callable[[str, Pipeline], bool],
    ) -> None:
        self._store, self._engine, self._sources = store, engine, sources
        self._is_assumable = is_assumable

    @operation(
        "CreatePipeline", differs="No triggers, conditions, other regions or encryption keys."
    )
    def create_pipeline(self, context: RequestContext, request: Answer) -> Answer:
        self._check_role(context, request)
        declaration = declarations.declared(request["pipeline"], 1)
        given = resource_tags.from_pairs(request.get("tags") or [])
        present, now = tags.added({}, given, errors.too_many_tags), time.time()
        pipeline = {
            "declaration": declaration,
            "account": context.account_id,
            "region": context.region,
            "arn": arn_of(context, declaration["name"]),
            "created": now,
            "updated": now,
            "tags": present,
            "transitions": {},
        }
        pipeline["heads"] = self._sources.heads(pipeline)
        with self._engine.lock:
            if self._store.pipeline(pipeline["arn"]):
                raise errors.name_in_use(declaration["name"], context.account_id)
            self._store.put_pipeline(pipeline)
            self._engine.start(pipeline, _trigger("CreatePipeline", context))
        return {"pipeline": declaration, "tags": resource_tags.pairs(present)}

    @operation("GetPipeline")
    def get_pipeline(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(arn_of(context, request["name"]))
        declaration: Answer | None = pipeline["declaration"]
        if version := request.get("version"):
            declaration = self._store.version(pipeline["arn"], version)
            if declaration is None:
                raise errors.no_version(request["name"], version)
        metadata = {
            "pipelineArn": pipeline["arn"],
            "created": pipeline["created"],
            "updated": pipeline["updated"],
        }
        return {"pipeline": declaration, "metadata": metadata}

    @operation(
        "UpdatePipeline",
        differs="Executions that go on keep the structure with which they started.",
    )
    def update_pipeline(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._store.required_pipeline(arn_of(context, request["pipeline"]["name"]))
            self._check_role(context, request)
            version = pipeline["declaration"]["version"] + 1
            declaration = declarations.declared(request["pipeline"], version)
            kept = set(declarations.stage_names(declaration))
            changed = {
                **pipeline,
                "declaration": declaration,
                "updated": time.time(),
                "transitions": {k: v for k, v in pipeline["transitions"].items() if k in kept},
            }
            changed["heads"] = self._sources.heads(changed, pipeline)
            self._store.put_pipeline(changed)
        return {"pipeline": declaration}

    @operation(
        "DeletePipeline",
        differs="The same answer where there is no such pipeline; its executions go with it.",
    )
    def delete_pipeline(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            self._store.delete_pipeline(arn_of(context, request["name"]))
        return {}

    @operation("ListPipelines")
    def list_pipelines(self, context: RequestContext, request: Answer) -> Answer:
        names = ("name", "version", "pipelineType", "executionMode")
        found = [
            {
                **{name: pipeline["declaration"][name] for name in names},
                "created": pipeline["created"],
                "updated": pipeline["updated"],
            }
            for pipeline in self._store.pipelines(arn_of(context, ""))
        ]
        named = sorted(found, key=lambda pipeline: pipeline["name"])
        return PAGING.page(request, "pipelines", named, 1000, "name")

    @operation("GetPipelineState")
    def get_pipeline_state(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(arn_of(context, request["name"]))
        declaration = pipeline["declaration"]
        executions = self._store.executions(pipeline["arn"])
        return {
            "pipelineName": request["name"],
            "pipelineVersion": declaration["version"],
            "stageStates": answers.stage_states(declaration, executions, pipeline["transitions"]),
            "created": pipeline["created"],
            "updated": pipeline["updated"],
        }

    @operation("EnableStageTransition")
    def enable_stage_transition(self, context: RequestContext, request: Answer) -> Answer:
        return self._set_transition(context, request, {"enabled": True})

    @operation("DisableStageTransition")
    def disable_stage_transition(self, context: RequestContext, request: Answer) -> Answer:
        closed = {"enabled": False, "disabledReason": request["reason"]}
        return self._set_transition(context, request, closed)

    def _set_transition(
        self, context: RequestContext, request: Answer, transition: Answer
    ) -> Answer:
        if request["transitionType"] != "Inbound":
            raise errors.validation("Only the transition Inbound is available here")
        with self._engine.lock:
            pipeline = self._store.required_pipeline(arn_of(context, request["pipelineName"]))
            names = declarations.stage_names(pipeline["declaration"])
            if request["stageName"] not in names:
                raise errors.no_stage(request["stageName"], request["pipelineName"])
            changed = {
                **transition,
                "lastChangedBy": caller(context),
                "lastChangedAt": time.time(),
            }
            transitions = {**pipeline["transitions"], request["stageName"]: changed}
            self._store.put_pipeline({**pipeline, "transitions": transitions})
            self._engine.advance(pipeline["arn"])
        return {}

    def _check_role(self, context: RequestContext, request: Answer) -> None:
        role = request["pipeline"]["roleArn"]
        place = {"account": context.account_id, "region": context.region}
        if not self._is_assumable(role, place):
            raise errors.structure(
                f"CodePipeline is not authorized to perform AssumeRole on role {role}"
            )


def _trigger(kind: str, context: RequestContext) -> dict[str, str]:
    return {"triggerType": kind, "triggerDetail": caller(context)}
