"""Glue's trigger operations: requests in, documents out, and the engine that fires them."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.paging import PAGING
from services.edge.glue.places import Place, PlacedOperations
from services.edge.glue.tag_operations import KINDS, own
from services.edge.glue.triggers import definitions
from services.edge.glue.triggers.engine import TRIGGER
from services.edge.glue.workflows.start import start_trigger_of, start_workflow_run

PAGE = 200


class TriggerOperations(PlacedOperations):
    """A part of the provider."""

    @operation(
        "CreateTrigger",
        differs="EVENT triggers are refused; schedules finer than 5 minutes are taken.",
    )
    def create_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        trigger = definitions.created(request)
        name = trigger["Name"]
        with place.engine.lock:
            if place.records.get(TRIGGER, name):
                raise errors.already_exists(f"Trigger {name}")
            _check_named(place, trigger)
            _check_single_start(place, trigger)
            tagged = own(context, "trigger", name, request)
            place.records.put(TRIGGER, name, {**trigger, **tagged})
        return {"Name": name}

    @operation("GetTrigger")
    def get_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        return {"Trigger": described(_trigger(place, request["Name"]))}

    @operation("GetTriggers")
    def get_triggers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        found = [described(trigger) for trigger in _wanted_triggers(place, request)]
        return PAGING.page(request, "Triggers", found, PAGE, "Name")

    @operation("ListTriggers")
    def list_triggers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        tags = (request.get("Tags") or {}).items()
        found = [
            one["Name"] for one in _wanted_triggers(place, request) if tags <= one["_tags"].items()
        ]
        return PAGING.page(request, "TriggerNames", found, PAGE)

    @operation("BatchGetTriggers")
    def batch_get_triggers(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        named = {name: place.records.get(TRIGGER, name) for name in request["TriggerNames"]}
        return {
            "Triggers": [described(trigger) for trigger in named.values() if trigger],
            "TriggersNotFound": [name for name, trigger in named.items() if not trigger],
        }

    @operation("UpdateTrigger")
    def update_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            trigger = _trigger(place, request["Name"])
            changed = definitions.updated(trigger, request["TriggerUpdate"])
            _check_named(place, changed)
            place.records.put(TRIGGER, changed["Name"], changed)
        return {"Trigger": described(changed)}

    @operation(
        "StartTrigger",
        differs="One on demand fires at once; an action that cannot start is the error.",
    )
    def start_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            trigger = _trigger(place, request["Name"])
            if trigger["Type"] != "ON_DEMAND":
                place.records.put(TRIGGER, trigger["Name"], definitions.started(trigger))
                return {"Name": trigger["Name"]}
        _fire_trigger(place, trigger)
        return {"Name": trigger["Name"]}

    @operation("StopTrigger", differs="Job runs that it has started go on.")
    def stop_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            trigger = _trigger(place, request["Name"])
            place.records.put(TRIGGER, trigger["Name"], definitions.stopped(trigger))
        return {"Name": trigger["Name"]}

    @operation("DeleteTrigger")
    def delete_trigger(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        place.records.delete(TRIGGER, request["Name"])
        return {"Name": request["Name"]}


def _fire_trigger(place: Place, trigger: Request) -> None:
    if workflow := trigger.get("WorkflowName"):
        start_workflow_run(place.records, place.engine, workflow, {})
        return
    for action in place.engine.fire(trigger)["Actions"]:
        if action["State"] == "ERROR":
            raise errors.GlueError(action["ErrorCode"], action["ErrorMessage"])


def _trigger(place: Place, name: str) -> Request:
    trigger = place.records.get(TRIGGER, name)
    if trigger is None:
        raise errors.not_found(f"Trigger {name}")
    return trigger


def _wanted_triggers(place: Place, request: Request) -> list[Request]:
    """Those that start the job; "if there is no such trigger, all triggers are returned"."""
    found = list(place.records.list(TRIGGER))
    job = request.get("DependentJobName")
    starting = [one for one in found if _starts(one, job)] if job else []
    return starting or found


def _check_named(place: Place, trigger: Request) -> None:
    named = [("job", name) for name in sorted(definitions.jobs_of(trigger))]
    named += [("crawler", name) for name in sorted(definitions.crawlers_of(trigger))]
    if trigger.get("WorkflowName"):
        named.append(("workflow", trigger["WorkflowName"]))
    for kind, name in named:
        if not place.records.get(KINDS[kind], name):
            raise errors.not_found(f"{kind.capitalize()} {name}")


def _check_single_start(place: Place, trigger: Request) -> None:
    workflow = trigger.get("WorkflowName")
    if not workflow or not definitions.is_start(trigger):
        return
    if other := start_trigger_of(place.records, workflow):
        raise errors.invalid_input(
            f"Workflow {workflow} has a start trigger already: {other['Name']}."
        )


def described(trigger: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trigger.items() if not name.startswith("_")}


def _starts(trigger: Request, job: str) -> bool:
    return any(action.get("JobName") == job for action in trigger["Actions"])
