"""What Athena keeps in the edge's records: the kinds, their keys, and the workgroup of a name."""

from __future__ import annotations

from typing import Any

from services.edge.athena import workgroups
from services.edge.athena.errors import invalid
from services.edge.store.records import Scoped

WORKGROUP = "athena_workgroup"
TAGS = "athena_tags"
EXECUTION = "athena_execution"
EXECUTION_TOKEN = "athena_token"
NAMED = "athena_named_query"
NAMED_TOKEN = "athena_named_query_token"
PREPARED = "athena_prepared_statement"
KINDS = (WORKGROUP, TAGS, NAMED, NAMED_TOKEN, PREPARED, EXECUTION_TOKEN, EXECUTION)


def prepared_key(workgroup: str, name: str) -> str:
    """With an empty name: what the keys of all prepared statements of the workgroup begin with."""
    return f"{workgroup}\n{name}"


def workgroup_of(records: Scoped, name: str | None) -> dict[str, Any]:
    """The workgroup, primary where there is no name; raises InvalidRequestException."""
    found = records.get(WORKGROUP, name or workgroups.PRIMARY)
    if found is None:
        raise invalid(f"WorkGroup {name} is not found.")
    return found
