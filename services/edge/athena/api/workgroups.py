"""Athena's operations on workgroups and tags, and what else belongs to the account."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.athena import workgroups
from services.edge.athena.errors import invalid, not_found, page
from services.edge.athena.executions import ENGINE
from services.edge.athena.store import (
    EXECUTION,
    NAMED,
    PREPARED,
    TAGS,
    WORKGROUP,
    prepared_key,
    workgroup_of,
)
from services.edge.aws.operation import operation
from services.edge.store.records import Scoped

Request = dict[str, Any]


class WorkGroupOperations:
    """A part of the provider, which sets what is declared here."""

    def _own(self, context: RequestContext) -> Scoped:
        raise NotImplementedError

    @operation("CreateWorkGroup")
    def create_work_group(self, context: RequestContext, request: Request) -> Request:
        name = request["Name"]
        if self._own(context).get(WORKGROUP, name) is not None:
            raise invalid("WorkGroup is already created")
        self._own(context).put(WORKGROUP, name, workgroups.created(request, time.time()))
        tags = {one["Key"]: one.get("Value", "") for one in request.get("Tags") or []}
        self._own(context).put(TAGS, _arn(context, name), tags)
        return {}

    @operation("GetWorkGroup")
    def get_work_group(self, context: RequestContext, request: Request) -> Request:
        return {"WorkGroup": workgroup_of(self._own(context), request["WorkGroup"])}

    @operation("UpdateWorkGroup")
    def update_work_group(self, context: RequestContext, request: Request) -> Request:
        found = workgroup_of(self._own(context), request["WorkGroup"])
        self._own(context).put(WORKGROUP, found["Name"], workgroups.updated(found, request))
        return {}

    @operation("DeleteWorkGroup")
    def delete_work_group(self, context: RequestContext, request: Request) -> Request:
        name = workgroup_of(self._own(context), request["WorkGroup"])["Name"]
        if name == workgroups.PRIMARY:
            raise invalid("The primary workgroup cannot be deleted")
        inside = [
            (kind, one)
            for kind, field in ((EXECUTION, "WorkGroup"), (NAMED, "WorkGroup"))
            for one in self._own(context).list(kind)
            if one[field] == name
        ]
        prepared = self._own(context).list(PREPARED, prepared_key(name, ""))
        if (inside or prepared) and not request.get("RecursiveDeleteOption"):
            raise invalid(f"WorkGroup {name} is not empty")
        for kind, one in inside:
            self._own(context).delete(kind, one.get("NamedQueryId") or one["QueryExecutionId"])
        for one in prepared:
            self._own(context).delete(PREPARED, prepared_key(name, one["StatementName"]))
        self._own(context).delete(TAGS, _arn(context, name))
        self._own(context).delete(WORKGROUP, name)
        return {}

    @operation("ListWorkGroups")
    def list_work_groups(self, context: RequestContext, request: Request) -> Request:
        found = [workgroups.summary(one) for one in self._own(context).list(WORKGROUP)]
        chosen, more = page(request, found, "Name", 50)
        return {"WorkGroups": chosen, **more}

    @operation("ListEngineVersions")
    def list_engine_versions(self, _: RequestContext, request: Request) -> Request:
        found = [{**ENGINE, "SelectedEngineVersion": one} for one in workgroups.VERSIONS]
        chosen, more = page(request, found, "SelectedEngineVersion", 10)
        return {"EngineVersions": chosen, **more}

    @operation("TagResource")
    def tag_resource(self, context: RequestContext, request: Request) -> Request:
        tags = self._tags(context, request["ResourceARN"])
        tags.update({one["Key"]: one.get("Value", "") for one in request["Tags"]})
        self._own(context).put(TAGS, request["ResourceARN"], tags)
        return {}

    @operation("UntagResource")
    def untag_resource(self, context: RequestContext, request: Request) -> Request:
        tags = self._tags(context, request["ResourceARN"])
        for name in request["TagKeys"]:
            tags.pop(name, None)
        self._own(context).put(TAGS, request["ResourceARN"], tags)
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, context: RequestContext, request: Request) -> Request:
        tags = self._tags(context, request["ResourceARN"])
        found = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
        most = 75 if request.get("MaxResults") is None else max(75, request["MaxResults"])
        chosen, more = page(request, found, "Key", most)
        return {"Tags": chosen, **more}

    def _tags(self, context: RequestContext, arn: str) -> Request:
        name = arn.rpartition("/")[2]
        if self._own(context).get(WORKGROUP, name) is None or arn != _arn(context, name):
            raise not_found(f"Resource {arn} is not found", arn)
        return self._own(context).get(TAGS, arn) or {}


def _arn(context: RequestContext, name: str) -> str:
    return f"arn:aws:athena:{context.region}:{context.account_id}:workgroup/{name}"
