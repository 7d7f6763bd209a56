"""Apply a reviewed plan: that and nothing else, from wherever it was interrupted."""

from __future__ import annotations

from typing import Any

from aws_bootstrap import apply as stacks
from aws_bootstrap import plan as stack_plans
from aws_bootstrap.apply import ApplyError, Say
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.promotion import plan_file
from aws_bootstrap.promotion.cloud import Cloud, PromotionError

Document = dict[str, Any]
AGAIN = "make a new plan with `lake promote plan`, and review it"


def carry_out(plan: Document, cloud: Cloud, deployment: Deployment, say: Say) -> list[str]:
    """Make the account as the plan says; the addresses of what was uploaded.

    Raises PromotionError where anything has moved since the plan, ApplyError where CloudFormation
    could not make the change and has rolled it back.
    """
    check(plan, cloud, deployment)
    cloudformation = cloud.make_client("cloudformation")
    stack = stack_plans.existing(cloudformation, plan["prefix"])
    if was_executed(plan, stack):
        say("This plan was begun before: going on from there")
        finish(cloudformation, plan, say)
    else:
        execute(plan, deployment, stack, say)
    say("Uploading code and jars, waiting for the code pipeline")
    return deployment.fill()


def check(plan: Document, cloud: Cloud, deployment: Deployment) -> None:
    """Refuse a plan of another account or state of the repository, or with a failed check."""
    for name, found in (
        ("account", cloud.account),
        ("region", cloud.region),
        ("prefix", deployment.names.prefix),
    ):
        if plan[name] != found:
            raise PromotionError(
                f"The plan is for {name} {plan[name]}, found {name} {found}: choose the profile"
                f" and region of the plan, or {AGAIN}"
            )
    failed = [check for check in plan["checks"] if check["state"] == "failed"]
    if failed:
        causes = "".join(f"\n  {each['finding']}: {each['cure']}" for each in failed)
        raise PromotionError(f"The plan's checks have not passed, so it is not applied:{causes}")
    if plan["repository"] != plan_file.fingerprint(deployment):
        raise PromotionError(
            f"Code, template or settings have changed since the plan was made: {AGAIN}"
        )


def was_executed(plan: Document, stack: dict[str, Any] | None) -> bool:
    """The stack tells the change set that was executed last."""
    return (
        stack is not None
        and f"/{change_set(plan)}/" in stack.get("ChangeSetId", "")
        and (stack["StackStatus"] != "REVIEW_IN_PROGRESS")
    )


def change_set(plan: Document) -> str:
    return f"promote-{plan['id']}"


def execute(plan: Document, deployment: Deployment, stack: Any, say: Say) -> None:
    if plan["stack"] != plan_file.standing(stack):
        raise PromotionError(
            f"The stack {plan['prefix']} has changed since the plan was made: {AGAIN}"
        )
    deployment.upload_parts()
    planned = deployment.change_set(change_set(plan))
    changes = [] if planned is None else planned.document()["changes"]
    if changes != plan["changes"]:
        if planned is not None:
            stack_plans.discard(deployment.make_client("cloudformation"), planned)
        raise PromotionError(f"CloudFormation would now change something else: {AGAIN}")
    if planned is not None:
        if planned.creates:  # a new pipeline runs at once, and must find the code
            deployment.publish()
        stacks.execute(deployment.make_client("cloudformation"), planned, say)


def finish(cloudformation: Any, plan: Document, say: Say) -> None:
    try:
        stacks.follow(cloudformation, plan["prefix"], set(), say)
    except ApplyError as error:
        raise ApplyError(
            f"{error}\nAWS has rolled the change back: mend the cause, and {AGAIN}"
        ) from error
