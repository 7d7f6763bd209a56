"""EMR Serverless: requests in, documents and the Spark service behind."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.connect import connect_to

from services.edge.aws import tags
from services.edge.aws.operation import operation
from services.edge.emr_serverless import applications, errors, job_runs, states
from services.edge.emr_serverless.follower import Follower
from services.edge.emr_serverless.lifecycle import Lifecycle
from services.edge.emr_serverless.paging import PAGE, PAGING, wanted
from services.edge.emr_serverless.store import Store
from services.edge.spark_client import SparkClient, SparkServiceError
from services.edge.store.records import Records

Request = dict[str, Any]
CANCELLED = "The job run was cancelled on request"


class EmrServerlessProvider:
    """Applications and job runs of Spark, each run a driver process of its own on this machine."""

    service = "emr-serverless"

    def __init__(self, records: Records, spark: SparkClient) -> None:
        self._store, self._spark = Store(records), spark
        self._lifecycle = Lifecycle(self._store, spark)
        self._follower = Follower(self._store, spark, _client_of)
        self._lifecycle.resume()
        self._follower.resume()

    @operation(
        "CreateApplication",
        differs="Spark 3.5 whatever the release; images, Livy, queues and identities are refused.",
    )
    def create_application(self, context: RequestContext, request: Request) -> Request:
        scope = _scope(context)
        with self._store.lock:
            tokens = self._store.tokens(scope)
            known = tokens.identifier(request)
            application = self._store.find_application(scope, known) if known else None
            if application is None:
                identifier = known or applications.new_id()
                application = applications.created(request, scope, identifier, time.time())
                tokens.remember(request, identifier)
                self._store.save(application)
        return {name: application[name] for name in ("applicationId", "name", "arn")}

    @operation("GetApplication")
    def get_application(self, context: RequestContext, request: Request) -> Request:
        return {"application": job_runs.described(self._application(context, request))}

    @operation("ListApplications")
    def list_applications(self, context: RequestContext, request: Request) -> Request:
        found = [
            applications.summary(one)
            for one in self._store.applications(_scope(context))
            if one["state"] != "TERMINATED" and wanted(request, one)
        ]
        return PAGING.page(request, "applications", found, PAGE, "id")

    @operation(
        "UpdateApplication",
        differs="Capacity and network are kept; one Spark service has them for all applications.",
    )
    def update_application(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            application = self._application(context, request)
            changed = self._store.save(applications.updated(application, request, time.time()))
        return {"application": job_runs.described(changed)}

    @operation("StartApplication")
    def start_application(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            self._lifecycle.start(self._application(context, request))
        return {}

    @operation("StopApplication")
    def stop_application(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            self._lifecycle.stop(self._application(context, request))
        return {}

    @operation("DeleteApplication")
    def delete_application(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            application = self._application(context, request)
            self._store.save(states.terminated(application, time.time()))
        return {}

    @operation(
        "StartJobRun",
        differs="The role is not assumed; Hive, STREAMING and log4j2 classifications are refused.",
    )
    def start_job_run(self, context: RequestContext, request: Request) -> Request:
        caller = f"arn:aws:iam::{context.account_id}:root"
        with self._store.lock:
            application = self._application(context, request)
            tokens = self._store.tokens(_scope(context), application["applicationId"])
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
    def get_job_run(self, context: RequestContext, request: Request) -> Request:
        run = job_runs.at_attempt(self._run(context, request), request.get("attempt"))
        return {"jobRun": job_runs.described(run)}

    @operation("ListJobRuns")
    def list_job_runs(self, context: RequestContext, request: Request) -> Request:
        application = self._application(context, request)
        found = [
            job_runs.summary(run)
            for run in reversed(self._store.runs(application))
            if wanted(request, run)
        ]
        return PAGING.page(request, "jobRuns", found, PAGE, "id")

    @operation("ListJobRunAttempts")
    def list_job_run_attempts(self, context: RequestContext, request: Request) -> Request:
        attempts = job_runs.attempt_summaries(self._run(context, request))
        return PAGING.page(request, "jobRunAttempts", attempts, PAGE, "attempt")

    @operation("CancelJobRun")
    def cancel_job_run(self, context: RequestContext, request: Request) -> Request:
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
    def get_dashboard_for_job_run(self, context: RequestContext, request: Request) -> Request:
        run = job_runs.at_attempt(self._run(context, request), request.get("attempt"))
        try:
            return {"url": self._spark.ui_url(job_runs.spark_run_id(run))}
        except SparkServiceError as error:
            failure = errors.validation if error.refused else errors.internal
            raise failure(str(error)) from error

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, context: RequestContext, request: Request) -> Request:
        return {"tags": self._tagged(context, request)["tags"]}

    @operation("TagResource")
    def tag_resource(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            tagged = self._tagged(context, request)
            changed = tags.added(tagged["tags"], request["tags"], errors.validation)
            self._store.save({**tagged, "tags": changed})
        return {}

    @operation("UntagResource")
    def untag_resource(self, context: RequestContext, request: Request) -> Request:
        with self._store.lock:
            tagged = self._tagged(context, request)
            left = tags.without(tagged["tags"], request["tagKeys"])
            self._store.save({**tagged, "tags": left})
        return {}

    def _application(self, context: RequestContext, request: Request) -> Request:
        return self._store.application(_scope(context), request["applicationId"])

    def _run(self, context: RequestContext, request: Request) -> Request:
        application = self._application(context, request)
        return self._store.run(application, request["jobRunId"])

    def _tagged(self, context: RequestContext, request: Request) -> Request:
        scope, arn = _scope(context), request["resourceArn"]
        path = arn.removeprefix(f"{scope}/applications/")
        if path == arn:
            raise errors.validation(f"Expected an ARN that starts with {scope}/, found {arn}")
        identifier, _, run_id = path.partition("/jobruns/")
        application = self._store.application(scope, identifier)
        return self._store.run(application, run_id) if run_id else application


def _scope(context: RequestContext) -> str:
    return f"arn:aws:emr-serverless:{context.region}:{context.account_id}:"


def _client_of(service: str, run: Request) -> Any:
    """A client in the run's own account and region."""
    region, account = run["arn"].split(":")[3:5]
    return getattr(connect_to(region_name=region, aws_access_key_id=account), service)
