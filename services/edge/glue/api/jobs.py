"""AWS Glue's job operations: requests in, documents and the Spark service behind."""

from __future__ import annotations

import secrets
import time
from typing import Any, cast

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGE, PAGING
from services.edge.glue.api.resource_tags import tag_fields
from services.edge.glue.documents import job_runs, jobs
from services.edge.glue.documents.job_documents import Job
from services.edge.glue.engine.accounts import Account
from services.edge.glue.engine.job_starts import start_run
from services.edge.glue.store import JOB, JOB_RUN, key, require
from services.edge.glue.store import job_runs as runs_of
from services.edge.spark_client import SparkServiceError

Request = dict[str, Any]


class Jobs(Operations):
    @operation(
        "CreateJob",
        differs="Commands glueetl (Glue 5.0) and pythonshell; connections and queuing are refused.",
    )
    def create_job(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        name = request["Name"]
        if account.records.get(JOB, name):
            raise errors.already_exists(f"Job {name}")
        job = jobs.created(request, time.time())
        account.records.put(JOB, name, {**job, **tag_fields(context, "job", name, request)})
        return {"Name": name}

    @operation("GetJob")
    def get_job(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        return {"Job": job_runs.described(require(account.records, JOB, request["JobName"]))}

    @operation("GetJobs")
    def get_jobs(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        found = [job_runs.described(job) for job in account.records.list(JOB)]
        return PAGING.page(request, "Jobs", found, PAGE, "Name")

    @operation("ListJobs")
    def list_jobs(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        wanted = (request.get("Tags") or {}).items()
        found = [job["Name"] for job in account.records.list(JOB) if wanted <= job["_tags"].items()]
        return PAGING.page(request, "JobNames", found, PAGE)

    @operation("UpdateJob")
    def update_job(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        job = cast(Job, require(account.records, JOB, request["JobName"]))
        changed = jobs.updated(job, request["JobUpdate"], time.time())
        kept = {"_tags": job["_tags"], "_arn": job["_arn"]}
        account.records.put(JOB, job["Name"], {**changed, **kept})
        return {"JobName": job["Name"]}

    @operation(
        "DeleteJob",
        differs="Its runs' records go with it; the same answer where there is no such job.",
    )
    def delete_job(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        for run in runs_of(account.records, request["JobName"]):
            account.follower.stop(run, "STOPPED")
            account.records.delete(JOB_RUN, key(run["JobName"], run["Id"]))
        account.records.delete(JOB, request["JobName"])
        return {"JobName": request["JobName"]}

    @operation(
        "StartJobRun",
        differs="--additional-python-modules, --extra-files are refused.",
    )
    def start_job_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        run_id = f"jr_{secrets.token_hex(32)}"
        return {"JobRunId": start_run(account.records, account.follower, request, run_id, {})["Id"]}

    @operation("GetJobRun")
    def get_job_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        run = account.follower.find(request["JobName"], request["RunId"])
        if run is None:
            raise errors.not_found(f"Job run {request['RunId']} of job {request['JobName']}")
        return {"JobRun": job_runs.described_at(run, time.time())}

    @operation("GetJobRuns")
    def get_job_runs(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        require(account.records, JOB, request["JobName"])
        newest_first = reversed(runs_of(account.records, request["JobName"]))
        found = [job_runs.described_at(run, time.time()) for run in newest_first]
        return PAGING.page(request, "JobRuns", found, PAGE, "Id")

    @operation("BatchStopJobRun")
    def batch_stop_job_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        stopped: list[Request] = []
        refused: list[Request] = []
        for run_id in request["JobRunIds"]:
            known = {"JobName": request["JobName"], "JobRunId": run_id}
            error = _stop(account, request["JobName"], run_id)
            if error is None:
                stopped.append(known)
            else:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                refused.append({**known, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": refused}


def _stop(account: Account, job: str, run_id: str) -> errors.GlueError | None:
    """Why the run cannot be stopped, or nothing where it is being stopped."""
    run = account.follower.find(job, run_id)
    if run is None:
        return errors.not_found(f"Job run {run_id} of job {job}")
    if run["JobRunState"] not in job_runs.ACTIVE:
        return errors.invalid_input(f"Job run {run_id} has ended: {run['JobRunState']}.")
    try:
        account.follower.stop(run, "STOPPED")
    except SparkServiceError as error:
        return errors.internal(str(error))
    return None
