"""Glue's trigger operations: requests in, documents out, and the engine that fires them."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.api.resource_tags import tag_fields
from services.edge.glue.documents import triggers
from services.edge.glue.engine.accounts import Account
from services.edge.glue.engine.workflow_runs import start_trigger_of, start_workflow_run
from services.edge.glue.store import TAGGED, TRIGGER, require

PAGE = 200


class Triggers(Operations):
    @operation(
        "CreateTrigger",
        differs="EVENT triggers are refused; schedules finer than 5 minutes are taken.",
    )
    def create_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        trigger = triggers.created(request)
        name = trigger["Name"]
        with account.engine.lock:
            if account.records.get(TRIGGER, name):
                raise errors.already_exists(f"Trigger {name}")
            _check_named(account, trigger)
            _check_single_start(account, trigger)
            tagged = tag_fields(context, "trigger", name, request)
            account.records.put(TRIGGER, name, {**trigger, **tagged})
        return {"Name": name}

    @operation("GetTrigger")
    def get_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        return {"Trigger": described(_trigger(account, request["Name"]))}

    @operation("GetTriggers")
    def get_triggers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        found = [described(trigger) for trigger in _wanted_triggers(account, request)]
        return PAGING.page(request, "Triggers", found, PAGE, "Name")

    @operation("ListTriggers")
    def list_triggers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        tags = (request.get("Tags") or {}).items()
        found = [
            trigger["Name"]
            for trigger in _wanted_triggers(account, request)
            if tags <= trigger["_tags"].items()
        ]
        return PAGING.page(request, "TriggerNames", found, PAGE)

    @operation("BatchGetTriggers")
    def batch_get_triggers(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        named = {name: account.records.get(TRIGGER, name) for name in request["TriggerNames"]}
        return {
            "Triggers": [described(trigger) for trigger in named.values() if trigger],
            "TriggersNotFound": [name for name, trigger in named.items() if not trigger],
        }

    @operation("UpdateTrigger")
    def update_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            trigger = _trigger(account, request["Name"])
            changed = triggers.updated(trigger, request["TriggerUpdate"])
            _check_named(account, changed)
            account.records.put(TRIGGER, changed["Name"], changed)
        return {"Trigger": described(changed)}

    @operation(
        "StartTrigger",
        differs="One on demand fires at once; an action that cannot start is the error.",
    )
    def start_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            trigger = _trigger(account, request["Name"])
            if trigger["Type"] != "ON_DEMAND":
                account.records.put(TRIGGER, trigger["Name"], triggers.started(trigger))
                return {"Name": trigger["Name"]}
        _fire_trigger(account, trigger)
        return {"Name": trigger["Name"]}

    @operation("StopTrigger", differs="Job runs that it has started go on.")
    def stop_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            trigger = _trigger(account, request["Name"])
            account.records.put(TRIGGER, trigger["Name"], triggers.stopped(trigger))
        return {"Name": trigger["Name"]}

    @operation("DeleteTrigger")
    def delete_trigger(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        account.records.delete(TRIGGER, request["Name"])
        return {"Name": request["Name"]}


def _fire_trigger(account: Account, trigger: Request) -> None:
    if workflow := trigger.get("WorkflowName"):
        start_workflow_run(account.records, account.engine, workflow, {})
        return
    for action in account.engine.fire(trigger)["Actions"]:
        if action["State"] == "ERROR":
            raise errors.GlueError(action["ErrorCode"], action["ErrorMessage"])


def _trigger(account: Account, name: str) -> Request:
    return require(account.records, TRIGGER, name)


def _wanted_triggers(account: Account, request: Request) -> list[Request]:
    """Those that start the job; "if there is no such trigger, all triggers are returned"."""
    found = list(account.records.list(TRIGGER))
    job = request.get("DependentJobName")
    starting = [trigger for trigger in found if _starts(trigger, job)] if job else []
    return starting or found


def _check_named(account: Account, trigger: Request) -> None:
    named = [("job", name) for name in sorted(triggers.jobs_of(trigger))]
    named += [("crawler", name) for name in sorted(triggers.crawlers_of(trigger))]
    if trigger.get("WorkflowName"):
        named.append(("workflow", trigger["WorkflowName"]))
    for kind, name in named:
        if not account.records.get(TAGGED[kind], name):
            raise errors.not_found(f"{kind.capitalize()} {name}")


def _check_single_start(account: Account, trigger: Request) -> None:
    workflow = trigger.get("WorkflowName")
    if not workflow or not triggers.is_start(trigger):
        return
    if other := start_trigger_of(account.records, workflow):
        raise errors.invalid_input(
            f"Workflow {workflow} has a start trigger already: {other['Name']}."
        )


def described(trigger: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trigger.items() if not name.startswith("_")}


def _starts(trigger: Request, job: str) -> bool:
    return any(action.get("JobName") == job for action in trigger["Actions"])
