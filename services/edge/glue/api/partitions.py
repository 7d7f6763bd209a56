"""The Data Catalog's operations on partitions."""

from __future__ import annotations

import time
from typing import Any

from localstack.aws.api import RequestContext

from services.edge.aws.operation import Document as Request
from services.edge.aws.operation import operation
from services.edge.aws.pages import token
from services.edge.glue import errors
from services.edge.glue.api.account import Operations
from services.edge.glue.api.paging import PAGING
from services.edge.glue.catalog import checks, expressions, filters, partitions
from services.edge.glue.catalog import partition_rows as rows
from services.edge.glue.catalog.table_rows import StoredTable, find

PAGE = 1000


class Partitions(Operations):
    @operation("CreatePartition")
    def create_partition(self, context: RequestContext, request: Request) -> Request:
        with self._catalog(context).transaction():
            self._insert(context, self._partitioned(context, request), request["PartitionInput"])
        return {}

    @operation("BatchCreatePartition")
    def batch_create_partition(self, context: RequestContext, request: Request) -> Request:
        refused = []
        with self._catalog(context).transaction():
            found = self._partitioned(context, request)
            for definition in request["PartitionInputList"]:
                try:
                    self._insert(context, found, definition)
                except errors.GlueError as error:
                    refused.append(_refused(definition.get("Values") or [], error))
        return {"Errors": refused}

    @operation("GetPartition")
    def get_partition(self, context: RequestContext, request: Request) -> Request:
        found = self._partitioned(context, request)
        return {
            "Partition": rows.require(self._catalog(context), found, request["PartitionValues"])
        }

    @operation(
        "BatchGetPartition",
        differs="Those that are there; AWS leaves the others out without a word.",
    )
    def batch_get_partition(self, context: RequestContext, request: Request) -> Request:
        found = self._partitioned(context, request)
        known = [
            rows.find(self._catalog(context), found, wanted["Values"])
            for wanted in request["PartitionsToGet"]
        ]
        return {
            "Partitions": [partition for partition in known if partition],
            "UnprocessedKeys": [],
        }

    @operation(
        "GetPartitions",
        differs="In the order of their values; literals stand right of the operators.",
    )
    def get_partitions(self, context: RequestContext, request: Request) -> Request:
        found = self._partitioned(context, request)
        wanted = _filter(request.get("Expression"), found)
        segment = _segment(request.get("Segment"))
        size, listing = request.get("MaxResults") or PAGE, f"partitions of {found.id}"
        after = PAGING.position(request, listing, rows.START)
        page = rows.after(self._catalog(context), found, after, wanted, segment, size)
        answer: Request = {
            "Partitions": [_asked(partition, request) for _, partition in page[:size]]
        }
        if len(page) > size:
            answer["NextToken"] = token(listing, page[size - 1][0])
        return answer

    @operation("UpdatePartition")
    def update_partition(self, context: RequestContext, request: Request) -> Request:
        with self._catalog(context).transaction():
            self._update(context, self._partitioned(context, request), request)
        return {}

    @operation("BatchUpdatePartition")
    def batch_update_partition(self, context: RequestContext, request: Request) -> Request:
        refused = []
        with self._catalog(context).transaction():
            found = self._partitioned(context, request)
            for entry in request["Entries"]:
                try:
                    self._update(context, found, entry)
                except errors.GlueError as error:
                    values = {"PartitionValueList": entry["PartitionValueList"]}
                    refused.append({**values, "ErrorDetail": errors.detail(error)})
        return {"Errors": refused}

    @operation("DeletePartition")
    def delete_partition(self, context: RequestContext, request: Request) -> Request:
        with self._catalog(context).transaction():
            found = self._partitioned(context, request)
            rows.delete(self._catalog(context), found, request["PartitionValues"])
        return {}

    @operation("BatchDeletePartition")
    def batch_delete_partition(self, context: RequestContext, request: Request) -> Request:
        refused = []
        with self._catalog(context).transaction():
            found = self._partitioned(context, request)
            for wanted in request["PartitionsToDelete"]:
                try:
                    rows.delete(self._catalog(context), found, wanted["Values"])
                except errors.GlueError as error:
                    refused.append(_refused(wanted["Values"], error))
        return {"Errors": refused}

    @operation(
        "GetPartitionIndexes",
        differs="Always none: all filters go by an index over the partition keys.",
    )
    def get_partition_indexes(self, context: RequestContext, request: Request) -> Request:
        self._partitioned(context, request)
        PAGING.position(request, "partition indexes", [""])
        return {"PartitionIndexDescriptorList": []}

    def _partitioned(self, context: RequestContext, request: Request) -> StoredTable:
        checks.catalog(request, context.account_id)
        checks.available(request)
        return find(self._catalog(context), request["DatabaseName"], request["TableName"])

    def _insert(
        self, context: RequestContext, found: StoredTable, definition: dict[str, Any]
    ) -> None:
        partition = partitions.created(definition, found.table, time.time())
        rows.insert(self._catalog(context), found, partition)

    def _update(self, context: RequestContext, found: StoredTable, entry: dict[str, Any]) -> None:
        values = entry["PartitionValueList"]
        former = rows.require(self._catalog(context), found, values)
        partition = partitions.updated(former, entry["PartitionInput"], found.table)
        rows.replace(self._catalog(context), found, values, partition)


def _filter(expression: str | None, found: StoredTable) -> filters.Filter:
    if not (expression or "").strip():
        return filters.Filter(filters.EVERYTHING)
    condition = expressions.parsed(expression or "")
    return filters.filtered(condition, found.table["PartitionKeys"])


def _segment(segment: dict[str, int] | None) -> dict[str, int] | None:
    if segment and segment["SegmentNumber"] >= segment["TotalSegments"]:
        raise errors.invalid_input(
            f"SegmentNumber must be less than TotalSegments ({segment['TotalSegments']}),"
            f" found {segment['SegmentNumber']}."
        )
    return segment


def _asked(partition: partitions.Partition, request: Request) -> partitions.Partition:
    return (
        partitions.without_columns(partition) if request.get("ExcludeColumnSchema") else partition
    )


def _refused(values: list[str], error: errors.GlueError) -> Request:
    return {"PartitionValues": values, "ErrorDetail": errors.detail(error)}
