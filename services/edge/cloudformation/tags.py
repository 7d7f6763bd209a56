"""CloudFormation's list of tags, and the difference that an update makes."""

from __future__ import annotations

from typing import Any

from services.edge.cloudformation.coercion import as_text

Model = dict[str, Any]


def as_map(tags: list[dict[str, Any]] | None) -> dict[str, str]:
    return {tag["Key"]: as_text(tag["Value"]) for tag in tags or []}


def owner(request: Any) -> dict[str, str]:
    """The tags by which CloudFormation marks what it made; a later stack has another stack-id.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
    """
    return {
        "aws:cloudformation:stack-name": request.stack_name,
        "aws:cloudformation:stack-id": request.stack_id,
        "aws:cloudformation:logical-id": request.logical_resource_id,
    }


def changes(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The tags to set and the names of those to remove."""
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    return changed, sorted(before.keys() - after.keys())


def change_glue(request: Any, kind: str, before: Model, after: Model) -> None:
    """Give a Glue resource the tags of its new properties."""
    glue = request.aws_client_factory.glue
    arn = f"arn:aws:glue:{request.region_name}:{request.account_id}:{kind}/{after['Name']}"
    changed, removed = changes(before.get("Tags") or {}, after.get("Tags") or {})
    if changed:
        glue.tag_resource(ResourceArn=arn, TagsToAdd=changed)
    if removed:
        glue.untag_resource(ResourceArn=arn, TagsToRemove=removed)
