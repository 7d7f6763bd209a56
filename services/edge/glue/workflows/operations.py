"""Glue's workflow operations: definitions, runs, their properties and their graphs."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.paging import PAGING
from services.edge.glue.places import Place, PlacedOperations
from services.edge.glue.tag_operations import own
from services.edge.glue.triggers import chains
from services.edge.glue.triggers.engine import CHAIN, TRIGGER, key
from services.edge.glue.workflows import graph
from services.edge.glue.workflows.start import (
    WORKFLOW,
    found_workflow,
    start_workflow_run,
    triggers_of,
)

WORKFLOWS_PAGE, RUNS_PAGE = 25, 1000
Document = dict[str, Any]


class WorkflowOperations(PlacedOperations):
    """A part of the provider."""

    @operation("CreateWorkflow")
    def create_workflow(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        name, now = request["Name"], time.time()
        with place.engine.lock:
            if place.records.get(WORKFLOW, name):
                raise errors.already_exists(f"Workflow {name}")
            workflow = {"Name": name, "CreatedOn": now, "DefaultRunProperties": {}}
            tagged = own(context, "workflow", name, request)
            place.records.put(WORKFLOW, name, {**_changed(workflow, request, now), **tagged})
        return {"Name": name}

    @operation("GetWorkflow")
    def get_workflow(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        workflow = found_workflow(place.records, request["Name"])
        return {"Workflow": _described_workflow(place, workflow, request)}

    @operation("ListWorkflows")
    def list_workflows(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        names = [workflow["Name"] for workflow in place.records.list(WORKFLOW)]
        return PAGING.page(request, "Workflows", names, WORKFLOWS_PAGE)

    @operation("BatchGetWorkflows")
    def batch_get_workflows(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        named = {name: place.records.get(WORKFLOW, name) for name in request["Names"]}
        return {
            "Workflows": [
                _described_workflow(place, one, request) for one in named.values() if one
            ],
            "MissingWorkflows": [name for name, one in named.items() if not one],
        }

    @operation("UpdateWorkflow")
    def update_workflow(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            workflow = found_workflow(place.records, request["Name"])
            changed = _changed(workflow, request, time.time())
            place.records.put(WORKFLOW, workflow["Name"], changed)
        return {"Name": workflow["Name"]}

    @operation(
        "DeleteWorkflow",
        differs="Its triggers and the records of its runs go with it; what runs is stopped.",
    )
    def delete_workflow(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        name = request["Name"]
        with place.engine.lock:
            for trigger in triggers_of(place.records, name):
                place.records.delete(TRIGGER, trigger["Name"])
            for chain in place.engine.of_workflow(name):
                if chain["Status"] in chains.UNFINISHED:
                    place.engine.stop(chain)
                place.records.delete(CHAIN, key(name, chain["Id"]))
            place.records.delete(WORKFLOW, name)
        return {"Name": name}

    @operation("StartWorkflowRun")
    def start_workflow_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        properties = request.get("RunProperties") or {}
        run = start_workflow_run(place.records, place.engine, request["Name"], properties)
        return {"RunId": run["Id"]}

    @operation("GetWorkflowRun")
    def get_workflow_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        return {"Run": _described_run(place, _chain(place, request), request)}

    @operation("GetWorkflowRuns")
    def get_workflow_runs(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        found_workflow(place.records, request["Name"])
        newest_first = list(reversed(place.engine.of_workflow(request["Name"])))
        answer = PAGING.page(request, "Runs", newest_first, RUNS_PAGE, "Id")
        return {
            **answer,
            "Runs": [_described_run(place, chain, request) for chain in answer["Runs"]],
        }

    @operation("StopWorkflowRun")
    def stop_workflow_run(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            chain = _chain(place, request)
            if chain["Status"] != "RUNNING":
                raise errors.GlueError(
                    "IllegalWorkflowStateException",
                    f"Workflow run {chain['Id']} is {chain['Status']}, not RUNNING.",
                )
            place.engine.stop(chain)
        return {}

    @operation("GetWorkflowRunProperties")
    def get_workflow_run_properties(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        return {"RunProperties": _chain(place, request)["Properties"]}

    @operation("PutWorkflowRunProperties")
    def put_workflow_run_properties(self, context: RequestContext, request: Request) -> Request:
        place = self._place(context)
        with place.engine.lock:
            chain = _chain(place, request)
            properties = {**chain["Properties"], **request["RunProperties"]}
            place.engine.save({**chain, "Properties": properties})
        return {}


def _chain(place: Place, request: Request) -> Document:
    found_workflow(place.records, request["Name"])
    chain = place.records.get(CHAIN, key(request["Name"], request["RunId"]))
    if chain is None:
        raise errors.not_found(f"Run {request['RunId']} of workflow {request['Name']}")
    return chain


def _described_workflow(place: Place, workflow: Document, request: Request) -> Document:
    name = workflow["Name"]
    answer = {field: value for field, value in workflow.items() if not field.startswith("_")}
    if chains_of := place.engine.of_workflow(name):
        answer["LastRun"] = _described_run(place, chains_of[-1], {})
    if request.get("IncludeGraph"):
        answer["Graph"] = graph.graph(name, triggers_of(place.records, name))
    return answer


def _described_run(place: Place, chain: Document, request: Request) -> Document:
    names = ("StartedOn", "CompletedOn", "Status", "ErrorMessage")
    run = {name: chain[name] for name in names if name in chain}
    run |= {"Name": chain["WorkflowName"], "WorkflowRunId": chain["Id"]}
    run["WorkflowRunProperties"] = chain["Properties"]
    run["Statistics"] = graph.statistics(chain)
    if request.get("IncludeGraph"):
        drawn = graph.graph(chain["WorkflowName"], chain["Triggers"])
        run["Graph"] = graph.with_runs(drawn, chain, place.engine.last_attempt)
    return run


def _changed(workflow: Document, request: Request, now: float) -> Document:
    names = ("Description", "DefaultRunProperties", "MaxConcurrentRuns")
    given = {name: request[name] for name in names if request.get(name) is not None}
    return {**workflow, **given, "LastModifiedOn": now}
