"""What a ResultWriter leaves in S3: files of results by status, and a manifest that names them.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

Document = dict[str, Any]
STATUSES = ("FAILED", "PENDING", "SUCCEEDED")
TRANSFORMATIONS = ("NONE", "COMPACT", "FLATTEN")


def written(
    children: list[Document], writer: Document, run: str, machine: str, client: Callable[[], Any]
) -> Any:
    """The state's output; ValueError where the results cannot be written."""
    config = writer.get("WriterConfig", {})
    form = config.get("Transformation", "NONE" if "Resource" in writer else "COMPACT")
    kind = config.get("OutputType", "JSON")
    if form not in TRANSFORMATIONS or kind not in ("JSON", "JSONL"):
        raise ValueError(f"WriterConfig: {form} with {kind} is not supported")
    by_status = {
        status: _shaped([child for child in children if child["Status"] == status], form, machine)
        for status in STATUSES
    }
    if "Resource" not in writer:
        return by_status["SUCCEEDED"]
    place = writer.get("Parameters") or writer.get("Arguments") or {}
    return _put(by_status, place, run, kind, client())


def _put(by_status: Document, place: Document, run: str, kind: str, s3: Any) -> Document:
    bucket, prefix = place["Bucket"], str(place.get("Prefix", ""))
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    folder += run.rpartition(":")[2]
    files: Document = {status: [] for status in STATUSES}
    try:
        for status, results in by_status.items():
            if results:
                body = _lines(results) if kind == "JSONL" else json.dumps(results)
                key = f"{folder}/{status}_0.{kind.lower()}"
                s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
                files[status] = [{"Key": key, "Size": len(body.encode())}]
        manifest = {"DestinationBucket": bucket, "MapRunArn": run, "ResultFiles": files}
        key = f"{folder}/manifest.json"
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(manifest).encode())
    except ClientError as error:
        raise ValueError(f"{error.response['Error']['Message']} (bucket {bucket})") from error
    return {"MapRunArn": run, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}


def _lines(results: list[Any]) -> str:
    return "".join(json.dumps(result) + "\n" for result in results)


def _shaped(children: list[Document], form: str, machine: str) -> list[Any]:
    if form == "NONE":
        return [_execution(child, machine) for child in children]
    # One that failed is told as with NONE, as the page says.
    outputs = [
        child["Output"] if "Output" in child else _execution(child, machine) for child in children
    ]
    if form == "COMPACT":
        return outputs
    return [one for out in outputs for one in (out if isinstance(out, list) else [out])]


def _execution(child: Document, machine: str) -> Document:
    name = str(uuid.uuid4())
    arn = machine.replace(":stateMachine:", ":execution:")
    told = {
        name: _text(child[name]) if name in ("Input", "Output") else _time(child[name])
        for name in ("Cause", "Error", "Input", "Output", "StartDate", "Status", "StopDate")
        if child.get(name) is not None or (name == "Output" and "Output" in child)
    }
    return {
        "ExecutionArn": f"{arn}:{name}",
        "InputDetails": {"Included": True},
        "Name": name,
        "OutputDetails": {"Included": True},
        "StateMachineArn": machine,
        **told,
    }


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _time(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
