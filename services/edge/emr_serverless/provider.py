"""EMR Serverless: requests in, documents and the Spark service behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.api.core import handler
from localstack.aws.connect import connect_to

from services.edge.emr_serverless import applications, errors, job_runs
from services.edge.emr_serverless.follower import APPLICATION, KIND, Follower
from services.edge.spark_client import SparkClient, SparkServiceError
from services.edge.store.records import Records

Request = dict[str, Any]
PAGE = 50
STARTING_SECONDS = 0.2
IDLE_CHECK_SECONDS = 5.0


class EmrServerlessProvider:
    """Every operation that is not here is answered as not implemented."""

    service = "emr-serverless"

    def __init__(self, records: Records, spark: SparkClient) -> None:
        self._records, self._spark = records, spark
        self._follower = Follower(records, spark, lambda name: getattr(connect_to(), name))
        self._follower.resume()
        threading.Thread(target=self._stop_idle, name="emr-auto-stop", daemon=True).start()

    @handler("CreateApplication", expand=False)
    def create_application(self, context: RequestContext, request: Request) -> Request:
        arn = f"arn:aws:emr-serverless:{context.region}:{context.account_id}"
        with self._follower.lock:
            known = self._with_token(APPLICATION, "", request)
            application = known or {
                **applications.created(request, arn, time.time()),
                "_token": request["clientToken"],
                "_request": _without_token(request),
            }
            self._save(application)
        return {name: application[name] for name in ("applicationId", "name", "arn")}

    @handler("GetApplication", expand=False)
    def get_application(self, _: RequestContext, request: Request) -> Request:
        return {"application": job_runs.described(self._application(request["applicationId"]))}

    @handler("ListApplications", expand=False)
    def list_applications(self, _: RequestContext, request: Request) -> Request:
        states = request.get("states")
        found = [
            applications.summary(one)
            for one in self._records.list(APPLICATION)
            if one["state"] != "TERMINATED" and (not states or one["state"] in states)
        ]
        return _page(request, "applications", found)

    @handler("UpdateApplication", expand=False)
    def update_application(self, _: RequestContext, request: Request) -> Request:
        with self._follower.lock:
            application = self._application(request["applicationId"])
            changed = applications.updated(application, request, time.time())
            self._save(changed)
        return {"application": job_runs.described(changed)}

    @handler("StartApplication", expand=False)
    def start_application(self, _: RequestContext, request: Request) -> Request:
        with self._follower.lock:
            application = self._application(request["applicationId"])
            if application["state"] == "TERMINATED":
                raise errors.validation(f"Application {application['applicationId']} is terminated")
            if application["state"] in applications.STOPPED:
                self._start(application)
        return {}

    @handler("StopApplication", expand=False)
    def stop_application(self, _: RequestContext, request: Request) -> Request:
        with self._follower.lock:
            application = self._application(request["applicationId"])
            if self._active(application["applicationId"]):
                raise errors.validation(
                    f"Application {application['applicationId']} has job runs that have not ended:"
                    " wait for them or cancel them first"
                )
            if application["state"] not in applications.STOPPED:
                self._change_state(application, "STOPPED")
        return {}

    @handler("DeleteApplication", expand=False)
    def delete_application(self, _: RequestContext, request: Request) -> Request:
        with self._follower.lock:
            application = self._application(request["applicationId"])
            if application["state"] not in applications.STOPPED:
                raise applications.wrong_state(application)
            self._change_state(application, "TERMINATED")
        return {}

    @handler("StartJobRun", expand=False)
    def start_job_run(self, context: RequestContext, request: Request) -> Request:
        principal = f"arn:aws:iam::{context.account_id}:root"
        with self._follower.lock:
            application = self._application(request["applicationId"])
            run = self._with_token(KIND, f"{application['applicationId']}/", request)
            if run is None:
                self._make_ready(application)
                run = job_runs.submitted(request, application, principal, time.time())
                self._follower.save(run)
                self._follower.start(run)
        return {name: run[name] for name in ("applicationId", "jobRunId", "arn")}

    @handler("GetJobRun", expand=False)
    def get_job_run(self, _: RequestContext, request: Request) -> Request:
        return {"jobRun": job_runs.described(self._run(request))}

    @handler("ListJobRuns", expand=False)
    def list_job_runs(self, _: RequestContext, request: Request) -> Request:
        self._application(request["applicationId"])
        states = request.get("states")
        found = [
            job_runs.summary(run)
            for run in reversed(self._runs(request["applicationId"]))
            if not states or run["state"] in states
        ]
        return _page(request, "jobRuns", found)

    @handler("ListJobRunAttempts", expand=False)
    def list_job_run_attempts(self, _: RequestContext, request: Request) -> Request:
        run = self._run(request)
        attempts = [job_runs.attempt_summary(run), *reversed(run["_attempts"])]
        return _page(request, "jobRunAttempts", attempts)

    @handler("CancelJobRun", expand=False)
    def cancel_job_run(self, _: RequestContext, request: Request) -> Request:
        run = self._run(request)
        if run["state"] in job_runs.ENDED:
            raise errors.validation(f"Job run {run['jobRunId']} is in state {run['state']}")
        self._follower.cancel(run)
        return {name: run[name] for name in ("applicationId", "jobRunId")}

    @handler("GetDashboardForJobRun", expand=False)
    def get_dashboard_for_job_run(self, _: RequestContext, request: Request) -> Request:
        try:
            return {"url": self._spark.ui_url(job_runs.spark_run_id(self._run(request)))}
        except SparkServiceError as error:
            raise errors.validation(str(error)) from error

    @handler("ListTagsForResource", expand=False)
    def list_tags_for_resource(self, _: RequestContext, request: Request) -> Request:
        return {"tags": self._tagged(request["resourceArn"])["tags"]}

    @handler("TagResource", expand=False)
    def tag_resource(self, _: RequestContext, request: Request) -> Request:
        tagged = self._tagged(request["resourceArn"])
        self._save({**tagged, "tags": {**tagged["tags"], **request["tags"]}})
        return {}

    @handler("UntagResource", expand=False)
    def untag_resource(self, _: RequestContext, request: Request) -> Request:
        tagged = self._tagged(request["resourceArn"])
        kept = {k: v for k, v in tagged["tags"].items() if k not in request["tagKeys"]}
        self._save({**tagged, "tags": kept})
        return {}

    def _make_ready(self, application: Request) -> None:
        if application["state"] == "TERMINATED":
            raise errors.validation(f"Application {application['applicationId']} is terminated")
        if application["state"] in applications.STOPPED:
            if not application["autoStartConfiguration"].get("enabled", True):
                raise errors.validation(
                    f"Application {application['applicationId']} is not started and does not start"
                    " on submission: call StartApplication first"
                )
            self._start(application)

    def _start(self, application: Request) -> None:
        self._change_state(application, "STARTING")
        identifier = application["applicationId"]
        threading.Timer(STARTING_SECONDS, self._started, (identifier,)).start()

    def _started(self, identifier: str) -> None:
        with self._follower.lock:
            application = self._application(identifier)
            if application["state"] == "STARTING":
                self._change_state(application, "STARTED")

    def _stop_idle(self) -> None:
        while True:
            time.sleep(IDLE_CHECK_SECONDS)
            with self._follower.lock:
                for application in self._records.list(APPLICATION):
                    if application["state"] == "STARTED" and self._is_idle(application):
                        self._change_state(application, "STOPPED")

    def _is_idle(self, application: Request) -> bool:
        stop = application["autoStopConfiguration"]
        if not stop.get("enabled", True):
            return False
        runs = self._runs(application["applicationId"])
        last = max([application["updatedAt"], *(run["updatedAt"] for run in runs)])
        return not self._active(application["applicationId"]) and (
            time.time() - last > stop["idleTimeoutMinutes"] * 60
        )

    def _active(self, application_id: str) -> bool:
        return any(run["state"] not in job_runs.ENDED for run in self._runs(application_id))

    def _with_token(self, kind: str, prefix: str, request: Request) -> Request | None:
        """What an earlier request with the same client token made."""
        for known in self._records.list(kind, prefix):
            if known["_token"] == request["clientToken"]:
                if known["_request"] != _without_token(request):
                    raise errors.conflict("clientToken was used with a different request before")
                return known
        return None

    def _application(self, identifier: str) -> Request:
        application = self._records.get(APPLICATION, identifier)
        if application is None:
            raise errors.not_found("Application", identifier)
        return application

    def _run(self, request: Request) -> Request:
        self._application(request["applicationId"])
        run = self._follower.find(request["applicationId"], request["jobRunId"])
        if run is None:
            raise errors.not_found("Job run", request["jobRunId"])
        return run

    def _runs(self, application_id: str) -> Sequence[Request]:
        return self._records.list(KIND, f"{application_id}/")

    def _tagged(self, arn: str) -> Request:
        _, _, path = arn.partition(":/applications/")
        identifier, _, run_id = path.partition("/jobruns/")
        found = self._follower.find(identifier, run_id) if run_id else None
        if run_id and found is None:
            raise errors.not_found("Job run", run_id)
        return found or self._application(identifier)

    def _change_state(self, application: Request, state: str) -> None:
        self._save({**application, "state": state, "updatedAt": time.time()})

    def _save(self, document: Request) -> None:
        if "jobRunId" in document:
            self._follower.save(document)
        else:
            self._records.put(APPLICATION, document["applicationId"], document)


def _without_token(request: Request) -> Request:
    return {name: value for name, value in request.items() if name != "clientToken"}


def _page(request: Request, name: str, documents: list[Request]) -> Request:
    start = int(request.get("nextToken") or 0)
    end = start + min(request.get("maxResults") or PAGE, PAGE)
    answer: Request = {name: documents[start:end]}
    if end < len(documents):
        answer["nextToken"] = str(end)
    return answer
