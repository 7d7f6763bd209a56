"""AWS Glue's job operations: requests in, documents and the Spark service behind."""

from __future__ import annotations

import secrets
import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.glue import errors, jobs, runs
from services.edge.glue.follower import KIND as RUN
from services.edge.glue.follower import Follower, key
from services.edge.glue.operation import operation
from services.edge.glue.paging import page
from services.edge.glue.tag_operations import own
from services.edge.spark_client import SparkServiceError
from services.edge.store.records import Records

JOB = "glue_job"
Request = dict[str, Any]


class JobOperations:
    """A part of the provider, which sets what is declared here."""

    _records: Records
    _follower: Follower

    @operation("CreateJob")
    def create_job(self, context: RequestContext, request: Request) -> Request:
        """Commands glueetl (Glue 5.0) and pythonshell; connections and queuing are refused."""
        name = request["Name"]
        if self._records.get(JOB, name):
            raise errors.already_exists(f"Job {name}")
        job = jobs.created(request, time.time())
        self._records.put(JOB, name, {**job, **own(context, "job", name, request)})
        return {"Name": name}

    @operation("GetJob")
    def get_job(self, _: RequestContext, request: Request) -> Request:
        return {"Job": runs.described(self._job(request["JobName"]))}

    @operation("GetJobs")
    def get_jobs(self, _: RequestContext, request: Request) -> Request:
        return page(request, "Jobs", [runs.described(job) for job in self._records.list(JOB)])

    @operation("ListJobs")
    def list_jobs(self, _: RequestContext, request: Request) -> Request:
        wanted = (request.get("Tags") or {}).items()
        found = [job["Name"] for job in self._records.list(JOB) if wanted <= job["_tags"].items()]
        return page(request, "JobNames", found)

    @operation("UpdateJob")
    def update_job(self, _: RequestContext, request: Request) -> Request:
        job = self._job(request["JobName"])
        changed = jobs.updated(job, request["JobUpdate"], time.time())
        kept = {name: job[name] for name in ("_tags", "_arn")}
        self._records.put(JOB, job["Name"], {**changed, **kept})
        return {"JobName": job["Name"]}

    @operation("DeleteJob")
    def delete_job(self, _: RequestContext, request: Request) -> Request:
        """Answers alike where there is no such job, as AWS does; its runs' records go with it."""
        for run in self._records.list(RUN, key(request["JobName"], "")):
            self._follower.stop(run, "STOPPED")
            self._records.delete(RUN, key(run["JobName"], run["Id"]))
        self._records.delete(JOB, request["JobName"])
        return {"JobName": request["JobName"]}

    @operation("StartJobRun")
    def start_job_run(self, _: RequestContext, request: Request) -> Request:
        """The role is not assumed; --additional-python-modules and --extra-files are refused."""
        return {"JobRunId": self.start_run(request, f"jr_{secrets.token_hex(32)}", {})["Id"]}

    def start_run(self, request: Request, run_id: str, origin: Request) -> runs.Run:
        """A run going on; `origin` is what it carries of the trigger that starts it."""
        job = self._job(request["JobName"])
        run = {**runs.started(job, request, run_id, time.time()), **origin}
        with self._follower.lock:
            active = [r for r in self._runs(job["Name"]) if r["JobRunState"] in runs.ACTIVE]
            if len(active) >= jobs.max_concurrent_runs(job):
                raise errors.too_many_runs(job["Name"], jobs.max_concurrent_runs(job))
            try:
                self._follower.start(run)
            except SparkServiceError as error:
                failure = errors.invalid_input if error.refused else errors.internal
                raise failure(str(error)) from error
        return run

    @operation("GetJobRun")
    def get_job_run(self, _: RequestContext, request: Request) -> Request:
        run = self._follower.find(request["JobName"], request["RunId"])
        if run is None:
            raise errors.not_found(f"Job run {request['RunId']} of job {request['JobName']}")
        return {"JobRun": runs.described(run)}

    @operation("GetJobRuns")
    def get_job_runs(self, _: RequestContext, request: Request) -> Request:
        self._job(request["JobName"])
        newest_first = reversed(self._runs(request["JobName"]))
        return page(request, "JobRuns", [runs.described(run) for run in newest_first])

    @operation("BatchStopJobRun")
    def batch_stop_job_run(self, _: RequestContext, request: Request) -> Request:
        stopped: list[Request] = []
        refused: list[Request] = []
        for run_id in request["JobRunIds"]:
            known = {"JobName": request["JobName"], "JobRunId": run_id}
            error = self._stop(request["JobName"], run_id)
            if error is None:
                stopped.append(known)
            else:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                refused.append({**known, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": refused}

    def _stop(self, job: str, run_id: str) -> errors.GlueError | None:
        """Why the run cannot be stopped, or nothing where it is being stopped."""
        run = self._follower.find(job, run_id)
        if run is None:
            return errors.not_found(f"Job run {run_id} of job {job}")
        if run["JobRunState"] not in runs.ACTIVE:
            return errors.invalid_input(f"Job run {run_id} has ended: {run['JobRunState']}.")
        try:
            self._follower.stop(run, "STOPPED")
        except SparkServiceError as error:
            return errors.internal(str(error))
        return None

    def _job(self, name: str) -> jobs.Job:
        job = self._records.get(JOB, name)
        if job is None:
            raise errors.not_found(f"Job {name}")
        return job

    def _runs(self, job: str) -> list[runs.Run]:
        return list(self._records.list(RUN, key(job, "")))
