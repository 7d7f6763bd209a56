"""Query executions as documents: QUEUED, RUNNING, then SUCCEEDED, FAILED or CANCELLED."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.edge.athena.documents import (
    EngineVersion,
    Execution,
    ExecutionStatistics,
    Status,
)
from services.edge.athena.engine.request import Answer, Statistics
from services.edge.athena.sql.statements.statement import DML, CreateTableAs, Statement

Request = dict[str, Any]
ACTIVE = ("QUEUED", "RUNNING")
ENGINE: EngineVersion = {
    "SelectedEngineVersion": "Athena engine version 3",
    "EffectiveEngineVersion": "Athena engine version 3",
}
LOST = "INTERNAL_ERROR_QUERY_ENGINE: the stack stopped while the query ran"


def created(
    request: Request,
    statement: Statement,
    workgroup: str,
    folder: str,
    identifier: str,
    scope: str,
    now: float,
) -> Execution:
    """An execution as GetQueryExecution answers it."""
    reuse = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration")
    settings = request.get("ResultConfiguration") or {}
    names = ("EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration")
    result: Any = {"OutputLocation": location(statement, folder, identifier)}
    result.update({name: settings[name] for name in names if settings.get(name)})
    execution: Execution = {
        "QueryExecutionId": identifier,
        "Query": request["QueryString"],
        "StatementType": statement.type,
        "SubstatementType": statement.substatement,
        "ResultConfiguration": result,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": reuse or {"Enabled": False}},
        "QueryExecutionContext": _context(request.get("QueryExecutionContext") or {}),
        "Status": {"State": "QUEUED", "SubmissionDateTime": now},
        "Statistics": {},
        "WorkGroup": workgroup,
        "EngineVersion": ENGINE,
        "_folder": folder,
        "_scope": scope,
    }
    if request.get("ExecutionParameters"):
        execution["ExecutionParameters"] = request["ExecutionParameters"]
    return execution


def _context(asked: Request) -> dict[str, str]:
    context = {"Catalog": (asked.get("Catalog") or "awsdatacatalog").lower()}
    if asked.get("Database"):
        context["Database"] = asked["Database"].lower()
    return context


def location(statement: Statement, folder: str, identifier: str) -> str:
    """CSV for rows, a prefix for a CTAS, text for everything else."""
    return _file(statement, folder, identifier, ".csv" if statement.type == DML else ".txt")


def manifest(statement: Statement, folder: str, identifier: str) -> str:
    return f"{_file(statement, folder, identifier, '')}-manifest.csv"


def _file(statement: Statement, folder: str, identifier: str, suffix: str) -> str:
    if isinstance(statement, CreateTableAs):
        return f"{folder.rstrip('/')}/tables/{identifier}"
    return f"{folder.rstrip('/')}/{identifier}{suffix}"


def running(execution: Execution, now: float) -> Execution:
    if execution["Status"]["State"] != "QUEUED":
        return execution
    queued = round((now - execution["Status"]["SubmissionDateTime"]) * 1000)
    return {
        **execution,
        "Status": {**execution["Status"], "State": "RUNNING"},
        "Statistics": {"QueryQueueTimeInMillis": queued},
    }


def ended(execution: Execution, answer: Answer, now: float) -> Execution:
    """With what the worker answered; one that was cancelled meanwhile stays so."""
    if execution["Status"]["State"] not in ACTIVE:
        return execution
    state = "CANCELLED" if answer.get("cancelled") else answer["state"]
    status: Status = {**execution["Status"], "State": state, "CompletionDateTime": now}
    if answer.get("reason"):
        status["StateChangeReason"] = answer["reason"]
    if state == "FAILED":
        status["AthenaError"] = {
            "ErrorCategory": answer.get("category", 1),
            "ErrorType": 1001 if answer.get("category") == 2 else 401,
            "Retryable": False,
            "ErrorMessage": answer["reason"],
        }
    return {
        **execution,
        "Status": status,
        "Statistics": _statistics(execution, answer.get("statistics") or {}, now),
        "_result": answer.get("result") or {},
    }


def cancelled(execution: Execution, now: float) -> Execution:
    return ended(execution, {"state": "CANCELLED", "reason": "Query cancelled by user"}, now)


def lost(execution: Execution, now: float) -> Execution:
    return ended(execution, {"state": "FAILED", "reason": LOST, "category": 1}, now)


def reused(execution: Execution, previous: Execution, now: float) -> Execution:
    """With the result of an earlier, equal query instead of a run."""
    found = ended(execution, {"state": "SUCCEEDED", "result": previous["_result"]}, now)
    location = previous["ResultConfiguration"]["OutputLocation"]
    found["ResultConfiguration"] = {**found["ResultConfiguration"], "OutputLocation": location}
    found["Statistics"]["ResultReuseInformation"] = {"ReusedPreviousResult": True}
    return found


def may_reuse(execution: Execution, previous: Execution, now: float) -> bool:
    by_age = execution["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
    if not by_age.get("Enabled") or execution["SubstatementType"] != "SELECT":
        return False
    same = ("Query", "WorkGroup", "QueryExecutionContext", "ExecutionParameters")
    status = previous["Status"]
    return (
        status["State"] == "SUCCEEDED"
        and all(execution.get(name) == previous.get(name) for name in same)
        and not previous["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
        and now - status["CompletionDateTime"] <= by_age.get("MaxAgeInMinutes", 60) * 60
    )


def _statistics(execution: Execution, measured: Statistics, now: float) -> ExecutionStatistics:
    total = round((now - execution["Status"]["SubmissionDateTime"]) * 1000)
    queued = execution["Statistics"].get("QueryQueueTimeInMillis", 0)
    spent = measured.get("EngineExecutionTimeInMillis", 0)
    spent += measured.get("ServiceProcessingTimeInMillis", 0)
    return {
        "DataScannedInBytes": 0,
        "EngineExecutionTimeInMillis": 0,
        "QueryPlanningTimeInMillis": 0,
        "ServiceProcessingTimeInMillis": 0,
        **measured,  # type: ignore[typeddict-item]
        "QueryQueueTimeInMillis": queued,
        "TotalExecutionTimeInMillis": total,
        "ServicePreProcessingTimeInMillis": max(0, total - spent - queued),
        "ResultReuseInformation": {"ReusedPreviousResult": False},
    }


def public(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is private, on each level."""
    return {
        name: public(value) if isinstance(value, dict) else value
        for name, value in document.items()
        if not name.startswith("_")
    }
