"""Apply a reviewed plan: that and nothing else, from wherever it was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

from aws_bootstrap import apply as stacks
from aws_bootstrap import plan as stack_plans
from aws_bootstrap.apply import ApplyError, Say
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.promotion import plan_file
from aws_bootstrap.promotion.cloud import Cloud, PromotionError

Document = dict[str, Any]
# What an apply does, in this order. Interrupted after any of them, it goes on when it is repeated:
# what a step makes is found by the next apply, in the account itself.
Step = Literal["parts", "change set", "code", "execution", "stack", "keys", "upload", "pipeline"]
STEPS: tuple[Step, ...] = get_args(Step)
DONE = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"),
    *("UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE"),
)
AGAIN = "make a new plan with `lake promote plan`, and review it"


def carry_out(
    plan: Document,
    cloud: Cloud,
    deployment: Deployment,
    say: Say,
    done: Callable[[Step], None] = lambda _: None,
) -> list[str]:
    """Make the account as the plan says; the addresses of what was uploaded.

    `done` is told each step when it is done.

    Raises PromotionError where anything has moved since the plan, ApplyError where CloudFormation
    could not make the change and has rolled it back.
    """
    check(plan, cloud, deployment)
    cloudformation = cloud.make_client("cloudformation")
    stack = stack_plans.existing(cloudformation, plan["prefix"])
    if was_executed(plan, stack):
        say("This plan was begun before: going on from there")
        follow(cloudformation, plan, set(), say)
    else:
        execute(plan, deployment, stack, say, done)
    protect(cloudformation, plan["prefix"])
    done("stack")
    if deployment.put_signing_keys():
        say(f"Put a signing key into the secret {deployment.names.signing_keys_secret}")
    done("keys")
    say("Uploading code and jars, waiting for the code pipeline")
    uploaded = deployment.upload()
    done("upload")
    uploaded += deployment.deploy_code([deployment.publish()])
    done("pipeline")
    return uploaded


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


def execute(
    plan: Document, deployment: Deployment, stack: Any, say: Say, done: Callable[[Step], None]
) -> None:
    if plan["stack"] != plan_file.standing(stack):
        raise PromotionError(
            f"The stack {plan['prefix']} has changed since the plan was made: {AGAIN}"
        )
    deployment.upload_parts()
    done("parts")
    planned = deployment.change_set(change_set(plan))
    changes = [] if planned is None else planned.document()["changes"]
    if changes != plan["changes"]:
        if planned is not None:
            stack_plans.discard(deployment.make_client("cloudformation"), planned)
        raise PromotionError(f"CloudFormation would now change something else: {AGAIN}")
    done("change set")
    if planned is not None:
        if planned.creates:  # a new pipeline runs at once, and must find the code
            deployment.publish()
            done("code")
        cloudformation = deployment.make_client("cloudformation")
        seen = stacks.execute(cloudformation, planned)
        done("execution")
        follow(cloudformation, plan, seen, say)


def protect(cloudformation: Any, name: str) -> None:
    """A deletion of the stack fails until `lake promote destroy` lifts that."""
    stack = stack_plans.existing(cloudformation, name)
    if stack is not None and not stack.get("EnableTerminationProtection"):
        cloudformation.update_termination_protection(
            StackName=name, EnableTerminationProtection=True
        )


def follow(cloudformation: Any, plan: Document, seen: set[str], say: Say) -> None:
    try:
        stacks.follow(cloudformation, plan["prefix"], seen, say)
    except ApplyError as error:
        told = "\n".join(rollback(cloudformation, plan["prefix"]))
        raise ApplyError(f"{error}\n{told}\nMend the cause, and {AGAIN}") from error


def rollback(cloudformation: Any, name: str) -> Iterator[str]:
    """What AWS has done about a change that failed, and what there is of it still."""
    stack = stack_plans.existing(cloudformation, name)
    if stack is None:
        yield f"There is no stack {name} any more"
        return
    status = str(stack["StackStatus"])
    if not status.endswith("ROLLBACK_COMPLETE"):
        yield f"AWS could not roll the change back, the stack is {status}:"
    elif status == "ROLLBACK_COMPLETE":
        yield "AWS has rolled the change back: of the new stack nothing is left but"
    else:
        yield "AWS has rolled the change back: the stack is as it was before. Not undone:"
    yield from _left(cloudformation, name, status) or ["  nothing"]


def _left(cloudformation: Any, name: str, status: str) -> list[str]:
    """The resources that a rollback has not taken back."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    gone = ("DELETE_COMPLETE",) if status == "ROLLBACK_COMPLETE" else DONE
    return [
        f"  {entry['ResourceType']} {entry.get('PhysicalResourceId', entry['LogicalResourceId'])}"
        f" ({entry['ResourceStatus']})"
        for page in pages
        for entry in page["StackResourceSummaries"]
        if entry["ResourceStatus"] not in gone
    ]
