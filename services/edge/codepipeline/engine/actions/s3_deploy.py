"""The action Deploy/S3: the artifact's files, or the artifact as it is, into a bucket."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any

from services.edge.codepipeline.documents.action_runs import Outcome, Run
from services.edge.codepipeline.documents.executions import Execution
from services.edge.codepipeline.engine.actions import artifacts
from services.edge.codepipeline.store import Pipeline


class S3Deploy:
    """Nothing is deleted from the bucket, as on AWS."""

    def __init__(self, client: Callable[[str, Pipeline], Any]) -> None:
        self._client = client

    def __call__(self, pipeline: Pipeline, _: Execution, run: Run) -> Outcome:
        s3, configuration = self._client("s3", pipeline), run["configuration"]
        (source,) = run["inputs"].values()
        objects = deployed(artifacts.read(s3, source), configuration)
        headers = {
            name: configuration[key]
            for name, key in (("ACL", "CannedACL"), ("CacheControl", "CacheControl"))
            if key in configuration
        }
        for key, content in objects.items():
            kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
            bucket = configuration["BucketName"]
            artifacts.put(s3, bucket, key, content, ContentType=kind, **headers)
        return Outcome(summary="Deployment Succeeded")


def deployed(artifact: bytes, configuration: dict[str, str]) -> dict[str, bytes]:
    """The objects that the bucket gets, by key; ObjectKey is a prefix where files are extracted."""
    key = configuration.get("ObjectKey", "")
    if configuration["Extract"] == "false":
        return {key: artifact}
    prefix = f"{key.strip('/')}/" if key else ""
    return {f"{prefix}{name}": content for name, content in artifacts.unzipped(artifact).items()}
