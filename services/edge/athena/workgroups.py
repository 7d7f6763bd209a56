"""Workgroups as documents: their settings, and what a query takes of them."""

from __future__ import annotations

import re
from typing import Any

from services.edge.athena.errors import invalid
from services.edge.athena.executions import ENGINE

Document = dict[str, Any]
PRIMARY = "primary"
NAME = re.compile(r"[a-zA-Z0-9._-]{1,128}")
VERSIONS = ("AUTO", ENGINE["EffectiveEngineVersion"])
DEFAULTS = {
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


def primary(now: float) -> Document:
    """The workgroup that every account has."""
    return created(
        {"Name": PRIMARY, "Configuration": {"EnforceWorkGroupConfiguration": False}}, now
    )


def created(request: Document, now: float) -> Document:
    name = request["Name"]
    if not NAME.fullmatch(name):
        raise invalid(f"WorkGroup name {name!r} does not match [a-zA-Z0-9._-]{{1,128}}")
    given = request.get("Configuration") or {}
    _check(given)
    document = {
        "Name": name,
        "State": "ENABLED",
        "Configuration": {**DEFAULTS, **_set(given), "EngineVersion": _version(given)},
        "CreationTime": now,
    }
    if request.get("Description") is not None:
        document["Description"] = request["Description"]
    return document


def updated(workgroup: Document, request: Document) -> Document:
    changes = request.get("ConfigurationUpdates") or {}
    _check(changes)
    configuration = {**workgroup["Configuration"]}
    simple = (
        *("EnforceWorkGroupConfiguration", "PublishCloudWatchMetricsEnabled"),
        *("RequesterPaysEnabled", "BytesScannedCutoffPerQuery"),
        "EnableMinimumEncryptionConfiguration",
    )
    configuration.update({name: changes[name] for name in simple if changes.get(name) is not None})
    if changes.get("RemoveBytesScannedCutoffPerQuery"):
        configuration.pop("BytesScannedCutoffPerQuery", None)
    if changes.get("EngineVersion"):
        configuration["EngineVersion"] = _version(changes)
    if results := changes.get("ResultConfigurationUpdates"):
        configuration["ResultConfiguration"] = _results(
            configuration["ResultConfiguration"], results
        )
    document = {**workgroup, "Configuration": configuration}
    if request.get("Description") is not None:
        document["Description"] = request["Description"]
    if request.get("State") is not None:
        if request["State"] not in ("ENABLED", "DISABLED"):
            raise invalid(f"State must be ENABLED or DISABLED, found {request['State']}")
        document["State"] = request["State"]
    return document


def _results(present: Document, updates: Document) -> Document:
    changed = {**present}
    names = ("OutputLocation", "EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration")
    for name in names:
        if updates.get(f"Remove{name}"):
            changed.pop(name, None)
        elif updates.get(name) is not None:
            changed[name] = updates[name]
    _check_location(changed.get("OutputLocation"))
    return changed


def output_folder(workgroup: Document, request: Document) -> str:
    """Where results go: an enforced workgroup's own location beats the client's."""
    configuration = workgroup["Configuration"]
    own = configuration["ResultConfiguration"].get("OutputLocation")
    given = (request.get("ResultConfiguration") or {}).get("OutputLocation")
    chosen = own or given if configuration["EnforceWorkGroupConfiguration"] else given or own
    if not chosen:
        raise invalid(
            "No output location provided. An output location is required either through the"
            " Workgroup result configuration setting or as an API input."
        )
    _check_location(chosen)
    return str(chosen)


def summary(workgroup: Document) -> Document:
    names = ("Name", "State", "Description", "CreationTime")
    found = {name: workgroup[name] for name in names if name in workgroup}
    return {**found, "EngineVersion": workgroup["Configuration"]["EngineVersion"]}


def _set(given: Document) -> Document:
    return {name: value for name, value in given.items() if value is not None}


def _version(given: Document) -> Document:
    asked = (given.get("EngineVersion") or {}).get("SelectedEngineVersion") or "AUTO"
    if asked not in VERSIONS:
        raise invalid(
            f"Engine version {asked!r} is not available: expected {' or '.join(VERSIONS)}"
        )
    return {**ENGINE, "SelectedEngineVersion": asked}


def _check(given: Document) -> None:
    asked = [
        name for name in UNAVAILABLE if (given.get(name) or {}) not in ({}, {"Enabled": False})
    ]
    if asked:
        raise invalid(f"{', '.join(asked)} is not available here: leave it out")
    cutoff = given.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < LEAST_CUTOFF:
        raise invalid(f"BytesScannedCutoffPerQuery must be at least {LEAST_CUTOFF}, found {cutoff}")
    _check_location((given.get("ResultConfiguration") or {}).get("OutputLocation"))


def _check_location(location: str | None) -> None:
    if location and not re.fullmatch(r"s3://[^/]{3,63}(/.*)?", location):
        raise invalid(f"outputLocation is not a valid S3 path: {location}")
