"""What was changed by hand since the stack was last applied; looking changes nothing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

from aws_bootstrap.promotion.cloud import Cloud, PromotionError

Document = dict[str, Any]

DRIFTED = ("MODIFIED", "DELETED")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/detect-drift-stack.html
DETECTABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
SECONDS, POLL_SECONDS = 300.0, 1.0
SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
SUBSTITUTION = re.compile(r"\$\{\w+\}")
MACHINE = "StateMachine"


def found(cloud: Cloud, stack: Document) -> list[Document]:
    """The drifted resources of a stack: each with its status, and its properties that differ.

    The definition of the state machine comes from S3, which CloudFormation does not compare: that
    is done here. A stack that is changing, or was never made whole, has none.
    """
    if stack["StackStatus"] not in DETECTABLE:
        return []
    cloudformation, name = cloud.make_client("cloudformation"), stack["StackName"]
    _detect(cloudformation, name)
    pages = _pages(cloudformation, name)
    drifts = [_told(drift) for page in pages for drift in page["StackResourceDrifts"]]
    return [*drifts, *_definition(cloud, stack)]


def readable(drift: Document) -> Iterator[str]:
    """A line for each property; values of secrets are not shown."""
    where = f"{drift['type']} {drift['logical_id']}"
    if drift["status"] == "DELETED":
        yield f"{where} is not there any more"
    for each in drift["differences"]:
        yield f"{where} {each['path']}: {_values(each)}"


def is_same_definition(written: Any, deployed: Any) -> bool:
    """Whether a definition is that of the repository, whatever its ${Names} were replaced by."""
    if isinstance(written, dict) and isinstance(deployed, dict):
        return written.keys() == deployed.keys() and all(
            is_same_definition(written[key], deployed[key]) for key in written
        )
    if isinstance(written, list) and isinstance(deployed, list):
        return len(written) == len(deployed) and all(
            is_same_definition(*pair) for pair in zip(written, deployed, strict=True)
        )
    if isinstance(written, str) and isinstance(deployed, str):
        parts = [re.escape(part) for part in SUBSTITUTION.split(written)]
        return re.fullmatch(".+".join(parts), deployed) is not None
    return bool(written == deployed)


def _detect(cloudformation: Any, stack: str) -> None:
    detection = cloudformation.detect_stack_drift(StackName=stack)["StackDriftDetectionId"]
    deadline = time.monotonic() + SECONDS
    while True:
        told = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
        if told["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if told["DetectionStatus"] == "DETECTION_FAILED" or time.monotonic() > deadline:
            reason = told.get("DetectionStatusReason") or f"not done after {SECONDS:.0f} s"
            raise PromotionError(
                f"CloudFormation cannot tell what was changed by hand: {reason}. Repeat the plan;"
                " what it names may be a permission that the caller lacks"
            )
        time.sleep(POLL_SECONDS)


def _pages(cloudformation: Any, stack: str) -> Iterator[Document]:
    request = {"StackName": stack, "StackResourceDriftStatusFilters": list(DRIFTED)}
    while True:
        page = cloudformation.describe_stack_resource_drifts(**request)
        yield page
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _told(drift: Document) -> Document:
    return {
        "logical_id": drift["LogicalResourceId"],
        "type": drift["ResourceType"],
        "status": drift["StackResourceDriftStatus"],
        "differences": [
            _difference(each["PropertyPath"], each["ExpectedValue"], each["ActualValue"])
            for each in drift.get("PropertyDifferences", [])
        ],
    }


def _difference(path: str, expected: str, actual: str) -> Document:
    """A plan is a file that others read: it holds no secret."""
    if SECRET.search(path):
        expected, actual = ("null" if value == "null" else "(set)" for value in (expected, actual))
    return {"path": path, "expected": expected, "actual": actual}


def _values(each: Document) -> str:
    if each["expected"] == "null":
        return f"added by hand: {each['actual']}"
    if each["actual"] == "null":
        return f"removed by hand; expected {each['expected']}"
    return f"expected {each['expected']}, found {each['actual']}"


def _definition(cloud: Cloud, stack: Document) -> list[Document]:
    resource = cloud.make_client("cloudformation").describe_stack_resource(
        StackName=stack["StackName"], LogicalResourceId=MACHINE
    )["StackResourceDetail"]
    states = cloud.make_client("stepfunctions")
    try:
        machine = states.describe_state_machine(stateMachineArn=resource["PhysicalResourceId"])
    except states.exceptions.StateMachineDoesNotExist:
        return []  # told as deleted
    given = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    bucket, key = given["DeployBucket"], given["StateMachineKey"]
    applied = cloud.make_client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    if is_same_definition(json.loads(applied), json.loads(machine["definition"])):
        return []
    difference = _difference("/Definition", f"that of s3://{bucket}/{key}", "another one")
    return [
        {
            "logical_id": MACHINE,
            "type": resource["ResourceType"],
            "status": "MODIFIED",
            "differences": [difference],
        }
    ]
