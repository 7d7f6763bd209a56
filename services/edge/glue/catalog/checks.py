"""What every operation of the Data Catalog checks of its request."""

from __future__ import annotations

from typing import Any

from services.edge.glue.errors import invalid_input, not_found

# Asked of Glue, but not done here: refused rather than passed over.
UNAVAILABLE = frozenset(
    {
        *("TransactionId", "QueryAsOfTime", "PartitionIndexes", "FederatedDatabase"),
        *("OpenTableFormatInput", "UpdateOpenTableFormatInput", "ViewUpdateAction"),
        *("TargetDatabase", "TargetTable", "ViewDefinition"),
    }
)


def available(document: dict[str, Any]) -> None:
    if asked := sorted(name for name in UNAVAILABLE & document.keys() if document[name]):
        raise invalid_input(f"{', '.join(asked)} is not available here; leave it out.")


def catalog(request: dict[str, Any], account: str) -> None:
    """The account's own catalog is the only one."""
    given = request.get("CatalogId") or account
    if given != account:
        raise not_found(f"Catalog {given}")


def number_of_values(keys: list[Any], values: list[str]) -> None:
    if len(keys) != len(values):
        raise invalid_input(
            "The number of partition keys do not match the number of partition values"
        )
