"""A plan read for people: what may be lost first, then what changes, and what it allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aws_bootstrap.costs import estimate
from aws_bootstrap.plan import Change
from aws_bootstrap.promotion import drift
from aws_bootstrap.promotion.cloud import Cloud

DATA_TYPES = ("AWS::S3::Bucket", "AWS::Glue::Database", "AWS::Glue::Table")
VERBS = {"Add": "make", "Import": "take over", "Modify": "change", "Remove": "remove"}


def data_at_risk(cloud: Cloud, changes: list[Change], stack: str) -> list[dict[str, Any]]:
    """The buckets and databases that are replaced or removed, with the tables that live there."""
    lost = [
        change
        for change in changes
        if change.type in DATA_TYPES and (change.action == "Remove" or change.replacement)
    ]
    if not lost:
        return []
    cloudformation, s3 = cloud.make_client("cloudformation"), cloud.make_client("s3")
    found = []
    for change in lost:
        described = cloudformation.describe_stack_resource(
            StackName=stack, LogicalResourceId=change.logical_id
        )["StackResourceDetail"]
        name = described["PhysicalResourceId"]
        tables = folders(s3, name) if change.type == "AWS::S3::Bucket" else []
        found.append(
            {
                "resource": change.logical_id,
                "name": name,
                "fate": "replaced" if change.replacement else "removed",
                "tables": tables,
            }
        )
    return found


def folders(s3: Any, bucket: str) -> list[str]:
    """The first folders of a bucket: in silver and gold, its tables."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/")
    return [
        entry["Prefix"].rstrip("/") for page in pages for entry in page.get("CommonPrefixes", [])
    ]


def readable(document: dict[str, Any]) -> Iterator[str]:
    """The plan, line by line."""
    yield f"Promote to account {document['account']}, {document['region']}, as {document['arn']}"
    yield from _checks(document["checks"])
    yield from _section("Data at risk", [_risk(each) for each in document["data_at_risk"]])
    by_hand = [line for each in document["drift"] for line in drift.readable(each)]
    yield from _section("Changed by hand since the last apply", by_hand)
    if by_hand:
        yield "  An apply does not undo these: set them back, or bring them into the template"
    yield from _section("Resources", [_change(each) for each in document["changes"]])
    yield from _section("Permissions added", document["permissions"]["added"])
    yield from _section("Permissions removed", document["permissions"]["removed"])
    yield from _section("Otherwise than on the laptop", document["settings"])
    yield from _section("Code", document["code_changes"])
    if hourly := document["waiting_usd_an_hour"]:
        yield f"Waiting executors: {hourly:.2f} USD an hour while the EMR applications are started"
    cost = document["cost"]
    yield from (
        [f"Cost per month: unknown. {cost['unknown']}"]
        if "unknown" in cost
        else estimate.readable(cost)
    )
    if document["empty"] and not by_hand:
        yield "Nothing to do: the account is as this repository says"
    elif document["empty"]:
        yield "Nothing to apply"


def _checks(checks: list[dict[str, str]]) -> Iterator[str]:
    yield "Checks"
    for check in checks:
        yield f"  {check['state']:<8} {check['subject']:<16} {check['finding']}"
        if check["cure"]:
            yield f"  {'':<8} {'':<16} -> {check['cure']}"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title} ({len(lines)})"
        yield from (f"  {line}" for line in lines)


def _risk(entry: dict[str, Any]) -> str:
    tables = f", with {', '.join(entry['tables'])}" if entry["tables"] else ""
    return f"{entry['name']} ({entry['resource']}) is {entry['fate']}{tables}"


def _change(entry: dict[str, Any]) -> str:
    verb = "replace" if entry["replacement"] else VERBS.get(entry["action"], entry["action"])
    return f"{verb:<9} {entry['type']:<36} {entry['logical_id']}"
