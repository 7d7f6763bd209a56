"""Workgroups as documents: their settings, and what a query takes of them."""

from __future__ import annotations

import re
from typing import Any

from services.edge.athena.documents import (
    EngineVersion,
    ResultConfiguration,
    Workgroup,
    WorkgroupConfiguration,
)
from services.edge.athena.errors import invalid
from services.edge.athena.executions import ENGINE

Request = dict[str, Any]
PRIMARY = "primary"
NAME = re.compile(r"[a-zA-Z0-9._-]{1,128}")
VERSIONS = ("AUTO", ENGINE["EffectiveEngineVersion"])
DEFAULTS: WorkgroupConfiguration = {
    "ResultConfiguration": {},
    "EnforceWorkGroupConfiguration": True,
    "PublishCloudWatchMetricsEnabled": False,
    "RequesterPaysEnabled": False,
    "EnableMinimumEncryptionConfiguration": False,
}
# Asked of Athena, but not done here: refused rather than passed over.
UNAVAILABLE = (
    *("ManagedQueryResultsConfiguration", "AdditionalConfiguration", "ExecutionRole"),
    *("CustomerContentEncryptionConfiguration", "IdentityCenterConfiguration"),
    *("QueryResultsS3AccessGrantsConfiguration", "ManagedQueryResultsConfigurationUpdates"),
)
LEAST_CUTOFF = 10_000_000
# The settings that an update replaces as they stand.
SIMPLE = (
    *("EnforceWorkGroupConfiguration", "PublishCloudWatchMetricsEnabled"),
    *("RequesterPaysEnabled", "BytesScannedCutoffPerQuery"),
    "EnableMinimumEncryptionConfiguration",
)


def primary(now: float) -> Workgroup:
    """The workgroup that every account has."""
    return created(
        {"Name": PRIMARY, "Configuration": {"EnforceWorkGroupConfiguration": False}}, now
    )


def created(request: Request, now: float) -> Workgroup:
    name = request["Name"]
    if not NAME.fullmatch(name):
        raise invalid(f"WorkGroup name {name!r} does not match [a-zA-Z0-9._-]{{1,128}}")
    settings = request.get("Configuration") or {}
    _check(settings)
    asked: Any = {name: value for name, value in settings.items() if value is not None}
    workgroup: Workgroup = {
        "Name": name,
        "State": "ENABLED",
        "Configuration": {**DEFAULTS, **asked, "EngineVersion": _version(settings)},
        "CreationTime": now,
    }
    described: Workgroup = _with(workgroup, request, "Description")
    return described


def _with(document: Any, changes: Request, *names: str) -> Any:
    """The document with those of the members that the changes have."""
    return {**document, **{name: changes[name] for name in names if changes.get(name) is not None}}


def updated(workgroup: Workgroup, request: Request) -> Workgroup:
    changes = request.get("ConfigurationUpdates") or {}
    _check(changes)
    configuration: WorkgroupConfiguration = _with(workgroup["Configuration"], changes, *SIMPLE)
    if changes.get("RemoveBytesScannedCutoffPerQuery"):
        configuration.pop("BytesScannedCutoffPerQuery", None)
    if changes.get("EngineVersion"):
        configuration["EngineVersion"] = _version(changes)
    if updates := changes.get("ResultConfigurationUpdates"):
        configuration["ResultConfiguration"] = _results(
            configuration["ResultConfiguration"], updates
        )
    state = request.get("State")
    if state not in (None, "ENABLED", "DISABLED"):
        raise invalid(f"State must be ENABLED or DISABLED, found {state}")
    changed: Workgroup = _with(workgroup, request, "Description", "State")
    return {**changed, "Configuration": configuration}


def _results(present: ResultConfiguration, updates: Request) -> ResultConfiguration:
    names = ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration")
    kept = {name: value for name, value in present.items() if not updates.get(f"Remove{name}")}
    added = [name for name in names if not updates.get(f"Remove{name}")]
    changed: ResultConfiguration = _with(kept, updates, *added)
    _check_location(changed.get("OutputLocation"))
    return changed


def output_folder(workgroup: Workgroup, request: Request) -> str:
    """Where results go: an enforced workgroup's own location beats the client's."""
    configuration = workgroup["Configuration"]
    own = configuration["ResultConfiguration"].get("OutputLocation")
    asked = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    chosen = own or asked if configuration["EnforceWorkGroupConfiguration"] else asked or own
    if not chosen:
        raise invalid(
            "No output location provided. An output location is required either through the"
            " Workgroup result configuration setting or as an API input."
        )
    _check_location(chosen)
    return str(chosen)


def summary(workgroup: Workgroup) -> Request:
    names = ("Name", "State", "Description", "CreationTime")
    found = {name: value for name, value in workgroup.items() if name in names}
    return {**found, "EngineVersion": workgroup["Configuration"]["EngineVersion"]}


def _version(settings: Request) -> EngineVersion:
    asked = (settings.get("EngineVersion") or {}).get("SelectedEngineVersion") or "AUTO"
    if asked not in VERSIONS:
        raise invalid(
            f"Engine version {asked!r} is not available: expected {' or '.join(VERSIONS)}"
        )
    return {**ENGINE, "SelectedEngineVersion": asked}


def _check(settings: Request) -> None:
    off: tuple[Request, ...] = ({}, {"Enabled": False})
    if asked := [name for name in UNAVAILABLE if (settings.get(name) or {}) not in off]:
        raise invalid(f"{', '.join(asked)} is not available here: leave it out")
    cutoff = settings.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < LEAST_CUTOFF:
        raise invalid(f"BytesScannedCutoffPerQuery must be at least {LEAST_CUTOFF}, found {cutoff}")
    _check_location((settings.get("ResultConfiguration") or {}).get("OutputLocation"))


def _check_location(location: str | None) -> None:
    if location and not re.fullmatch(r"s3://[^/]{3,63}(/.*)?", location):
        raise invalid(f"outputLocation is not a valid S3 path: {location}")
