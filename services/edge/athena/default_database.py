"""The database `default`, which Athena has in every account; in Glue it is once it has a table."""

from __future__ import annotations

from typing import Any

DEFAULT = "default"


def with_default(databases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Glue's databases, and `default` where Glue has none of that name."""
    missing = all(database["Name"] != DEFAULT for database in databases)
    return [{"Name": DEFAULT}, *databases] if missing else databases
