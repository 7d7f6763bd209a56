"""What a crawler may be pointed at here: Delta tables and folders of S3."""

from __future__ import annotations

import re
from typing import Any

from services.edge.glue.errors import invalid_input

S3_PATH = re.compile(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/.*)?")
AVAILABLE = ("S3Targets", "DeltaTargets")
SAMPLE_SIZES = range(1, 250)


def check(targets: dict[str, Any]) -> None:
    """Raises InvalidInputException for a target that would not be crawled as it asks."""
    named = [kind for kind, found in targets.items() if found]
    if other := [kind for kind in named if kind not in AVAILABLE]:
        raise invalid_input(
            f"{', '.join(other)} is not available here; expected {' or '.join(AVAILABLE)}."
        )
    if not named:
        raise invalid_input("Targets must name at least one target.")
    for target in targets.get("S3Targets") or []:
        _check_s3(target)
    for target in targets.get("DeltaTargets") or []:
        _check_delta(target)


def folder(path: str) -> str:
    """A path of S3 with one closing slash."""
    return f"{path.rstrip('/')}/"


def _check_s3(target: dict[str, Any]) -> None:
    _check_path(target.get("Path") or "")
    for name in ("ConnectionName", "EventQueueArn", "DlqEventQueueArn"):
        _refuse(target, name)
    size = target.get("SampleSize")
    if size is not None and size not in SAMPLE_SIZES:
        raise invalid_input(f"SampleSize must be from 1 to {SAMPLE_SIZES[-1]}, found {size}.")


def _check_delta(target: dict[str, Any]) -> None:
    if not target.get("DeltaTables"):
        raise invalid_input("DeltaTables must name at least one table.")
    for path in target["DeltaTables"]:
        _check_path(path)
    _refuse(target, "ConnectionName")
    _refuse(target, "WriteManifest")
    if not target.get("CreateNativeDeltaTable"):
        raise invalid_input(
            "CreateNativeDeltaTable must be true here: other tables are read by manifest files,"
            " which are not written."
        )


def _check_path(path: str) -> None:
    if not S3_PATH.fullmatch(path):
        raise invalid_input(f"Expected a path s3://bucket/folder, found {path!r}.")


def _refuse(target: dict[str, Any], name: str) -> None:
    if target.get(name):
        raise invalid_input(f"{name} of a target is not available here; leave it out.")
