"""A plan as a document: what was reviewed, and what must still be so when it is applied."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aws_bootstrap import plan as stack_plans
from aws_bootstrap.buckets import differing
from aws_bootstrap.deployment import Deployment
from aws_bootstrap.promotion import permissions, preflight, review, taken_names
from aws_bootstrap.promotion.cloud import Cloud, PromotionError

FORMAT = 2


def make(cloud: Cloud, deployment: Deployment, laptop: dict[str, str]) -> dict[str, Any]:
    """Look at the account and say what promoting would do; nothing is changed there.

    `laptop` are the template's parameters of the local stack.
    """
    cloudformation, name = cloud.make_client("cloudformation"), deployment.names.stack
    stack = stack_plans.existing(cloudformation, name)
    checks = preflight.checks(cloud, deployment.target, stack)
    checks += preflight.repository(deployment.repository)
    by_hand: list[dict[str, Any]] = []
    planned = None
    if taken_names.is_ours(stack, deployment.names):
        by_hand = preflight.drift_of(cloud, stack, checks)
        planned = deployment.change_set()
    changes = list(planned.changes) if planned else []
    risks = review.data_at_risk(cloud, changes, name) if stack else []
    if planned:
        stack_plans.discard(cloudformation, planned)
    code = code_changes(cloud, deployment)
    return {
        "format": FORMAT,
        "id": uuid.uuid4().hex[:12],
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "account": cloud.account,
        "arn": cloud.arn,
        "region": cloud.region,
        "prefix": deployment.names.prefix,
        "repository": fingerprint(deployment),
        "stack": standing(stack),
        "checks": [asdict(check) for check in checks],
        "data_at_risk": risks,
        "drift": by_hand,
        "changes": [asdict(change) for change in changes],
        "permissions": permissions.compared(
            deployed_template(cloudformation, name) if stack else None,
            deployment.package.template,
        ),
        "settings": settings_that_differ(laptop, deployment.target.parameters),
        "code_changes": code,
        "empty": not changes and not code,
    }


def read(path: Path) -> dict[str, Any]:
    """The plan in a file; raises PromotionError where it holds none of this version."""
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise PromotionError(
            f"Expected a plan in {path}, found none that can be read ({error}): make one with"
            f" `lake promote plan --out {path}`"
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PromotionError(
            f"{path} is no plan of this version: make a new one with `lake promote plan`"
        )
    return document


def standing(stack: dict[str, Any] | None) -> dict[str, str] | None:
    """What changes with every change of a stack; a stack that is only planned is none."""
    if stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS":
        return None
    changed = stack.get("LastUpdatedTime") or stack["CreationTime"]
    return {"id": stack["StackId"], "status": stack["StackStatus"], "changed": changed.isoformat()}


def fingerprint(deployment: Deployment) -> str:
    """Of all that the repository and the settings say of the deployment."""
    package = deployment.package
    digest = hashlib.sha256(package.template.encode())
    jars = {path.name: path.read_bytes() for path in deployment.job_jars}
    for part in (package.code, package.parts, jars):
        for name, content in sorted(part.items()):
            digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    digest.update(json.dumps(deployment.parameters, sort_keys=True).encode())
    return digest.hexdigest()


def deployed_template(cloudformation: Any, stack: str) -> str | None:
    found = cloudformation.get_template(StackName=stack)["TemplateBody"]
    return found if isinstance(found, str) else json.dumps(found)


def settings_that_differ(laptop: dict[str, str], cloud: dict[str, str]) -> list[str]:
    """Each parameter with its value on the laptop and in the cloud; none is a secret."""
    return [
        f"{name}: {value!r} -> {cloud[name]!r}"
        for name, value in sorted(laptop.items())
        if cloud[name] != value
    ]


def code_changes(cloud: Cloud, deployment: Deployment) -> list[str]:
    """The addresses of what is missing in the code and jars buckets, or differs there."""
    s3 = cloud.make_client("s3")
    own = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    jars = {path.name: path.read_bytes() for path in deployment.job_jars}
    wanted = {
        deployment.names.code_bucket: deployment.package.code,
        deployment.names.jars_bucket: jars,
    }
    return [
        f"s3://{bucket}/{key}"
        for bucket, objects in wanted.items()
        for key in (differing(s3, bucket, objects) if bucket in own else objects)
    ]
