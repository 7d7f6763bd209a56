"""All that Athena keeps in the edge's records: kinds, keys, and what is looked up by them."""

from __future__ import annotations

import time
from typing import cast

from localstack.aws.api import RequestContext

from services.edge.athena import workgroups
from services.edge.athena.documents import (
    Execution,
    NamedQuery,
    PreparedStatement,
    Workgroup,
)
from services.edge.athena.errors import invalid, not_found
from services.edge.aws.client_tokens import ClientTokens
from services.edge.aws.tags import Tags
from services.edge.store.records import FIRST, Records, Scoped

WORKGROUP = "athena_workgroup"
TAGS = "athena_tags"
EXECUTION = "athena_execution"
EXECUTION_TOKEN = "athena_token"
NAMED = "athena_named_query"
NAMED_TOKEN = "athena_named_query_token"
PREPARED = "athena_prepared_statement"
KINDS = (WORKGROUP, TAGS, NAMED, NAMED_TOKEN, PREPARED, EXECUTION_TOKEN, EXECUTION)


def scope_of(context: RequestContext) -> str:
    """The account and region whose records a request may see."""
    return f"{context.account_id}/{context.region}"


class Executions:
    """Query executions of all accounts; a key is account/region/identifier."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def all(self) -> list[Execution]:
        return cast(list[Execution], self._records.list(EXECUTION))

    def newest_first(self, scope: str) -> list[Execution]:
        return cast(list[Execution], self._records.list(EXECUTION, f"{scope}/")[::-1])

    def get(self, key: str) -> Execution | None:
        return cast(Execution | None, self._records.get(EXECUTION, key))

    def save(self, execution: Execution) -> None:
        self._records.put(EXECUTION, self.key(execution), dict(execution))

    @staticmethod
    def key(execution: Execution) -> str:
        """An execution of before accounts were kept apart has no scope of its own."""
        return f"{execution.get('_scope', FIRST)}/{execution['QueryExecutionId']}"


class SavedQueries:
    """Workgroups, named queries, prepared statements and tags of one account in one region."""

    def __init__(self, records: Scoped) -> None:
        self._records = records
        if records.get(WORKGROUP, workgroups.PRIMARY) is None:  # there is one always
            self.save_workgroup(workgroups.primary(time.time()))

    def tokens(self, kind: str) -> ClientTokens:
        def conflict(_: str) -> Exception:
            return invalid("Idempotent parameters do not match")

        return ClientTokens(self._records, kind, "ClientRequestToken", conflict)

    def workgroups(self) -> list[Workgroup]:
        return cast(list[Workgroup], self._records.list(WORKGROUP))

    def has_workgroup(self, name: str) -> bool:
        return self._records.get(WORKGROUP, name) is not None

    def workgroup(self, name: str | None) -> Workgroup:
        """The workgroup, primary where there is no name."""
        workgroup = self._records.get(WORKGROUP, name or workgroups.PRIMARY)
        if workgroup is None:
            raise invalid(f"WorkGroup {name} is not found.")
        return cast(Workgroup, workgroup)

    def save_workgroup(self, workgroup: Workgroup) -> None:
        self._records.put(WORKGROUP, workgroup["Name"], dict(workgroup))

    def delete_workgroup(self, name: str, with_contents: bool) -> None:
        executions = [e for e in self._records.list(EXECUTION) if e["WorkGroup"] == name]
        named, prepared = self.named_queries(name), self.prepared_statements(name)
        if (executions or named or prepared) and not with_contents:
            raise invalid(f"WorkGroup {name} is not empty")
        for execution in executions:
            self._records.delete(EXECUTION, execution["QueryExecutionId"])
        for query in named:
            self.delete_named_query(query["NamedQueryId"])
        for statement in prepared:
            self.delete_prepared_statement(name, statement["StatementName"])
        self._records.delete(TAGS, self.arn(name))
        self._records.delete(WORKGROUP, name)

    def tags(self, arn: str) -> Tags:
        name = arn.rpartition("/")[2]
        if not self.has_workgroup(name) or arn != self.arn(name):
            raise not_found(f"Resource {arn} is not found", arn)
        return self._records.get(TAGS, arn) or {}

    def save_tags(self, arn: str, tags: Tags) -> None:
        self._records.put(TAGS, arn, tags)

    def arn(self, workgroup: str) -> str:
        place = f"{self._records.region}:{self._records.account}"
        return f"arn:aws:athena:{place}:workgroup/{workgroup}"

    def named_queries(self, workgroup: str) -> list[NamedQuery]:
        queries = cast(list[NamedQuery], self._records.list(NAMED))
        return [query for query in queries if query["WorkGroup"] == workgroup]

    def find_named_query(self, identifier: str) -> NamedQuery | None:
        return cast(NamedQuery | None, self._records.get(NAMED, identifier))

    def named_query(self, identifier: str) -> NamedQuery:
        query = self.find_named_query(identifier)
        if query is None:
            raise invalid(f"NamedQuery {identifier} was not found")
        return query

    def save_named_query(self, query: NamedQuery) -> None:
        self._records.put(NAMED, query["NamedQueryId"], dict(query))

    def delete_named_query(self, identifier: str) -> None:
        self._records.delete(NAMED, identifier)

    def prepared_statements(self, workgroup: str) -> list[PreparedStatement]:
        found = self._records.list(PREPARED, _prepared_key(workgroup, ""))
        return cast(list[PreparedStatement], found)

    def find_prepared_statement(self, workgroup: str, name: str) -> PreparedStatement | None:
        found = self._records.get(PREPARED, _prepared_key(workgroup, name))
        return cast(PreparedStatement | None, found)

    def prepared_statement(self, workgroup: str, name: str) -> PreparedStatement:
        statement = self.find_prepared_statement(workgroup, name)
        if statement is None:
            raise not_found(f"PreparedStatement {name} was not found", name)
        return statement

    def save_prepared_statement(
        self, workgroup: str, name: str, sql: str, description: str | None = None
    ) -> None:
        statement: PreparedStatement = {
            "StatementName": name,
            "QueryStatement": sql,
            "WorkGroupName": workgroup,
            "LastModifiedTime": time.time(),
        }
        if description is not None:
            statement["Description"] = description
        self._records.put(PREPARED, _prepared_key(workgroup, name), dict(statement))

    def delete_prepared_statement(self, workgroup: str, name: str) -> None:
        self._records.delete(PREPARED, _prepared_key(workgroup, name))


def _prepared_key(workgroup: str, name: str) -> str:
    """With an empty name: what the keys of all prepared statements of the workgroup begin with."""
    return f"{workgroup}\n{name}"
