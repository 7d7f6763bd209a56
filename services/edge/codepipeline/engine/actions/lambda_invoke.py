"""The action Invoke/Lambda: a function is given a job, and reports how the job ended."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from services.edge.codepipeline.documents import executions
from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.engine.actions import artifacts
from services.edge.codepipeline.engine.clients import worker_of
from services.edge.codepipeline.errors import ActionError
from services.edge.codepipeline.store import Pipeline, Store

CONTINUATION_SECONDS = 2.0
Job = dict[str, Any]


class LambdaInvoke:
    """The function's answer is waited for only to learn of its failure: AWS would time out."""

    def __init__(self, store: Store, client: Callable[[str, Pipeline], Any]) -> None:
        self._store = store
        self._client = client

    def __call__(self, pipeline: Pipeline, execution: Execution, run: Run) -> Outcome | None:
        bucket = execution["declaration"]["artifactStore"]["location"]
        outputs = {
            output["name"]: artifacts.place(bucket, execution["pipeline"], output["name"])
            for output in run["action"]["outputArtifacts"]
        }
        self.invoke(pipeline, new_job(execution, run, outputs), run)
        return None

    def again(self, pipeline: Pipeline, job: Job, continuation: str) -> None:
        """Go on with a job that its function has put off; quietly not, where it has ended."""
        time.sleep(CONTINUATION_SECONDS)
        execution = self._store.execution(job["arn"], job["execution"])
        run = executions.find_run(execution, job["run"]) if execution else None
        if run is not None and run["status"] == "InProgress":
            self.invoke(pipeline, {**job, "continuation": continuation}, run)

    def invoke(self, pipeline: Pipeline, job: Job, run: Run) -> None:
        """Hand the job to the function; raises ActionError where the function fails."""
        job_id = str(uuid.uuid4())
        self._store.put_job({**job, "id": job_id, "answered": False})
        event = job_event(job_id, job, run, pipeline["account"], self._credentials(pipeline))
        name = run["configuration"]["FunctionName"]
        try:
            answer = self._client("lambda", pipeline).invoke(
                FunctionName=name, Payload=json.dumps(event).encode()
            )
        except ClientError as error:
            raise ActionError("ConfigurationError", error.response["Error"]["Message"]) from error
        if "FunctionError" in answer:
            raise ActionError("JobFailed", _failure(name, answer["Payload"].read()))

    def _credentials(self, pipeline: Pipeline) -> dict[str, str]:
        """The pipeline's role, for the function to read and write the artifacts with."""
        found = worker_of(pipeline).credentials()
        return {
            "accessKeyId": found.access_key,
            "secretAccessKey": found.secret_key,
            "sessionToken": found.token,
        }


def new_job(execution: Execution, run: Run, outputs: dict[str, artifacts.Place]) -> Job:
    return {
        "arn": execution["arn"],
        "execution": execution["id"],
        "run": run["id"],
        "outputs": outputs,
    }


def job_event(
    job_id: str, job: Job, run: Run, account: str, credentials: dict[str, str]
) -> dict[str, Any]:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html"""
    data = {
        "actionConfiguration": {"configuration": run["configuration"]},
        "inputArtifacts": _artifacts(run["inputs"]),
        "outputArtifacts": _artifacts(job["outputs"]),
        "artifactCredentials": credentials,
    }
    if "continuation" in job:
        data["continuationToken"] = job["continuation"]
    return {"CodePipeline.job": {"id": job_id, "accountId": account, "data": data}}


def _artifacts(places: dict[str, artifacts.Place]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "revision": None,
            "location": {
                "type": "S3",
                "s3Location": {"bucketName": place["bucket"], "objectKey": place["key"]},
            },
        }
        for name, place in places.items()
    ]


def _failure(function: str, payload: bytes) -> str:
    try:
        found = json.loads(payload)
        message = f"{found.get('errorType', 'Error')}: {found['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        message = payload.decode(errors="replace")
    return f"The AWS Lambda function {function} failed: {message}"
