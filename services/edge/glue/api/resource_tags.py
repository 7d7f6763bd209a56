"""Tags of Glue's resources by ARN: they are kept in the resource's own document."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.aws import tags
from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.store import TAGGED
from services.edge.store.records import Document


class ResourceTags(Operations):
    @operation("TagResource")
    def tag_resource(self, context: RequestContext, request: Request) -> Request:
        kind, name, resource = self._tagged(context, request["ResourceArn"])
        changed = tags.added(resource["_tags"], request["TagsToAdd"], errors.invalid_input)
        self._account(context).records.put(kind, name, {**resource, "_tags": changed})
        return {}

    @operation("UntagResource")
    def untag_resource(self, context: RequestContext, request: Request) -> Request:
        kind, name, resource = self._tagged(context, request["ResourceArn"])
        left = tags.without(resource["_tags"], request["TagsToRemove"])
        self._account(context).records.put(kind, name, {**resource, "_tags": left})
        return {}

    @operation("GetTags")
    def get_tags(self, context: RequestContext, request: Request) -> Request:
        _, _, resource = self._tagged(context, request["ResourceArn"])
        return {"Tags": resource["_tags"]}

    def _tagged(self, context: RequestContext, arn: str) -> tuple[str, str, Document]:
        """Kind, key and document of the record that stands for `arn`."""
        resource_type, _, name = arn.split(":", 5)[-1].partition("/")
        kind = TAGGED.get(resource_type)
        resource = self._account(context).records.get(kind, name) if kind else None
        if kind is None or resource is None or resource["_arn"] != arn:
            raise errors.not_found(f"Resource {arn}")
        return kind, name, resource


def tag_fields(
    context: RequestContext, resource_type: str, name: str, request: Request
) -> Document:
    """What a new resource's document carries for these operations."""
    arn = f"arn:aws:glue:{context.region}:{context.account_id}:{resource_type}/{name}"
    return {"_arn": arn, "_tags": tags.added({}, request.get("Tags") or {}, errors.invalid_input)}
