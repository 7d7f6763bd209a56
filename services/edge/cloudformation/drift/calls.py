"""CloudFormation's calls on drift, which LocalStack does not have.

A detection is done when DetectStackDrift answers: some forty reads of this very process.
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext, handler
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.stores import get_cloudformation_store

from services.edge.cloudformation import stack_states
from services.edge.cloudformation.drift import detection

Model = dict[str, Any]
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/detect-drift-stack.html
DETECTABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
)
PAGE = 100


class DriftCalls:
    @handler("DetectStackDrift", expand=False)
    def detect_stack_drift(self, context: RequestContext, request: Any) -> Any:
        stack = _detectable(context, request["StackName"])
        names = request.get("LogicalResourceIds")
        _check_known(stack, names or [])
        stack.drift = detection.detected(stack, names)
        return {"StackDriftDetectionId": stack.drift["id"]}

    @handler("DetectStackResourceDrift", expand=False)
    def detect_stack_resource_drift(self, context: RequestContext, request: Any) -> Any:
        stack = _detectable(context, request["StackName"])
        name = request["LogicalResourceId"]
        _check_known(stack, [name])
        found = detection.detected(stack, [name])["drifts"][0]
        if found["StackResourceDriftStatus"] == "NOT_CHECKED":
            raise ValidationError(
                f"Drift detection is not supported for the resource type {found['ResourceType']}"
            )
        return {"StackResourceDrift": found}

    @handler("DescribeStackDriftDetectionStatus", expand=False)
    def describe_stack_drift_detection_status(self, context: RequestContext, request: Any) -> Any:
        store = get_cloudformation_store(context.account_id, context.region)
        wanted = request["StackDriftDetectionId"]
        for stack in list(store.stacks_v2.values()):
            found = getattr(stack, "drift", None)
            if found and found["id"] == wanted:
                return {
                    "StackId": stack.stack_id,
                    "StackDriftDetectionId": wanted,
                    "StackDriftStatus": detection.status(found["drifts"]),
                    "DetectionStatus": "DETECTION_COMPLETE",
                    "DriftedStackResourceCount": len(detection.drifted(found["drifts"])),
                    "Timestamp": found["at"],
                }
        raise ValidationError(f"Drift detection {wanted} does not exist")

    @handler("DescribeStackResourceDrifts", expand=False)
    def describe_stack_resource_drifts(self, context: RequestContext, request: Any) -> Any:
        stack = _existing(context, request["StackName"])
        wanted = request.get("StackResourceDriftStatusFilters")
        drifts = [
            each
            for each in (getattr(stack, "drift", None) or {"drifts": []})["drifts"]
            if each["StackResourceDriftStatus"] in (wanted or each["StackResourceDriftStatus"])
            and (wanted or each["StackResourceDriftStatus"] != "NOT_CHECKED")
        ]
        first = int(request.get("NextToken") or 0)
        after = first + int(request.get("MaxResults") or PAGE)
        answer: Model = {"StackResourceDrifts": drifts[first:after]}
        return {**answer, "NextToken": str(after)} if after < len(drifts) else answer


def information(stack: Any) -> Model:
    """As DescribeStacks has it; what was found before an update says nothing of the stack now."""
    found, updated = getattr(stack, "drift", None), getattr(stack, "last_updated", None)
    if not found or (updated and updated > found["at"]):
        return {"StackDriftStatus": "NOT_CHECKED"}
    return {
        "StackDriftStatus": detection.status(found["drifts"]),
        "LastCheckTimestamp": found["at"],
    }


def _existing(context: RequestContext, name: str) -> Any:
    store = get_cloudformation_store(context.account_id, context.region)
    stack = stack_states.found(store, name)
    if stack is None:
        raise ValidationError(f"Stack [{name}] does not exist")
    return stack


def _detectable(context: RequestContext, name: str) -> Any:
    stack = _existing(context, name)
    if stack.status not in DETECTABLE:
        raise ValidationError(
            f"Drift detection cannot be performed on stack [{stack.stack_id}] while it is in"
            f" {stack.status} state."
        )
    return stack


def _check_known(stack: Any, names: list[str]) -> None:
    if unknown := [name for name in names if name not in (stack.resolved_resources or {})]:
        raise ValidationError(f"Resources {unknown} do not exist for stack [{stack.stack_name}]")
