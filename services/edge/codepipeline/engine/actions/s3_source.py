"""The action Source/S3: a version of an object, as it is, becomes the artifact.

https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.engine.actions import artifacts
from services.edge.codepipeline.errors import ActionError
from services.edge.codepipeline.store import Pipeline


class S3Source:
    def __init__(self, client: Callable[[str, Pipeline], Any]) -> None:
        self._client = client

    def head(self, configuration: dict[str, str], pipeline: Pipeline) -> str | None:
        """The object's present version; None without the object or where it has no versions."""
        s3 = self._client("s3", pipeline)
        place = {"Bucket": configuration["S3Bucket"], "Key": configuration["S3ObjectKey"]}
        try:
            version: str | None = s3.head_object(**place).get("VersionId")
        except ClientError:
            return None
        return None if version == "null" else version

    def __call__(self, pipeline: Pipeline, execution: Execution, run: Run) -> Outcome:
        s3, configuration = self._client("s3", pipeline), run["configuration"]
        asked = execution["overrides"].get(run["name"], {})
        source = {
            "Bucket": configuration["S3Bucket"],
            "Key": asked.get("S3_OBJECT_KEY", configuration["S3ObjectKey"]),
        }
        _check_versioned(s3, source["Bucket"])
        if version := asked.get("S3_OBJECT_VERSION_ID"):
            source["VersionId"] = version
        found = _described(s3, source)
        source["VersionId"] = found["VersionId"]
        name = run["action"]["outputArtifacts"][0]["name"]
        bucket = execution["declaration"]["artifactStore"]["location"]
        place = artifacts.place(bucket, execution["pipeline"], name)
        artifacts.copied(s3, source, place)
        summary = f"Amazon S3 version id: {found['VersionId']}"
        return Outcome(
            summary=summary,
            external_id=found["VersionId"],
            variables={
                "BucketName": source["Bucket"],
                "ETag": found["ETag"].strip('"'),
                "ObjectKey": source["Key"],
                "VersionId": found["VersionId"],
            },
            artifacts={name: place},
            revision={
                "name": name,
                "revisionId": found["VersionId"],
                "revisionSummary": summary,
                "created": found["LastModified"].timestamp(),
            },
        )


def _check_versioned(s3: Any, bucket: str) -> None:
    try:
        status = s3.get_bucket_versioning(Bucket=bucket).get("Status", "not enabled")
    except ClientError as error:
        raise artifacts.refused(error, bucket) from error
    if status != "Enabled":
        raise ActionError(
            "ConfigurationError",
            f"Expected versioning to be enabled on the source bucket {bucket}, found it"
            f" {status.lower()}: a revision of the source is a version of the object",
        )


def _described(s3: Any, source: dict[str, str]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = s3.head_object(**source)
    except ClientError as error:
        # The answer to HEAD has no body, so S3 says no more than its status.
        version = f" in version {source['VersionId']}" if "VersionId" in source else ""
        raise ActionError(
            "ConfigurationError",
            f"The source bucket {source['Bucket']} has no object {source['Key']}{version}"
            f" that can be read (Amazon S3: {error.response['Error']['Code']})",
        ) from error
    if found.get("VersionId") in (None, "null"):
        raise ActionError(
            "ConfigurationError",
            f"The object {source['Key']} is older than the versioning of the source bucket"
            f" {source['Bucket']}: upload it again",
        )
    return found
