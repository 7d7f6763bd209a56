"""Where a run's driver output goes: CloudWatch Logs and S3, at the names that AWS uses."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
DEFAULT_GROUP = "/aws/emr-serverless"
STREAMS = ("stdout", "stderr")


def folder(run: Document) -> str:
    attempt = "" if run["attempt"] == 1 else f"/attempts/{run['attempt']}"
    return f"applications/{run['applicationId']}/jobs/{run['jobRunId']}{attempt}/SPARK_DRIVER"


def log_streams(where: Document, run: Document) -> dict[str, tuple[str, str]]:
    """Log group and stream of each of the driver's streams that is wanted in CloudWatch Logs."""
    settings = where.get("cloudWatchLoggingConfiguration") or {}
    if not settings.get("enabled"):
        return {}
    wanted = (settings.get("logTypes") or {}).get("SPARK_DRIVER") or ["STDOUT", "STDERR"]
    prefix = settings.get("logStreamNamePrefix") or ""
    group = settings.get("logGroupName") or DEFAULT_GROUP
    return {
        stream: (group, f"{prefix}/{folder(run)}/{stream}")
        for stream in STREAMS
        if stream.upper() in wanted
    }


def objects(where: Document, run: Document) -> dict[str, tuple[str, str]]:
    """Bucket and key of each of the driver's streams, where they are wanted in S3."""
    settings = where.get("s3MonitoringConfiguration") or {}
    if not settings.get("logUri"):
        return {}
    bucket, _, prefix = settings["logUri"].removeprefix("s3://").rstrip("/").partition("/")
    start = f"{prefix}/" if prefix else ""
    return {stream: (bucket, f"{start}{folder(run)}/{stream}.gz") for stream in STREAMS}
