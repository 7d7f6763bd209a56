"""EventBridge Scheduler's operations on schedules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.client_tokens import ClientTokens
from services.edge.aws.operation import operation
from services.edge.aws.pages import Paging
from services.edge.aws.schedules import ScheduleError
from services.edge.scheduler import errors, occurrences, targets
from services.edge.scheduler.api.groups import DEFAULT, arn_of
from services.edge.scheduler.store import TOKEN, Store
from services.edge.served_calls.gate import not_implemented

Answer = dict[str, Any]
PAGING = Paging("MaxResults", "NextToken", errors.validation, errors.validation)
RETRIES = {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185}
DEFAULTS = {
    "ActionAfterCompletion": "NONE",
    "ScheduleExpressionTimezone": "UTC",
    "State": "ENABLED",
}
KEPT = (
    *("ActionAfterCompletion", "Description", "EndDate", "FlexibleTimeWindow", "Name"),
    *("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "State", "Target"),
)
TIMED_BY = ("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "State")


class Schedules:
    def __init__(self, store: Store) -> None:
        self._store = store

    @operation("CreateSchedule", differs="A flexible time window begins with the invocation.")
    def create_schedule(self, context: RequestContext, request: Answer) -> Answer:
        scope = f"{context.account_id}/{context.region}"
        tokens = ClientTokens(self._store.records.of(scope), TOKEN, "ClientToken", errors.conflict)
        asked = {name: _plain(value) for name, value in request.items()}
        if (made := tokens.identifier(asked)) and self._store.schedule(made):
            return {"ScheduleArn": made}
        with self._store.lock:
            schedule = self._checked(context, asked)
            if self._store.schedule(schedule["Arn"]) is not None:
                raise errors.conflict(f"Schedule {schedule['Name']} already exists.")
            schedule["CreationDate"] = schedule["LastModificationDate"]
            schedule["Due"] = occurrences.first(schedule, datetime.now(UTC))
            tokens.remember(asked, schedule["Arn"])
            self._store.put_schedule(schedule)
        return {"ScheduleArn": schedule["Arn"]}

    @operation("UpdateSchedule")
    def update_schedule(self, context: RequestContext, request: Answer) -> Answer:
        """All of it: what the request leaves out is as by default."""
        asked = {name: _plain(value) for name, value in request.items()}
        with self._store.lock:
            before = self._found(context, asked)
            schedule = self._checked(context, asked)
            schedule |= {"CreationDate": before["CreationDate"], "Due": before["Due"]}
            if any(before.get(name) != schedule.get(name) for name in TIMED_BY):
                schedule["Due"] = occurrences.first(schedule, datetime.now(UTC))
            self._store.put_schedule(schedule)
        return {"ScheduleArn": schedule["Arn"]}

    @operation("GetSchedule")
    def get_schedule(self, context: RequestContext, request: Answer) -> Answer:
        return {k: v for k, v in self._found(context, request).items() if k != "Due"}

    @operation("DeleteSchedule")
    def delete_schedule(self, context: RequestContext, request: Answer) -> Answer:
        self._store.delete_schedule(self._found(context, request)["Arn"])
        return {}

    @operation("ListSchedules")
    def list_schedules(self, context: RequestContext, request: Answer) -> Answer:
        group = request.get("GroupName")
        if group:
            self._require_group(context, group)
        scope = arn_of(context, "schedule", f"{group}/" if group else "")
        found = [
            {
                **{name: schedule[name] for name in SUMMARY},
                "Target": {"Arn": schedule["Target"]["Arn"]},
            }
            for schedule in self._store.schedules(scope)
            if schedule["Name"].startswith(request.get("NamePrefix", ""))
            and request.get("State", schedule["State"]) == schedule["State"]
        ]
        return PAGING.page(request, "Schedules", found, 100, "Arn")

    def _found(self, context: RequestContext, request: Answer) -> Answer:
        group = request.get("GroupName") or DEFAULT
        self._require_group(context, group)
        found = self._store.schedule(arn_of(context, "schedule", f"{group}/{request['Name']}"))
        if found is None:
            raise errors.not_found(f"Schedule {request['Name']}")
        return found

    def _require_group(self, context: RequestContext, name: str) -> None:
        if name != DEFAULT and self._store.group(arn_of(context, "schedule-group", name)) is None:
            raise errors.not_found(f"Schedule group {name}")

    def _checked(self, context: RequestContext, asked: Answer) -> Answer:
        """The document of what is asked for; raises what AWS answers where it is wrong."""
        group = asked.get("GroupName") or DEFAULT
        self._require_group(context, group)
        if asked.get("KmsKeyArn"):
            raise not_implemented("scheduler", "CreateSchedule with KmsKeyArn")
        schedule = DEFAULTS | {name: asked[name] for name in KEPT if name in asked}
        window = asked["FlexibleTimeWindow"]
        if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
            told = "MaximumWindowInMinutes must be given for a FLEXIBLE window, and only for one."
            raise errors.validation(told)
        targets.check(asked["Target"])
        policy = {**RETRIES, **(asked["Target"].get("RetryPolicy") or {})}
        schedule["Target"] = {**asked["Target"], "RetryPolicy": policy}
        try:
            occurrences.first(schedule, datetime.now(UTC))
        except ScheduleError as error:
            raise errors.validation(str(error)) from error
        if {"StartDate", "EndDate"} <= asked.keys() and asked["StartDate"] >= asked["EndDate"]:
            raise errors.validation("The StartDate must be earlier than the EndDate.")
        schedule |= {
            "Arn": arn_of(context, "schedule", f"{group}/{asked['Name']}"),
            "GroupName": group,
            "LastModificationDate": datetime.now(UTC).timestamp(),
        }
        return schedule


SUMMARY = ("Arn", "CreationDate", "GroupName", "LastModificationDate", "Name", "State")


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value
