"""The Glue Data Catalog: all of its operations."""

from __future__ import annotations

from services.edge.glue.catalog.database_operations import DatabaseOperations
from services.edge.glue.catalog.partition_operations import PartitionOperations
from services.edge.glue.catalog.table_operations import TableOperations
from services.edge.glue.catalog.version_operations import VersionOperations


class CatalogOperations(
    DatabaseOperations, TableOperations, VersionOperations, PartitionOperations
):
    """A part of the provider, which sets `_catalog`."""
