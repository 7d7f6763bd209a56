"""Roles that a call hands to a service, which iam:PassRole has to allow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.edge.permissions.actions.needs import Need, Parameters, Place

# Of each call where its request names a role, and who is given it.
PASSED = {
    ("codepipeline", "CreatePipeline"): ("pipeline.roleArn", "codepipeline.amazonaws.com"),
    ("codepipeline", "UpdatePipeline"): ("pipeline.roleArn", "codepipeline.amazonaws.com"),
    ("cloudformation", "CreateStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("cloudformation", "CreateChangeSet"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("cloudformation", "UpdateStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("cloudformation", "DeleteStack"): ("RoleARN", "cloudformation.amazonaws.com"),
    ("emr-serverless", "StartJobRun"): ("executionRoleArn", "emr-serverless.amazonaws.com"),
    ("events", "PutRule"): ("RoleArn", "events.amazonaws.com"),
    ("events", "PutTargets"): ("Targets.RoleArn", "events.amazonaws.com"),
    ("glue", "CreateCrawler"): ("Role", "glue.amazonaws.com"),
    ("glue", "UpdateCrawler"): ("Role", "glue.amazonaws.com"),
    ("glue", "CreateJob"): ("Role", "glue.amazonaws.com"),
    ("glue", "UpdateJob"): ("JobUpdate.Role", "glue.amazonaws.com"),
    ("lambda", "CreateFunction"): ("Role", "lambda.amazonaws.com"),
    ("lambda", "UpdateFunctionConfiguration"): ("Role", "lambda.amazonaws.com"),
    ("scheduler", "CreateSchedule"): ("Target.RoleArn", "scheduler.amazonaws.com"),
    ("scheduler", "UpdateSchedule"): ("Target.RoleArn", "scheduler.amazonaws.com"),
    ("stepfunctions", "CreateStateMachine"): ("roleArn", "states.amazonaws.com"),
    ("stepfunctions", "UpdateStateMachine"): ("roleArn", "states.amazonaws.com"),
}


def needs(service: str, operation: str, request: Parameters, place: Place) -> Iterator[Need]:
    passed = PASSED.get((service, operation))
    if passed is None:
        return
    path, receiver = passed
    for role in dict.fromkeys(_found(request, path.split("."))):
        # Glue takes a role's name as well.
        arn = (
            role
            if role.startswith("arn:")
            else (f"arn:{place.partition}:iam::{place.account}:role/{role}")
        )
        yield Need("iam:PassRole", arn, {"iam:passedtoservice": (receiver,)})


def _found(part: Any, path: list[str]) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _found(one, path)
    elif not path:
        if isinstance(part, str) and part:
            yield part
    elif isinstance(part, dict):
        yield from _found(part.get(path[0]), path[1:])
