"""Databases of the Data Catalog as plain documents."""

from __future__ import annotations

from typing import Any

from services.edge.glue.catalog import checks
from services.edge.glue.errors import invalid_input

Database = dict[str, Any]
# https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
ANYONE: list[dict[str, Any]] = [
    {
        "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
        "Permissions": ["ALL"],
    }
]


def created(definition: dict[str, Any], account: str, now: float) -> Database:
    """A database as GetDatabase answers it; `definition` is a DatabaseInput."""
    checks.available(definition)
    own = {name: value for name, value in definition.items() if value is not None}
    return {
        "CreateTableDefaultPermissions": ANYONE,
        **own,
        "Name": own["Name"].lower(),
        "CreateTime": now,
        "CatalogId": account,
    }


def updated(database: Database, definition: dict[str, Any]) -> Database:
    """The whole definition is replaced; name and creation time stay."""
    if definition["Name"].lower() != database["Name"]:
        raise invalid_input(f"Database {database['Name']} cannot be renamed.")
    return created(definition, database["CatalogId"], database["CreateTime"])
