"""CodePipeline's operations by which people and functions tell how an action has ended."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.codepipeline import errors
from services.edge.codepipeline.api.listing import arn_of
from services.edge.codepipeline.documents import action_runs, declarations, executions
from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.engine.actions.lambda_invoke import Job, LambdaInvoke
from services.edge.codepipeline.engine.executions import Engine
from services.edge.codepipeline.errors import ActionError, PipelineError
from services.edge.codepipeline.store import Store

Answer = dict[str, Any]


class ActionResults:
    def __init__(self, store: Store, engine: Engine, lambda_invoke: LambdaInvoke) -> None:
        self._store, self._engine, self._lambda = store, engine, lambda_invoke

    @operation("PutApprovalResult")
    def put_approval_result(self, context: RequestContext, request: Answer) -> Answer:
        pipeline = self._store.required_pipeline(arn_of(context, request["pipelineName"]))
        _check_action(pipeline["declaration"], request)
        execution, run = self._awaited(pipeline["arn"], request)
        summary = request["result"]["summary"]
        if request["result"]["status"] == "Approved":
            end = partial(_approved, summary=summary)
        else:
            end = partial(_rejected, summary=summary)
        if not self._engine.finish(execution["arn"], execution["id"], run["id"], end):
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
        pipeline = self._store.pipeline(job["arn"])
        if pipeline is None:
            return
        try:
            self._lambda.again(pipeline, job, token)
        except ActionError as error:
            failed = partial(_failed, code=error.code, message=str(error))
            self._engine.finish(job["arn"], job["execution"], job["run"], failed)

    def _open_job(self, job_id: str) -> Job:
        job = self._store.job(job_id)
        if job is None:
            raise errors.no_job(job_id)
        if job["answered"]:
            raise _bad_job_state(job_id)
        return job

    def _end(self, job: Job, end: Any) -> None:
        if not self._engine.finish(job["arn"], job["execution"], job["run"], end):
            raise _bad_job_state(job["id"])
        self._store.put_job({**job, "answered": True})

    def _awaited(self, arn: str, request: Answer) -> tuple[Execution, Run]:
        """The approval that the token was given out for."""
        for execution in reversed(self._store.executions(arn)):
            run = executions.find_run(execution, request["token"])
            if run and (run["stage"], run["name"]) == (request["stageName"], request["actionName"]):
                return execution, run
        raise PipelineError(
            "InvalidApprovalTokenException", f"No approval has the token {request['token']}"
        )


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


def _check_action(declaration: declarations.Declaration, request: Answer) -> None:
    stage, name = request["stageName"], request["actionName"]
    if stage not in declarations.stage_names(declaration):
        raise errors.no_stage(stage, declaration["name"])
    if (stage, name) not in [(s, a["name"]) for s, a in declarations.actions(declaration)]:
        raise errors.no_action(name, stage)
