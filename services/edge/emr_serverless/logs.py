"""Where a run's driver output goes: CloudWatch Logs and S3, at the names that AWS uses."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from services.edge import cloudwatch

Document = dict[str, Any]
Client = Callable[[], Any]
DEFAULT_GROUP = "/aws/emr-serverless"
STREAMS = ("stdout", "stderr")


def folder(run: Document) -> str:
    attempt = "" if run["attempt"] == 1 else f"/attempts/{run['attempt']}"
    return f"applications/{run['applicationId']}/jobs/{run['jobRunId']}{attempt}/SPARK_DRIVER"


def to_cloudwatch(client: Client, where: Document, run: Document, stream: str, text: bytes) -> None:
    settings = where.get("cloudWatchLoggingConfiguration") or {}
    wanted = (settings.get("logTypes") or {}).get("SPARK_DRIVER") or ["STDOUT", "STDERR"]
    if not settings.get("enabled") or stream.upper() not in wanted:
        return
    prefix = settings.get("logStreamNamePrefix") or ""
    group = settings.get("logGroupName") or DEFAULT_GROUP
    lines = text.decode(errors="replace").splitlines()
    cloudwatch.append_lines(client(), group, f"{prefix}/{folder(run)}/{stream}", lines)


def to_s3(client: Client, where: Document, run: Document, stream: str, text: bytes) -> None:
    settings = where.get("s3MonitoringConfiguration") or {}
    if not settings.get("logUri"):
        return
    bucket, _, prefix = settings["logUri"].removeprefix("s3://").rstrip("/").partition("/")
    path = f"{folder(run)}/{stream}.gz"
    key = f"{prefix}/{path}" if prefix else path
    client().put_object(Bucket=bucket, Key=key, Body=gzip.compress(text, mtime=0))


DESTINATIONS = {"logs": to_cloudwatch, "s3": to_s3}
