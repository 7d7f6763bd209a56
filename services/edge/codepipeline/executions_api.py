"""CodePipeline's operations on executions, approvals and jobs."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.codepipeline import action_runs, answers, errors, executions, structure
from services.edge.codepipeline.action_runs import Outcome, Run
from services.edge.codepipeline.engine import Engine
from services.edge.codepipeline.errors import ActionError, PipelineError
from services.edge.codepipeline.executions import ACTIVE, Execution
from services.edge.codepipeline.lambda_invoke import Job, LambdaInvoke
from services.edge.codepipeline.paging import page
from services.edge.codepipeline.requests import operation
from services.edge.codepipeline.store import Store

Answer = dict[str, Any]


class ExecutionsApi:
    _store: Store
    _engine: Engine
    _lambda: LambdaInvoke

    @operation("StartPipelineExecution")
    def start_pipeline_execution(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            pipeline = self._store.required_pipeline(request["name"], context.account_id)
            _check_overrides(pipeline["declaration"], request)
            if token := request.get("clientRequestToken"):
                for known in self._store.executions(request["name"]):
                    if known["token"] == token:
                        return {"pipelineExecutionId": known["id"]}
            trigger = {
                "triggerType": "StartPipelineExecution",
                "triggerDetail": f"arn:aws:iam::{context.account_id}:root",
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
            self._engine.change(execution["pipeline"], execution["id"], change)
        return {"pipelineExecutionId": execution["id"]}

    @operation("RetryStageExecution")
    def retry_stage_execution(self, context: RequestContext, request: Answer) -> Answer:
        with self._engine.lock:
            execution, stage = self._execution(request, context), request["stageName"]
            if stage not in structure.stage_names(execution["declaration"]):
                raise errors.no_stage(stage, request["pipelineName"])
            every = self._store.executions(request["pipelineName"])
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
            self._engine.change(execution["pipeline"], execution["id"], retry)
        return {"pipelineExecutionId": execution["id"]}

    @operation("GetPipelineExecution")
    def get_pipeline_execution(self, context: RequestContext, request: Answer) -> Answer:
        return {"pipelineExecution": answers.execution(self._execution(request, context))}

    @operation("ListPipelineExecutions")
    def list_pipeline_executions(self, context: RequestContext, request: Answer) -> Answer:
        self._store.required_pipeline(request["pipelineName"], context.account_id)
        wanted = (request.get("filter") or {}).get("succeededInStage", {}).get("stageName")
        found = [
            answers.summary(execution)
            for execution in reversed(self._store.executions(request["pipelineName"]))
            if wanted is None or {"name": wanted, "status": "Succeeded"} in _ended(execution)
        ]
        return page(request, "pipelineExecutionSummaries", found, 100)

    @operation("ListActionExecutions")
    def list_action_executions(self, context: RequestContext, request: Answer) -> Answer:
        name = request["pipelineName"]
        self._store.required_pipeline(name, context.account_id)
        wanted = request.get("filter") or {}
        only = wanted.get("pipelineExecutionId") or wanted.get("latestInPipelineExecution", {}).get(
            "pipelineExecutionId"
        )
        every = self._store.executions(name)
        if only and only not in {execution["id"] for execution in every}:
            raise errors.no_execution(name, only)
        found = [
            answers.action_detail(execution, run)
            for execution in reversed(every)
            if only in (None, execution["id"])
            for run in reversed(execution["runs"])
            if not ("latestInPipelineExecution" in wanted and run.get("retried"))
        ]
        return page(request, "actionExecutionDetails", found, 100)

    @operation("PutApprovalResult")
    def put_approval_result(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(request["pipelineName"], context.account_id)
        _check_action(pipeline["declaration"], request)
        execution, run = self._awaited(request)
        summary = request["result"]["summary"]
        if request["result"]["status"] == "Approved":
            end = partial(_approved, summary=summary)
        else:
            end = partial(_rejected, summary=summary)
        if not self._engine.finish(execution["pipeline"], execution["id"], run["id"], end):
            raise _already_completed(request)
        return {"approvedAt": time.time()}

    @operation("PutJobSuccessResult")
    def put_job_success_result(self, _: RequestContext, request: Answer) -> Answer:
        job = self._open_job(request["jobId"])
        if token := request.get("continuationToken"):
            self._store.put_job({**job, "answered": True})
            threading.Thread(target=self._continue, args=(job, token), daemon=True).start()
            return {}
        details = request.get("executionDetails") or {}
        outcome = Outcome(
            summary=details.get("summary", ""),
            external_id=details.get("externalExecutionId"),
            variables=request.get("outputVariables") or {},
            artifacts=job["outputs"],
        )
        self._end(job, partial(_reported, outcome=outcome))
        return {}

    @operation("PutJobFailureResult")
    def put_job_failure_result(self, _: RequestContext, request: Answer) -> Answer:
        details = request["failureDetails"]
        failed = partial(_failed, code=details["type"], message=details["message"])
        self._end(self._open_job(request["jobId"]), failed)
        return {}

    def _continue(self, job: Job, token: str) -> None:
        pipeline = self._store.pipeline(job["pipeline"])
        if pipeline is None:
            return
        try:
            self._lambda.again(pipeline, job, token)
        except ActionError as error:
            failed = partial(_failed, code=error.code, message=str(error))
            self._engine.finish(job["pipeline"], job["execution"], job["run"], failed)

    def _open_job(self, job_id: str) -> Job:
        job = self._store.job(job_id)
        if job is None:
            raise errors.no_job(job_id)
        if job["answered"]:
            raise _bad_job_state(job_id)
        return job

    def _end(self, job: Job, end: Any) -> None:
        if not self._engine.finish(job["pipeline"], job["execution"], job["run"], end):
            raise _bad_job_state(job["id"])
        self._store.put_job({**job, "answered": True})

    def _awaited(self, request: Answer) -> tuple[Execution, Run]:
        """The approval that the token was given out for."""
        for execution in reversed(self._store.executions(request["pipelineName"])):
            run = executions.find_run(execution, request["token"])
            if run and (run["stage"], run["name"]) == (request["stageName"], request["actionName"]):
                return execution, run
        raise PipelineError(
            "InvalidApprovalTokenException", f"No approval has the token {request['token']}"
        )

    def _execution(self, request: Answer, context: RequestContext) -> Execution:
        name, wanted = request["pipelineName"], request["pipelineExecutionId"]
        self._store.required_pipeline(name, context.account_id)
        execution = self._store.execution(name, wanted)
        if execution is None:
            raise errors.no_execution(name, wanted)
        return execution


def _approved(run: Run, now: float, summary: str) -> Run:
    return action_runs.succeeded(run, Outcome(summary=summary), now)


def _rejected(run: Run, now: float, summary: str) -> Run:
    failed = action_runs.failed(run, "ApprovalRejected", f"Rejected: {summary}", now)
    return {**failed, "summary": summary}


def _reported(run: Run, now: float, outcome: Outcome) -> Run:
    return action_runs.succeeded(run, outcome, now)


def _failed(run: Run, now: float, code: str, message: str) -> Run:
    return action_runs.failed(run, code, message, now)


def _already_completed(request: Answer) -> PipelineError:
    message = f"The approval {request['actionName']} has already been completed"
    return PipelineError("ApprovalAlreadyCompletedException", message)


def _bad_job_state(job_id: str) -> PipelineError:
    return PipelineError("InvalidJobStateException", f"Job {job_id} has ended already")


def _ended(execution: Execution) -> list[Answer]:
    return [{"name": s["name"], "status": s["status"]} for s in execution["stages"]]


def _ended_in(execution: Execution, stage: str) -> bool:
    return executions.stage_name(execution) == stage and not execution["waiting"]


def _check_overrides(declaration: structure.Declaration, request: Answer) -> None:
    sources = {
        action["name"]
        for _, action in structure.actions(declaration)
        if action["actionTypeId"]["category"] == "Source"
    }
    for entry in request.get("sourceRevisions") or []:
        if entry["actionName"] not in sources:
            raise errors.validation(f"The pipeline has no source action {entry['actionName']}")
        if entry["revisionType"] != "COMMIT_ID":
            raise errors.validation(
                f"Source action {entry['actionName']} takes a revision of type COMMIT_ID,"
                f" found {entry['revisionType']}"
            )
    declared = {entry["name"] for entry in declaration.get("variables") or []}
    for variable in request.get("variables") or []:
        if variable["name"] not in declared:
            raise errors.validation(f"The pipeline declares no variable {variable['name']}")


def _check_action(declaration: structure.Declaration, request: Answer) -> None:
    stage, name = request["stageName"], request["actionName"]
    if stage not in structure.stage_names(declaration):
        raise errors.no_stage(stage, declaration["name"])
    if (stage, name) not in [(s, a["name"]) for s, a in structure.actions(declaration)]:
        raise errors.no_action(name, stage)
