"""Query executions as documents: QUEUED, RUNNING, then SUCCEEDED, FAILED or CANCELLED."""

from __future__ import annotations

from typing import Any

from services.edge.athena.engine.request import Answer, Statistics
from services.edge.athena.sql.statements.statement import (
    DML,
    CreateTableAs,
    Statement,
)

Document = dict[str, Any]
ACTIVE = ("QUEUED", "RUNNING")
ENGINE = {
    "SelectedEngineVersion": "Athena engine version 3",
    "EffectiveEngineVersion": "Athena engine version 3",
}
LOST = "INTERNAL_ERROR_QUERY_ENGINE: the stack stopped while the query ran"


def created(
    request: Document,
    statement: Statement,
    workgroup: Document,
    folder: str,
    identifier: str,
    now: float,
) -> Document:
    """An execution as GetQueryExecution answers it; what begins with _ is private."""
    context = request.get("QueryExecutionContext") or {}
    reuse = (request.get("ResultReuseConfiguration") or {}).get("ResultReuseByAgeConfiguration")
    result = {"OutputLocation": location(statement, folder, identifier)}
    given = request.get("ResultConfiguration") or {}
    for name in ("EncryptionConfiguration", "ExpectedBucketOwner", "AclConfiguration"):
        if given.get(name):
            result[name] = given[name]
    document = {
        "QueryExecutionId": identifier,
        "Query": request["QueryString"],
        "StatementType": statement.type,
        "SubstatementType": statement.substatement,
        "ResultConfiguration": result,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": reuse or {"Enabled": False}},
        "QueryExecutionContext": _context(context),
        "Status": {"State": "QUEUED", "SubmissionDateTime": now},
        "Statistics": {},
        "WorkGroup": workgroup["Name"],
        "EngineVersion": ENGINE,
        "_folder": folder,
    }
    if request.get("ExecutionParameters"):
        document["ExecutionParameters"] = request["ExecutionParameters"]
    return document


def _context(given: Document) -> Document:
    context = {"Catalog": (given.get("Catalog") or "awsdatacatalog").lower()}
    if given.get("Database"):
        context["Database"] = given["Database"].lower()
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


def running(execution: Document, now: float) -> Document:
    if execution["Status"]["State"] != "QUEUED":
        return execution
    queued = round((now - execution["Status"]["SubmissionDateTime"]) * 1000)
    return {
        **execution,
        "Status": {**execution["Status"], "State": "RUNNING"},
        "Statistics": {"QueryQueueTimeInMillis": queued},
    }


def ended(execution: Document, answer: Answer, now: float) -> Document:
    """With what the worker answered; one that was cancelled meanwhile stays so."""
    if execution["Status"]["State"] not in ACTIVE:
        return execution
    state = "CANCELLED" if answer.get("cancelled") else answer["state"]
    status = {**execution["Status"], "State": state, "CompletionDateTime": now}
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


def cancelled(execution: Document, now: float) -> Document:
    return ended(execution, {"state": "CANCELLED", "reason": "Query cancelled by user"}, now)


def lost(execution: Document, now: float) -> Document:
    return ended(execution, {"state": "FAILED", "reason": LOST, "category": 1}, now)


def reused(execution: Document, previous: Document, now: float) -> Document:
    """With the result of an earlier, equal query instead of a run."""
    found = ended(execution, {"state": "SUCCEEDED", "result": previous["_result"]}, now)
    result = {"OutputLocation": previous["ResultConfiguration"]["OutputLocation"]}
    found["ResultConfiguration"] = {**found["ResultConfiguration"], **result}
    found["Statistics"]["ResultReuseInformation"] = {"ReusedPreviousResult": True}
    return found


def may_reuse(execution: Document, previous: Document, now: float) -> bool:
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


def _statistics(execution: Document, measured: Statistics, now: float) -> Document:
    total = round((now - execution["Status"]["SubmissionDateTime"]) * 1000)
    known: Document = {
        "DataScannedInBytes": 0,
        "EngineExecutionTimeInMillis": 0,
        "QueryPlanningTimeInMillis": 0,
        "ServiceProcessingTimeInMillis": 0,
        **measured,
    }
    rows = known.pop("rows", None)
    spent = known["EngineExecutionTimeInMillis"] + known["ServiceProcessingTimeInMillis"]
    queued = execution["Statistics"].get("QueryQueueTimeInMillis", 0)
    statistics = {
        **known,
        "QueryQueueTimeInMillis": queued,
        "TotalExecutionTimeInMillis": total,
        "ServicePreProcessingTimeInMillis": max(0, total - spent - queued),
        "ResultReuseInformation": {"ReusedPreviousResult": False},
    }
    if rows is not None:
        statistics["_rows"] = rows
    return statistics


def public(document: Document) -> Document:
    """Without what is private, on each level."""
    return {
        name: public(value) if isinstance(value, dict) else value
        for name, value in document.items()
        if not name.startswith("_")
    }
