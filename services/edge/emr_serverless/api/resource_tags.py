"""EMR Serverless's operations on the tags of applications and job runs."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.aws import tags
from services.edge.aws.operation import Document, operation
from services.edge.emr_serverless import errors
from services.edge.emr_serverless.api.listing import scope_of
from services.edge.emr_serverless.store import Store


class ResourceTags:
    """They are kept in the document of their resource."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, context: RequestContext, request: Document) -> Document:
        return {"tags": self._resource(context, request)["tags"]}

    @operation("TagResource")
    def tag_resource(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            resource = self._resource(context, request)
            changed = tags.added(resource["tags"], request["tags"], errors.validation)
            self._store.save({**resource, "tags": changed})
        return {}

    @operation("UntagResource")
    def untag_resource(self, context: RequestContext, request: Document) -> Document:
        with self._store.lock:
            resource = self._resource(context, request)
            left = tags.without(resource["tags"], request["tagKeys"])
            self._store.save({**resource, "tags": left})
        return {}

    def _resource(self, context: RequestContext, request: Document) -> Document:
        """The application or the job run of the request's ARN."""
        scope, arn = scope_of(context), request["resourceArn"]
        path = arn.removeprefix(f"{scope}/applications/")
        if path == arn:
            raise errors.validation(f"Expected an ARN that starts with {scope}/, found {arn}")
        identifier, _, run_id = path.partition("/jobruns/")
        application = self._store.application(scope, identifier)
        return self._store.run(application, run_id) if run_id else application
