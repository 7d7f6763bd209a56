"""The database `default`, which Athena has in every account; in Glue it is once it has a table."""

from __future__ import annotations

from services.edge.athena.glue_documents import Database

DEFAULT = "default"


def with_default(databases: list[Database]) -> list[Database]:
    """Glue's databases, and `default` where Glue has none of that name."""
    missing = all(database["Name"] != DEFAULT for database in databases)
    return [{"Name": DEFAULT}, *databases] if missing else databases
