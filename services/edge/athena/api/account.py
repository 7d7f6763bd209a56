"""What the operations of every subject have: the account's records, and the runner of queries."""

from __future__ import annotations

from typing import Any

from localstack.aws.api import RequestContext

from services.edge.athena.documents import Execution
from services.edge.athena.errors import invalid
from services.edge.athena.runner import Runner
from services.edge.athena.store import Executions, SavedQueries, scope_of
from services.edge.aws.pages import Paging
from services.edge.store.records import Records

Request = dict[str, Any]
PAGING = Paging("MaxResults", "NextToken", invalid, invalid)


def split(found: dict[str, Any], member: str, code: str, what: str) -> tuple[list[Any], Any]:
    """What a BatchGet call found, and its errors for the identifiers that it found nothing for."""
    missing = [
        {
            member: identifier,
            "ErrorCode": code,
            "ErrorMessage": f"{what} {identifier} was not found",
        }
        for identifier, document in found.items()
        if document is None
    ]
    return [document for document in found.values() if document is not None], missing


class Operations:
    def __init__(self, records: Records, runner: Runner) -> None:
        self._records, self._runner = records, runner
        self._executions = Executions(records)

    def _own(self, context: RequestContext) -> SavedQueries:
        """What is the account's in the region."""
        return SavedQueries(self._records.of(scope_of(context)))

    def _workgroup(self, context: RequestContext, name: str | None) -> str:
        return str(self._own(context).workgroup(name)["Name"])

    def _find(self, context: RequestContext, identifier: str) -> Execution | None:
        return self._executions.get(f"{scope_of(context)}/{identifier}")

    def _execution(self, context: RequestContext, identifier: str) -> Execution:
        execution = self._find(context, identifier)
        if execution is None:
            raise invalid(f"QueryExecution {identifier} was not found")
        return execution
