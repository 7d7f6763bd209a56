"""The tags of a stack, which its resources have too; a resource's own tag of that name goes before.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
"""

from __future__ import annotations

from typing import Any

from services.edge.cloudformation import tags

Model = dict[str, Any]
# The types whose tags are made and changed here; the others of LocalStack cannot change theirs.
LISTED = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::CodePipeline::Pipeline",
    "AWS::EMRServerless::Application",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::StepFunctions::StateMachine",
)
MAPPED = ("AWS::Glue::Crawler", "AWS::Glue::Job", "AWS::Glue::Trigger", "AWS::Glue::Workflow")


def inherited(kind: str, properties: Model, stack_tags: list[dict[str, str]]) -> Model:
    """The properties of a resource of that type with the stack's tags among its own."""
    common, own = tags.as_map(stack_tags), properties.get("Tags")
    if not common:
        return properties
    if kind in MAPPED and isinstance(own, dict | None):
        return {**properties, "Tags": {**common, **(own or {})}}
    if kind in LISTED and isinstance(own, list | None):
        named = {one.get("Key") for one in own or [] if isinstance(one, dict)}
        added = [{"Key": k, "Value": v} for k, v in common.items() if k not in named]
        return {**properties, "Tags": [*(own or []), *added]}
    return properties
