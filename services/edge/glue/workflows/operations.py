"""Glue's workflow operations: definitions, runs, their properties and their graphs."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.glue import errors
from services.edge.glue.operation import Request, operation
from services.edge.glue.paging import page
from services.edge.glue.tag_operations import own
from services.edge.glue.triggers import chains
from services.edge.glue.triggers.engine import CHAIN, TRIGGER, Engine, key
from services.edge.glue.workflows import graph
from services.edge.glue.workflows.start import (
    WORKFLOW,
    found_workflow,
    start_workflow_run,
    triggers_of,
)
from services.edge.store.records import Records

WORKFLOWS_PAGE, RUNS_PAGE = 25, 1000
Document = dict[str, Any]


class WorkflowOperations:
    """A part of the provider, which sets what is declared here."""

    _records: Records
    _engine: Engine

    @operation("CreateWorkflow")
    def create_workflow(self, context: RequestContext, request: Request) -> Request:
        name, now = request["Name"], time.time()
        with self._engine.lock:
            if self._records.get(WORKFLOW, name):
                raise errors.already_exists(f"Workflow {name}")
            workflow = {"Name": name, "CreatedOn": now, "DefaultRunProperties": {}}
            tagged = own(context, "workflow", name, request)
            self._records.put(WORKFLOW, name, {**_changed(workflow, request, now), **tagged})
        return {"Name": name}

    @operation("GetWorkflow")
    def get_workflow(self, _: RequestContext, request: Request) -> Request:
        workflow = found_workflow(self._records, request["Name"])
        return {"Workflow": self._described_workflow(workflow, request)}

    @operation("ListWorkflows")
    def list_workflows(self, _: RequestContext, request: Request) -> Request:
        names = [workflow["Name"] for workflow in self._records.list(WORKFLOW)]
        return page(request, "Workflows", names, WORKFLOWS_PAGE)

    @operation("BatchGetWorkflows")
    def batch_get_workflows(self, _: RequestContext, request: Request) -> Request:
        named = {name: self._records.get(WORKFLOW, name) for name in request["Names"]}
        return {
            "Workflows": [self._described_workflow(one, request) for one in named.values() if one],
            "MissingWorkflows": [name for name, one in named.items() if not one],
        }

    @operation("UpdateWorkflow")
    def update_workflow(self, _: RequestContext, request: Request) -> Request:
        with self._engine.lock:
            workflow = found_workflow(self._records, request["Name"])
            changed = _changed(workflow, request, time.time())
            self._records.put(WORKFLOW, workflow["Name"], changed)
        return {"Name": workflow["Name"]}

    @operation("DeleteWorkflow")
    def delete_workflow(self, _: RequestContext, request: Request) -> Request:
        """Its triggers and the records of its runs go with it; what runs is stopped."""
        name = request["Name"]
        with self._engine.lock:
            for trigger in triggers_of(self._records, name):
                self._records.delete(TRIGGER, trigger["Name"])
            for chain in self._engine.of_workflow(name):
                if chain["Status"] in chains.UNFINISHED:
                    self._engine.stop(chain)
                self._records.delete(CHAIN, key(name, chain["Id"]))
            self._records.delete(WORKFLOW, name)
        return {"Name": name}

    @operation("StartWorkflowRun")
    def start_workflow_run(self, _: RequestContext, request: Request) -> Request:
        properties = request.get("RunProperties") or {}
        run = start_workflow_run(self._records, self._engine, request["Name"], properties)
        return {"RunId": run["Id"]}

    @operation("GetWorkflowRun")
    def get_workflow_run(self, _: RequestContext, request: Request) -> Request:
        return {"Run": self._described_run(self._chain(request), request)}

    @operation("GetWorkflowRuns")
    def get_workflow_runs(self, _: RequestContext, request: Request) -> Request:
        found_workflow(self._records, request["Name"])
        newest_first = list(reversed(self._engine.of_workflow(request["Name"])))
        answer = page(request, "Runs", newest_first, RUNS_PAGE)
        return {**answer, "Runs": [self._described_run(chain, request) for chain in answer["Runs"]]}

    @operation("StopWorkflowRun")
    def stop_workflow_run(self, _: RequestContext, request: Request) -> Request:
        with self._engine.lock:
            chain = self._chain(request)
            if chain["Status"] != "RUNNING":
                raise errors.GlueError(
                    "IllegalWorkflowStateException",
                    f"Workflow run {chain['Id']} is {chain['Status']}, not RUNNING.",
                )
            self._engine.stop(chain)
        return {}

    @operation("GetWorkflowRunProperties")
    def get_workflow_run_properties(self, _: RequestContext, request: Request) -> Request:
        return {"RunProperties": self._chain(request)["Properties"]}

    @operation("PutWorkflowRunProperties")
    def put_workflow_run_properties(self, _: RequestContext, request: Request) -> Request:
        with self._engine.lock:
            chain = self._chain(request)
            properties = {**chain["Properties"], **request["RunProperties"]}
            self._engine.save({**chain, "Properties": properties})
        return {}

    def _chain(self, request: Request) -> Document:
        found_workflow(self._records, request["Name"])
        chain = self._records.get(CHAIN, key(request["Name"], request["RunId"]))
        if chain is None:
            raise errors.not_found(f"Run {request['RunId']} of workflow {request['Name']}")
        return chain

    def _described_workflow(self, workflow: Document, request: Request) -> Document:
        name = workflow["Name"]
        answer = {field: value for field, value in workflow.items() if not field.startswith("_")}
        if chains_of := self._engine.of_workflow(name):
            answer["LastRun"] = self._described_run(chains_of[-1], {})
        if request.get("IncludeGraph"):
            answer["Graph"] = graph.graph(name, triggers_of(self._records, name))
        return answer

    def _described_run(self, chain: Document, request: Request) -> Document:
        names = ("StartedOn", "CompletedOn", "Status", "ErrorMessage")
        run = {name: chain[name] for name in names if name in chain}
        run |= {"Name": chain["WorkflowName"], "WorkflowRunId": chain["Id"]}
        run["WorkflowRunProperties"] = chain["Properties"]
        run["Statistics"] = graph.statistics(chain)
        if request.get("IncludeGraph"):
            drawn = graph.graph(chain["WorkflowName"], chain["Triggers"])
            run["Graph"] = graph.with_runs(drawn, chain, self._engine.last_attempt)
        return run


def _changed(workflow: Document, request: Request, now: float) -> Document:
    names = ("Description", "DefaultRunProperties", "MaxConcurrentRuns")
    given = {name: request[name] for name in names if request.get(name) is not None}
    return {**workflow, **given, "LastModifiedOn": now}
