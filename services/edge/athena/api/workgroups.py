"""Athena's operations on workgroups and tags."""

from __future__ import annotations

import time

from localstack.aws.api import RequestContext

from services.edge.athena import workgroups
from services.edge.athena.api.account import PAGING, Operations, Request
from services.edge.athena.errors import invalid
from services.edge.athena.executions import ENGINE
from services.edge.aws import tags
from services.edge.aws.operation import operation

MOST_TAGS = 75  # of a page


class WorkGroupOperations(Operations):
    @operation("CreateWorkGroup")
    def create_work_group(self, context: RequestContext, request: Request) -> Request:
        own = self._own(context)
        if own.has_workgroup(request["Name"]):
            raise invalid("WorkGroup is already created")
        own.save_workgroup(workgroups.created(request, time.time()))
        own.save_tags(own.arn(request["Name"]), tags.from_pairs(request.get("Tags") or []))
        return {}

    @operation("GetWorkGroup")
    def get_work_group(self, context: RequestContext, request: Request) -> Request:
        return {"WorkGroup": self._own(context).workgroup(request["WorkGroup"])}

    @operation("UpdateWorkGroup")
    def update_work_group(self, context: RequestContext, request: Request) -> Request:
        own = self._own(context)
        own.save_workgroup(workgroups.updated(own.workgroup(request["WorkGroup"]), request))
        return {}

    @operation("DeleteWorkGroup")
    def delete_work_group(self, context: RequestContext, request: Request) -> Request:
        name = self._workgroup(context, request["WorkGroup"])
        if name == workgroups.PRIMARY:
            raise invalid("The primary workgroup cannot be deleted")
        self._own(context).delete_workgroup(name, bool(request.get("RecursiveDeleteOption")))
        return {}

    @operation("ListWorkGroups")
    def list_work_groups(self, context: RequestContext, request: Request) -> Request:
        summaries = [workgroups.summary(group) for group in self._own(context).workgroups()]
        return PAGING.page(request, "WorkGroups", summaries, 50, "Name")

    @operation("ListEngineVersions")
    def list_engine_versions(self, _: RequestContext, request: Request) -> Request:
        versions = [{**ENGINE, "SelectedEngineVersion": name} for name in workgroups.VERSIONS]
        return PAGING.page(request, "EngineVersions", versions, 10, "SelectedEngineVersion")

    @operation("TagResource")
    def tag_resource(self, context: RequestContext, request: Request) -> Request:
        own, arn = self._own(context), request["ResourceARN"]
        own.save_tags(arn, tags.added(own.tags(arn), tags.from_pairs(request["Tags"]), invalid))
        return {}

    @operation("UntagResource")
    def untag_resource(self, context: RequestContext, request: Request) -> Request:
        own, arn = self._own(context), request["ResourceARN"]
        own.save_tags(arn, tags.without(own.tags(arn), request["TagKeys"]))
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, context: RequestContext, request: Request) -> Request:
        own = dict(sorted(self._own(context).tags(request["ResourceARN"]).items()))
        most = max(MOST_TAGS, request.get("MaxResults") or MOST_TAGS)
        return PAGING.page(request, "Tags", tags.pairs(own), most, "Key")
