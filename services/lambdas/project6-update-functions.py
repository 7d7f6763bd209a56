"""The code pipeline's last action: gives each Lambda function the source of the pipeline's commit.

Only the stack changes this function's own code, never the pipeline (docs/adr/0006).
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import zipfile
from functools import cache
from typing import Any

import boto3

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

FOLDER = "Python_codes"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
LONGEST_MESSAGE = 5000


class SourceError(Exception):
    """The commit has no source for a function, or one that is no Python."""


def lambda_handler(event: dict[str, Any], context: Any) -> None:  # noqa: ARG001
    """Report the job's end to CodePipeline; a failure is the action's, not this function's."""
    job = event["CodePipeline.job"]
    try:
        updated = update_functions(job["data"])
    except Exception as error:
        LOG.exception("job %s failed", job["id"])
        message = f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]
        details = {"type": "JobFailed", "message": message}
        client("codepipeline").put_job_failure_result(jobId=job["id"], failureDetails=details)
        return
    summary = f"Updated {', '.join(updated)}" if updated else "No function has changed"
    LOG.info("job %s: %s", job["id"], summary)
    client("codepipeline").put_job_success_result(
        jobId=job["id"], executionDetails={"summary": summary}
    )


def update_functions(data: dict[str, Any]) -> list[str]:
    """Update the functions that UserParameters names, separated by commas; return the changed.

    A function's source is the module of its handler. Every source is checked before the first
    function is touched.
    """
    names = data["actionConfiguration"]["configuration"]["UserParameters"].split(",")
    tree = read_artifact(data["inputArtifacts"][0]["location"], data["artifactCredentials"])
    functions = client("lambda")
    present = {name: functions.get_function_configuration(FunctionName=name) for name in names}
    zips = {name: package(present[name]["Handler"], tree) for name in names}
    return [name for name in names if update(functions, present[name], zips[name])]


def read_artifact(location: dict[str, Any], credentials: dict[str, str]) -> dict[str, bytes]:
    """The files of the commit, read with the pipeline's rights."""
    s3 = boto3.client(
        "s3",
        aws_access_key_id=credentials["accessKeyId"],
        aws_secret_access_key=credentials["secretAccessKey"],
        aws_session_token=credentials["sessionToken"],
    )
    place = location["s3Location"]
    content = s3.get_object(Bucket=place["bucketName"], Key=place["objectKey"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(handler: str, tree: dict[str, bytes]) -> bytes:
    """The function's zip, the same bytes for the same source; a broken source raises."""
    module = handler.rpartition(".")[0]
    path = f"{FOLDER}/{module}.py"
    if path not in tree:
        raise SourceError(f"Expected {path} in the commit, found no such file")
    try:
        compile(tree[path], path, "exec")
    except (SyntaxError, ValueError) as error:
        raise SourceError(f"Expected {path} to be Python, found: {error}") from error
    return zip_of(f"{module}.py", tree[path])


def zip_of(file_name: str, source: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo(file_name, EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16  # Lambda must be able to read it
        entry.create_system = 3
        archive.writestr(entry, source)
    return content.getvalue()


def update(functions: Any, present: dict[str, Any], content: bytes) -> bool:
    """Whether the function had other code; waits until it runs with the new."""
    name = present["FunctionName"]
    if present["CodeSha256"] == base64.b64encode(hashlib.sha256(content).digest()).decode():
        return False
    functions.update_function_code(FunctionName=name, ZipFile=content)
    functions.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    LOG.info("updated %s, %d bytes", name, len(content))
    return True


@cache
def client(service: str) -> Any:
    session: Any = boto3.session.Session()
    return session.client(service)
