"""Views as Athena keeps them in the Glue catalog: their definition as JSON in the view's text."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError

Document = dict[str, Any]
VIRTUAL_VIEW = "VIRTUAL_VIEW"
_DEFINITION = re.compile(r"/\* Presto View: (\S+) \*/")


def is_view(table: Table) -> bool:
    return bool(table.get("TableType") == VIRTUAL_VIEW)


def view_definition(table: Table) -> Document:
    """What CREATE VIEW stored: originalSql, catalog, schema, columns."""
    match = _DEFINITION.search(table.get("ViewOriginalText") or "")
    if match is None:
        raise QueryError(
            "INVALID_VIEW",
            f"View {table['DatabaseName']}.{table['Name']} was not made by Athena or Presto",
        )
    definition: Document = json.loads(base64.b64decode(match[1]))
    return definition


def view_text(definition: Document) -> str:
    return f"/* Presto View: {base64.b64encode(json.dumps(definition).encode()).decode()} */"
