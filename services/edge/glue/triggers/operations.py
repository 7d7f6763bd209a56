"""Glue's trigger operations: requests in, documents out, and the engine that fires them."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext

from services.edge.glue import errors
from services.edge.glue.operation import Request, operation
from services.edge.glue.paging import page
from services.edge.glue.tag_operations import KINDS, own
from services.edge.glue.triggers import definitions
from services.edge.glue.triggers.engine import TRIGGER, Engine
from services.edge.glue.workflows.start import start_trigger_of, start_workflow_run
from services.edge.store.records import Records

PAGE = 200


class TriggerOperations:
    """A part of the provider, which sets what is declared here."""

    _records: Records
    _engine: Engine

    @operation("CreateTrigger")
    def create_trigger(self, context: RequestContext, request: Request) -> Request:
        """EVENT triggers are refused; schedules finer than 5 minutes are taken."""
        trigger = definitions.created(request)
        name = trigger["Name"]
        with self._engine.lock:
            if self._records.get(TRIGGER, name):
                raise errors.already_exists(f"Trigger {name}")
            self._check_named(trigger)
            self._check_single_start(trigger)
            tagged = own(context, "trigger", name, request)
            self._records.put(TRIGGER, name, {**trigger, **tagged})
        return {"Name": name}

    @operation("GetTrigger")
    def get_trigger(self, _: RequestContext, request: Request) -> Request:
        return {"Trigger": described(self._trigger(request["Name"]))}

    @operation("GetTriggers")
    def get_triggers(self, _: RequestContext, request: Request) -> Request:
        return page(
            request, "Triggers", [described(one) for one in self._wanted_triggers(request)], PAGE
        )

    @operation("ListTriggers")
    def list_triggers(self, _: RequestContext, request: Request) -> Request:
        tags = (request.get("Tags") or {}).items()
        found = [
            one["Name"] for one in self._wanted_triggers(request) if tags <= one["_tags"].items()
        ]
        return page(request, "TriggerNames", found, PAGE)

    @operation("BatchGetTriggers")
    def batch_get_triggers(self, _: RequestContext, request: Request) -> Request:
        named = {name: self._records.get(TRIGGER, name) for name in request["TriggerNames"]}
        return {
            "Triggers": [described(trigger) for trigger in named.values() if trigger],
            "TriggersNotFound": [name for name, trigger in named.items() if not trigger],
        }

    @operation("UpdateTrigger")
    def update_trigger(self, _: RequestContext, request: Request) -> Request:
        with self._engine.lock:
            trigger = self._trigger(request["Name"])
            changed = definitions.updated(trigger, request["TriggerUpdate"])
            self._check_named(changed)
            self._records.put(TRIGGER, changed["Name"], changed)
        return {"Trigger": described(changed)}

    @operation("StartTrigger")
    def start_trigger(self, _: RequestContext, request: Request) -> Request:
        """One on demand fires at once; where one of its actions cannot start, that is the error."""
        with self._engine.lock:
            trigger = self._trigger(request["Name"])
            if trigger["Type"] != "ON_DEMAND":
                self._records.put(TRIGGER, trigger["Name"], definitions.started(trigger))
                return {"Name": trigger["Name"]}
        self._fire_trigger(trigger)
        return {"Name": trigger["Name"]}

    @operation("StopTrigger")
    def stop_trigger(self, _: RequestContext, request: Request) -> Request:
        """Job runs that it has started go on."""
        with self._engine.lock:
            trigger = self._trigger(request["Name"])
            self._records.put(TRIGGER, trigger["Name"], definitions.stopped(trigger))
        return {"Name": trigger["Name"]}

    @operation("DeleteTrigger")
    def delete_trigger(self, _: RequestContext, request: Request) -> Request:
        self._records.delete(TRIGGER, request["Name"])
        return {"Name": request["Name"]}

    def _fire_trigger(self, trigger: Request) -> None:
        if workflow := trigger.get("WorkflowName"):
            start_workflow_run(self._records, self._engine, workflow, {})
            return
        for action in self._engine.fire(trigger)["Actions"]:
            if action["State"] == "ERROR":
                raise errors.GlueError(action["ErrorCode"], action["ErrorMessage"])

    def _trigger(self, name: str) -> Request:
        trigger = self._records.get(TRIGGER, name)
        if trigger is None:
            raise errors.not_found(f"Trigger {name}")
        return trigger

    def _wanted_triggers(self, request: Request) -> list[Request]:
        """Those that start the job; "if there is no such trigger, all triggers are returned"."""
        found = list(self._records.list(TRIGGER))
        job = request.get("DependentJobName")
        starting = [one for one in found if _starts(one, job)] if job else []
        return starting or found

    def _check_named(self, trigger: Request) -> None:
        named = [("job", name) for name in sorted(definitions.jobs_of(trigger))]
        named += [("crawler", name) for name in sorted(definitions.crawlers_of(trigger))]
        if trigger.get("WorkflowName"):
            named.append(("workflow", trigger["WorkflowName"]))
        for kind, name in named:
            if not self._records.get(KINDS[kind], name):
                raise errors.not_found(f"{kind.capitalize()} {name}")

    def _check_single_start(self, trigger: Request) -> None:
        workflow = trigger.get("WorkflowName")
        if not workflow or not definitions.is_start(trigger):
            return
        if other := start_trigger_of(self._records, workflow):
            raise errors.invalid_input(
                f"Workflow {workflow} has a start trigger already: {other['Name']}."
            )


def described(trigger: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trigger.items() if not name.startswith("_")}


def _starts(trigger: Request, job: str) -> bool:
    return any(action.get("JobName") == job for action in trigger["Actions"])
