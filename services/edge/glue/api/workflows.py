"""Glue's workflow operations: definitions, runs, their properties and their graphs."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.api.resource_tags import tag_fields
from services.edge.glue.documents import dependency_chains, workflow_graphs
from services.edge.glue.engine.accounts import Account
from services.edge.glue.engine.workflow_runs import start_workflow_run
from services.edge.glue.store import CHAIN, TRIGGER, WORKFLOW, key, require, triggers_of

WORKFLOWS_PAGE, RUNS_PAGE = 25, 1000
Document = dict[str, Any]


class Workflows(Operations):
    @operation("CreateWorkflow")
    def create_workflow(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        name, now = request["Name"], time.time()
        with account.engine.lock:
            if account.records.get(WORKFLOW, name):
                raise errors.already_exists(f"Workflow {name}")
            workflow = {"Name": name, "CreatedOn": now, "DefaultRunProperties": {}}
            tagged = tag_fields(context, "workflow", name, request)
            account.records.put(WORKFLOW, name, {**_changed(workflow, request, now), **tagged})
        return {"Name": name}

    @operation("GetWorkflow")
    def get_workflow(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        workflow = require(account.records, WORKFLOW, request["Name"])
        return {"Workflow": _described_workflow(account, workflow, request)}

    @operation("ListWorkflows")
    def list_workflows(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        names = [workflow["Name"] for workflow in account.records.list(WORKFLOW)]
        return PAGING.page(request, "Workflows", names, WORKFLOWS_PAGE)

    @operation("BatchGetWorkflows")
    def batch_get_workflows(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        named = {name: account.records.get(WORKFLOW, name) for name in request["Names"]}
        return {
            "Workflows": [
                _described_workflow(account, workflow, request)
                for workflow in named.values()
                if workflow
            ],
            "MissingWorkflows": [name for name, workflow in named.items() if not workflow],
        }

    @operation("UpdateWorkflow")
    def update_workflow(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            workflow = require(account.records, WORKFLOW, request["Name"])
            changed = _changed(workflow, request, time.time())
            account.records.put(WORKFLOW, workflow["Name"], changed)
        return {"Name": workflow["Name"]}

    @operation(
        "DeleteWorkflow",
        differs="Its triggers and the records of its runs go with it; what runs is stopped.",
    )
    def delete_workflow(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        name = request["Name"]
        with account.engine.lock:
            for trigger in triggers_of(account.records, name):
                account.records.delete(TRIGGER, trigger["Name"])
            for chain in account.engine.of_workflow(name):
                if chain["Status"] in dependency_chains.UNFINISHED:
                    account.engine.stop(chain)
                account.records.delete(CHAIN, key(name, chain["Id"]))
            account.records.delete(WORKFLOW, name)
        return {"Name": name}

    @operation("StartWorkflowRun")
    def start_workflow_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        properties = request.get("RunProperties") or {}
        run = start_workflow_run(account.records, account.engine, request["Name"], properties)
        return {"RunId": run["Id"]}

    @operation("GetWorkflowRun")
    def get_workflow_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        return {"Run": _described_run(account, _chain(account, request), request)}

    @operation("GetWorkflowRuns")
    def get_workflow_runs(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        require(account.records, WORKFLOW, request["Name"])
        newest_first = list(reversed(account.engine.of_workflow(request["Name"])))
        answer = PAGING.page(request, "Runs", newest_first, RUNS_PAGE, "Id")
        return {
            **answer,
            "Runs": [_described_run(account, chain, request) for chain in answer["Runs"]],
        }

    @operation("StopWorkflowRun")
    def stop_workflow_run(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            chain = _chain(account, request)
            if chain["Status"] != "RUNNING":
                raise errors.GlueError(
                    "IllegalWorkflowStateException",
                    f"Workflow run {chain['Id']} is {chain['Status']}, not RUNNING.",
                )
            account.engine.stop(chain)
        return {}

    @operation("GetWorkflowRunProperties")
    def get_workflow_run_properties(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        return {"RunProperties": _chain(account, request)["Properties"]}

    @operation("PutWorkflowRunProperties")
    def put_workflow_run_properties(self, context: RequestContext, request: Request) -> Request:
        account = self._account(context)
        with account.engine.lock:
            chain = _chain(account, request)
            properties = {**chain["Properties"], **request["RunProperties"]}
            account.engine.save({**chain, "Properties": properties})
        return {}


def _chain(account: Account, request: Request) -> Document:
    require(account.records, WORKFLOW, request["Name"])
    chain = account.records.get(CHAIN, key(request["Name"], request["RunId"]))
    if chain is None:
        raise errors.not_found(f"Run {request['RunId']} of workflow {request['Name']}")
    return chain


def _described_workflow(account: Account, workflow: Document, request: Request) -> Document:
    name = workflow["Name"]
    answer = {field: value for field, value in workflow.items() if not field.startswith("_")}
    if chains_of := account.engine.of_workflow(name):
        answer["LastRun"] = _described_run(account, chains_of[-1], {})
    if request.get("IncludeGraph"):
        answer["Graph"] = workflow_graphs.graph(name, triggers_of(account.records, name))
    return answer


def _described_run(account: Account, chain: Document, request: Request) -> Document:
    names = ("StartedOn", "CompletedOn", "Status", "ErrorMessage")
    run = {name: chain[name] for name in names if name in chain}
    run |= {"Name": chain["WorkflowName"], "WorkflowRunId": chain["Id"]}
    run["WorkflowRunProperties"] = chain["Properties"]
    run["Statistics"] = workflow_graphs.statistics(chain)
    if request.get("IncludeGraph"):
        drawn = workflow_graphs.graph(chain["WorkflowName"], chain["Triggers"])
        run["Graph"] = workflow_graphs.with_runs(drawn, chain, account.engine.last_attempt)
    return run


def _changed(workflow: Document, request: Request, now: float) -> Document:
    names = ("Description", "DefaultRunProperties", "MaxConcurrentRuns")
    given = {name: request[name] for name in names if request.get(name) is not None}
    return {**workflow, **given, "LastModifiedOn": now}
