"""What a state machine's role needs before an execution: Step Functions tries it out with the role.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and connect-to-resource.html:
log delivery, and the managed rules by which it learns of the end of a `.sync` task.
"""

from __future__ import annotations

from services.edge.permissions.actions.needs import Need, Parameters, Place

CALLS = ("CreateStateMachine", "UpdateStateMachine")
DELIVERY = (
    *("CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery"),
    *("ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"),
)
RULES = {
    "states:::emr-serverless:startJobRun.sync": "StepFunctionsGetEventsForEMRServerlessJobRule",
    "states:::states:startExecution.sync": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
MANAGED_RULE = ("PutTargets", "PutRule", "DescribeRule")


def log_delivery(request: Parameters) -> list[Need]:
    logging = request.get("loggingConfiguration") or {}
    if logging.get("level", "OFF") == "OFF" or not logging.get("destinations"):
        return []
    return [Need(f"logs:{name}") for name in DELIVERY]


def managed_rules(request: Parameters, place: Place) -> list[Need]:
    definition = request.get("definition") or ""
    return [
        Need(f"events:{name}", place.arn("events", f"rule/{rule}"))
        for resource, rule in RULES.items()
        if resource in definition
        for name in MANAGED_RULE
    ]
