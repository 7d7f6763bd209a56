"""AWS Glue's job operations: requests in, documents and the Spark service behind."""

from __future__ import annotations

import secrets
import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import operation
from services.edge.glue import errors, jobs, runs
from services.edge.glue.follower import KIND as RUN
from services.edge.glue.follower import key
from services.edge.glue.paging import PAGE, PAGING
from services.edge.glue.places import Place, PlacedOperations
from services.edge.glue.starts import JOB, found_job, runs_of, start_run
from services.edge.glue.tag_operations import own
from services.edge.spark_client import SparkServiceError

Request = dict[str, Any]


class JobOperations(PlacedOperations):
    """A part of the provider."""

    @operation(
        "CreateJob",
        differs="Commands glueetl (Glue 5.0) and pythonshell; connections and queuing are refused.",
    )
    def create_job(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        name = request["Name"]
        if place.records.get(JOB, name):
            raise errors.already_exists(f"Job {name}")
        job = jobs.created(request, time.time())
        place.records.put(JOB, name, {**job, **own(context, "job", name, request)})
        return {"Name": name}

    @operation("GetJob")
    def get_job(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        return {"Job": runs.described(found_job(place.records, request["JobName"]))}

    @operation("GetJobs")
    def get_jobs(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        found = [runs.described(job) for job in place.records.list(JOB)]
        return PAGING.page(request, "Jobs", found, PAGE, "Name")

    @operation("ListJobs")
    def list_jobs(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        wanted = (request.get("Tags") or {}).items()
        found = [job["Name"] for job in place.records.list(JOB) if wanted <= job["_tags"].items()]
        return PAGING.page(request, "JobNames", found, PAGE)

    @operation("UpdateJob")
    def update_job(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        job = found_job(place.records, request["JobName"])
        changed = jobs.updated(job, request["JobUpdate"], time.time())
        kept = {name: job[name] for name in ("_tags", "_arn")}
        place.records.put(JOB, job["Name"], {**changed, **kept})
        return {"JobName": job["Name"]}

    @operation(
        "DeleteJob",
        differs="Its runs' records go with it; the same answer where there is no such job.",
    )
    def delete_job(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        for run in place.records.list(RUN, key(request["JobName"], "")):
            place.follower.stop(run, "STOPPED")
            place.records.delete(RUN, key(run["JobName"], run["Id"]))
        place.records.delete(JOB, request["JobName"])
        return {"JobName": request["JobName"]}

    @operation(
        "StartJobRun",
        differs="The role is not assumed; --additional-python-modules, --extra-files are refused.",
    )
    def start_job_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        run_id = f"jr_{secrets.token_hex(32)}"
        return {"JobRunId": start_run(place.records, place.follower, request, run_id, {})["Id"]}

    @operation("GetJobRun")
    def get_job_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        run = place.follower.find(request["JobName"], request["RunId"])
        if run is None:
            raise errors.not_found(f"Job run {request['RunId']} of job {request['JobName']}")
        return {"JobRun": runs.described_at(run, time.time())}

    @operation("GetJobRuns")
    def get_job_runs(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        found_job(place.records, request["JobName"])
        newest_first = reversed(runs_of(place.records, request["JobName"]))
        found = [runs.described_at(run, time.time()) for run in newest_first]
        return PAGING.page(request, "JobRuns", found, PAGE, "Id")

    @operation("BatchStopJobRun")
    def batch_stop_job_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        stopped: list[Request] = []
        refused: list[Request] = []
        for run_id in request["JobRunIds"]:
            known = {"JobName": request["JobName"], "JobRunId": run_id}
            error = _stop(place, request["JobName"], run_id)
            if error is None:
                stopped.append(known)
            else:
                detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
                refused.append({**known, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": refused}


def _stop(place: Place, job: str, run_id: str) -> errors.GlueError | None:
    """Why the run cannot be stopped, or nothing where it is being stopped."""
    run = place.follower.find(job, run_id)
    if run is None:
        return errors.not_found(f"Job run {run_id} of job {job}")
    if run["JobRunState"] not in runs.ACTIVE:
        return errors.invalid_input(f"Job run {run_id} has ended: {run['JobRunState']}.")
    try:
        place.follower.stop(run, "STOPPED")
    except SparkServiceError as error:
        return errors.internal(str(error))
    return None
