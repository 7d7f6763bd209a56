"""CodePipeline's operations on executions."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.codepipeline import errors
from services.edge.codepipeline.api.listing import PAGING, arn_of, caller
from services.edge.codepipeline.documents import answers, declarations, executions, source_revisions
from services.edge.codepipeline.documents.executions import ACTIVE, Execution
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.errors import PipelineError
from services.edge.codepipeline.store import Store

Answer = dict[str, Any]


class Executions:
    def __init__(self, store: Store, engine: Engine) -> None:
        self._store, self._engine = store, engine

    @operation("StartPipelineExecution")
    def start_pipeline_execution(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._store.required_pipeline(arn_of(context, request["name"]))
            source_revisions.check(pipeline["declaration"], request)
            _check_variables(pipeline["declaration"], request)
            token = request.get("clientRequestToken")
            if known := self._store.execution_of_token(pipeline["arn"], token):
                return {"pipelineExecutionId": known["id"]}
            trigger = {
                "triggerType": "StartPipelineExecution",
                "triggerDetail": caller(context),
            }
            return {"pipelineExecutionId": self._engine.start(pipeline, trigger, request)}

    @operation("StopPipelineExecution")
    def stop_pipeline_execution(self, context: RequestContext, request: Answer) -> Answer:
        abandon = bool(request.get("abandon"))
        with self._engine.lock:
            execution = self._execution(request, context)
            if execution["status"] not in ACTIVE:
                raise PipelineError(
                    "PipelineExecutionNotStoppableException",
                    f"Execution {execution['id']} is not in progress: {execution['status']}",
                )
            if execution["stop"] and (execution["stop"]["abandon"] or not abandon):
                raise PipelineError(
                    "DuplicatedStopRequestException",
                    f"Execution {execution['id']} is already being stopped",
                )
            reason = request.get("reason", "")
            change = partial(executions.stopping, abandon=abandon, reason=reason, now=time.time())
            self._engine.change(execution["arn"], execution["id"], change)
        return {"pipelineExecutionId": execution["id"]}

    @operation("RetryStageExecution")
    def retry_stage_execution(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            execution, stage = self._execution(request, context), request["stageName"]
            if stage not in declarations.stage_names(execution["declaration"]):
                raise errors.no_stage(stage, request["pipelineName"])
            every = self._store.executions(execution["arn"])
            latest = answers.latest_in_stage(every, stage)
            if latest is None or latest["id"] != execution["id"]:
                raise PipelineError(
                    "NotLatestPipelineExecutionException",
                    f"Execution {execution['id']} is not the latest in stage {stage}",
                )
            if execution["status"] not in ("Failed", "Stopped") or not _ended_in(execution, stage):
                raise PipelineError(
                    "StageNotRetryableException",
                    f"Stage {stage} of execution {execution['id']} has not failed",
                )
            retry = partial(executions.retried, mode=request["retryMode"], now=time.time())
            self._engine.change(execution["arn"], execution["id"], retry)
        return {"pipelineExecutionId": execution["id"]}

    @operation("GetPipelineExecution")
    def get_pipeline_execution(self, context: RequestContext, request: Answer) -> Answer:
        return {"pipelineExecution": answers.details(self._execution(request, context))}

    @operation("ListPipelineExecutions")
    def list_pipeline_executions(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(arn_of(context, request["pipelineName"]))
        wanted = (request.get("filter") or {}).get("succeededInStage", {}).get("stageName")
        found = [
            answers.summary(execution)
            for execution in reversed(self._store.executions(pipeline["arn"]))
            if wanted is None or {"name": wanted, "status": "Succeeded"} in _ended(execution)
        ]
        return PAGING.page(request, "pipelineExecutionSummaries", found, 100, "pipelineExecutionId")

    @operation("ListActionExecutions")
    def list_action_executions(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(arn_of(context, request["pipelineName"]))
        wanted = request.get("filter") or {}
        only = wanted.get("pipelineExecutionId") or wanted.get("latestInPipelineExecution", {}).get(
            "pipelineExecutionId"
        )
        every = self._store.executions(pipeline["arn"])
        if only and only not in {execution["id"] for execution in every}:
            raise errors.no_execution(request["pipelineName"], only)
        found = [
            answers.action_detail(execution, run)
            for execution in reversed(every)
            if only in (None, execution["id"])
            for run in reversed(execution["runs"])
            if not ("latestInPipelineExecution" in wanted and run.get("retried"))
        ]
        return PAGING.page(request, "actionExecutionDetails", found, 100, "actionExecutionId")

    def _execution(self, request: Answer, context: RequestContext) -> Execution:
        name, wanted = request["pipelineName"], request["pipelineExecutionId"]
        pipeline = self._store.required_pipeline(arn_of(context, name))
        execution = self._store.execution(pipeline["arn"], wanted)
        if execution is None:
            raise errors.no_execution(name, wanted)
        return execution


def _ended(execution: Execution) -> list[Answer]:
    return [{"name": s["name"], "status": s["status"]} for s in execution["stages"]]


def _ended_in(execution: Execution, stage: str) -> bool:
    return executions.stage_name(execution) == stage and not execution["waiting"]


def _check_variables(declaration: declarations.Declaration, request: Answer) -> None:
    declared = {entry["name"] for entry in declaration.get("variables") or []}
    for variable in request.get("variables") or []:
        if variable["name"] not in declared:
            raise errors.validation(f"The pipeline declares no variable {variable['name']}")
