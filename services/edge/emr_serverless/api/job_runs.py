"""EMR Serverless's operations on job runs."""

from __future__ import annotations

import time

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document, operation
from services.edge.emr_serverless import errors
from services.edge.emr_serverless.api.listing import PAGE, PAGING, passes, scope_of
from services.edge.emr_serverless.documents import applications, job_runs
from services.edge.emr_serverless.engine.follower import Follower
from services.edge.emr_serverless.engine.lifecycle import Lifecycle
from services.edge.emr_serverless.store import Store
from services.edge.spark_client import SparkClient, SparkServiceError

CANCELLED = "The job run was cancelled on request"


class JobRuns:
    def __init__(
        self, store: Store, lifecycle: Lifecycle, follower: Follower, spark: SparkClient
    ) -> None:
        self._store, self._lifecycle = store, lifecycle
        self._follower, self._spark = follower, spark

    @operation(
        "StartJobRun",
        differs="Hive, STREAMING and log4j2 classifications are refused.",
    )
    def start_job_run(self, context: RequestContext, request: Document) -> Document:
        caller = f"arn:aws:iam::{context.account_id}:root"
        with self._store.lock:
            application = self._application(context, request)
            tokens = self._store.tokens(scope_of(context), application["applicationId"])
            known = tokens.identifier(request)
            run = self._store.find_run(application, known) if known else None
            if run is None:
                identifier = known or applications.new_id()
                run = job_runs.submitted(request, application, caller, identifier, time.time())
                self._lifecycle.ready_for_job(application)
                tokens.remember(request, identifier)
                self._follower.start(self._store.save(run))
        return {name: run[name] for name in ("applicationId", "jobRunId", "arn")}

    @operation("GetJobRun")
    def get_job_run(self, context: RequestContext, request: Document) -> Document:
        run = job_runs.at_attempt(self._run(context, request), request.get("attempt"))
        return {"jobRun": job_runs.described(run)}

    @operation("ListJobRuns")
    def list_job_runs(self, context: RequestContext, request: Document) -> Document:
        application = self._application(context, request)
        summaries = [
            job_runs.summary(run)
            for run in reversed(self._store.runs(application))
            if passes(request, run)
        ]
        return PAGING.page(request, "jobRuns", summaries, PAGE, "id")

    @operation("ListJobRunAttempts")
    def list_job_run_attempts(self, context: RequestContext, request: Document) -> Document:
        attempts = job_runs.attempt_summaries(self._run(context, request))
        return PAGING.page(request, "jobRunAttempts", attempts, PAGE, "attempt")

    @operation("CancelJobRun")
    def cancel_job_run(self, context: RequestContext, request: Document) -> Document:
        run = self._run(context, request)
        if run["state"] in job_runs.ENDED:
            raise errors.validation(
                f"Job run {run['jobRunId']} has ended and cannot be cancelled. Current status:"
                f" {run['state']}"
            )
        try:
            self._follower.cancel(run, CANCELLED)
        except SparkServiceError as error:
            raise errors.internal(str(error)) from error
        return {name: run[name] for name in ("applicationId", "jobRunId")}

    @operation(
        "GetDashboardForJobRun",
        differs="The address of Spark's own UI while it runs, of the history server afterwards.",
    )
    def get_dashboard_for_job_run(self, context: RequestContext, request: Document) -> Document:
        run = job_runs.at_attempt(self._run(context, request), request.get("attempt"))
        try:
            return {"url": self._spark.ui_url(job_runs.spark_run_id(run))}
        except SparkServiceError as error:
            failure = errors.validation if error.refused else errors.internal
            raise failure(str(error)) from error

    def _application(self, context: RequestContext, request: Document) -> Document:
        return self._store.application(scope_of(context), request["applicationId"])

    def _run(self, context: RequestContext, request: Document) -> Document:
        return self._store.run(self._application(context, request), request["jobRunId"])
