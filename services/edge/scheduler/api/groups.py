"""EventBridge Scheduler's operations on groups of schedules and their tags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws import tags
from services.edge.aws.operation import operation
from services.edge.aws.pages import Paging
from services.edge.scheduler import errors
from services.edge.scheduler.store import Store

Answer = dict[str, Any]
DEFAULT = "default"
PAGING = Paging("MaxResults", "NextToken", errors.validation, errors.validation)
TOLD = ("Arn", "CreationDate", "LastModificationDate", "Name", "State")


def arn_of(context: RequestContext, kind: str, name: str) -> str:
    return f"arn:aws:scheduler:{context.region}:{context.account_id}:{kind}/{name}"


class Groups:
    """The group `default` is always there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @operation("CreateScheduleGroup")
    def create_schedule_group(self, context: RequestContext, request: Answer) -> Answer:
        arn = arn_of(context, "schedule-group", request["Name"])
        if request["Name"] == DEFAULT or self._store.group(arn) is not None:
            raise errors.conflict(f"Schedule group {request['Name']} already exists.")
        now = datetime.now(UTC).timestamp()
        group = {"Arn": arn, "Name": request["Name"], "State": "ACTIVE"}
        group |= {"CreationDate": now, "LastModificationDate": now}
        given = tags.added({}, tags.from_pairs(request.get("Tags", [])), errors.validation)
        self._store.put_group({**group, "tags": given})
        return {"ScheduleGroupArn": arn}

    @operation("GetScheduleGroup")
    def get_schedule_group(self, context: RequestContext, request: Answer) -> Answer:
        return _told(self._found(arn_of(context, "schedule-group", request["Name"])))

    @operation("DeleteScheduleGroup", differs="Its schedules go at once.")
    def delete_schedule_group(self, context: RequestContext, request: Answer) -> Answer:
        if request["Name"] == DEFAULT:
            raise errors.validation("The default schedule group cannot be deleted.")
        arn = self._found(arn_of(context, "schedule-group", request["Name"]))["Arn"]
        for schedule in self._store.schedules(arn_of(context, "schedule", f"{request['Name']}/")):
            self._store.delete_schedule(schedule["Arn"])
        self._store.delete_group(arn)
        return {}

    @operation("ListScheduleGroups")
    def list_schedule_groups(self, context: RequestContext, request: Answer) -> Answer:
        found = self._store.groups(arn_of(context, "schedule-group", ""))
        every = sorted([_default(context), *map(_told, found)], key=lambda one: str(one["Name"]))
        prefix = request.get("NamePrefix", "")
        chosen = [one for one in every if one["Name"].startswith(prefix)]
        return PAGING.page(request, "ScheduleGroups", chosen, 100, "Arn")

    @operation("TagResource")
    def tag_resource(self, _: RequestContext, request: Answer) -> Answer:
        group = self._found(request["ResourceArn"])
        new = tags.from_pairs(request["Tags"])
        changed = tags.added(group["tags"], new, errors.validation)
        self._store.put_group({**group, "tags": changed})
        return {}

    @operation("UntagResource")
    def untag_resource(self, _: RequestContext, request: Answer) -> Answer:
        group = self._found(request["ResourceArn"])
        left = tags.without(group["tags"], request["TagKeys"])
        self._store.put_group({**group, "tags": left})
        return {}

    @operation("ListTagsForResource")
    def list_tags_for_resource(self, _: RequestContext, request: Answer) -> Answer:
        return {"Tags": tags.pairs(self._found(request["ResourceArn"])["tags"])}

    def _found(self, arn: str) -> Answer:
        found = self._store.group(arn)
        if found is None and arn.endswith(f":schedule-group/{DEFAULT}"):
            return {"Arn": arn, "Name": DEFAULT, "State": "ACTIVE", "tags": {}}
        if found is None:
            raise errors.not_found(f"Schedule group {arn.rpartition('/')[2]}")
        return found


def _default(context: RequestContext) -> Answer:
    arn = arn_of(context, "schedule-group", DEFAULT)
    return {"Arn": arn, "Name": DEFAULT, "State": "ACTIVE"}


def _told(group: Answer) -> Answer:
    return {name: group[name] for name in TOLD if name in group}
