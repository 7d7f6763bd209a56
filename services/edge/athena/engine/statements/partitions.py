"""Partitions of tables that are not Delta: added, dropped, found again below the location."""

from __future__ import annotations

from urllib.parse import unquote

from services.edge.athena.engine import results
from services.edge.athena.engine.files import path_of
from services.edge.athena.engine.request import Result
from services.edge.athena.engine.run import Rules, Run, done, named
from services.edge.athena.engine.tables import catalog_tables as tables
from services.edge.athena.engine.tables import partition_values
from services.edge.athena.glue_documents import Partition, Table
from services.edge.athena.sql.errors import QueryError
from services.edge.athena.sql.statements import statement as st

BATCH = 100


def _partitioned(run: Run, name: st.TableName) -> Table:
    table = run.catalog.table(*named(run, name))
    if tables.is_delta(table):
        raise QueryError("NOT_SUPPORTED", "A Delta table's partitions are in its log")
    if not table.get("PartitionKeys"):
        raise QueryError("", f"FAILED: SemanticException {table['Name']} is not partitioned")
    return table


def _values(table: Table, partition: st.PartitionValues) -> list[str]:
    keys = [key["Name"] for key in table["PartitionKeys"]]
    if set(partition) != set(keys):
        raise QueryError("", f"FAILED: expected a value for each of {', '.join(keys)}")
    return [partition[key] for key in keys]


def _add_partitions(run: Run, statement: st.AddPartitions) -> Result:
    table = _partitioned(run, statement.table)
    inputs = []
    for partition, location in statement.partitions:
        values = _values(table, partition)
        location = location or partition_location(table, values)
        path_of(location)
        inputs.append(partition_input(table, values, location))
    add_partitions(run, table, inputs, statement.if_not_exists)
    return done(run)


def partition_location(table: Table, values: list[str]) -> str:
    folder = partition_values.folder((key["Name"] for key in table["PartitionKeys"]), values)
    return f"{table['StorageDescriptor']['Location'].rstrip('/')}/{folder}"


def partition_input(table: Table, values: list[str], location: str) -> Partition:
    return {
        "Values": values,
        "StorageDescriptor": {**table["StorageDescriptor"], "Location": location},
    }


def add_partitions(run: Run, table: Table, inputs: list[Partition], if_not_exists: bool) -> None:
    for start in range(0, len(inputs), BATCH):
        answer = run.catalog.glue.batch_create_partition(
            DatabaseName=table["DatabaseName"],
            TableName=table["Name"],
            PartitionInputList=inputs[start : start + BATCH],
        )
        for error in answer.get("Errors") or []:
            detail = error["ErrorDetail"]
            if detail["ErrorCode"] != "AlreadyExistsException" or not if_not_exists:
                raise QueryError("", f"FAILED: {detail['ErrorCode']}: {detail['ErrorMessage']}")


def _drop_partitions(run: Run, statement: st.DropPartitions) -> Result:
    table, glue = _partitioned(run, statement.table), run.catalog.glue
    for partition in statement.partitions:
        values = _values(table, partition)
        try:
            glue.delete_partition(
                DatabaseName=table["DatabaseName"],
                TableName=table["Name"],
                PartitionValues=values,
            )
        except glue.exceptions.EntityNotFoundException as error:
            if not statement.if_exists:
                raise QueryError("", f"FAILED: Partition not found {values}") from error
    return done(run)


def changed_partition(
    run: Run,
    table: Table,
    partition: st.PartitionValues,
    location: str | None = None,
    renamed: st.PartitionValues | None = None,
) -> None:
    """Another place or other values for a partition that is there."""
    glue, values = run.catalog.glue, _values(table, partition)
    name = {"DatabaseName": table["DatabaseName"], "TableName": table["Name"]}
    try:
        found = glue.get_partition(**name, PartitionValues=values)["Partition"]
    except glue.exceptions.EntityNotFoundException as error:
        raise QueryError("", f"FAILED: SemanticException Partition not found {values}") from error
    storage = {**found["StorageDescriptor"], **({"Location": location} if location else {})}
    changed = {
        "Values": values if renamed is None else _values(table, renamed),
        "StorageDescriptor": storage,
        "Parameters": found.get("Parameters") or {},
    }
    glue.update_partition(**name, PartitionValueList=values, PartitionInput=changed)


def _rename_partition(run: Run, statement: st.RenamePartition) -> Result:
    table = _partitioned(run, statement.table)
    changed_partition(run, table, statement.partition, renamed=statement.renamed)
    return done(run)


def _repair(run: Run, statement: st.RepairTable) -> Result:
    """Adds the partitions that stand below the location as key=value and are not known yet."""
    table = _partitioned(run, statement.table)
    keys = [key["Name"] for key in table["PartitionKeys"]]
    location = table["StorageDescriptor"]["Location"].rstrip("/")
    root = path_of(location)
    found: dict[tuple[str, ...], str] = {}
    for file in run.storage.data_files(location):
        names = file.path[len(root) :].strip("/").split("/")[: len(keys)]
        pairs = [name.partition("=") for name in names]
        if [pair[0].lower() for pair in pairs] == keys:
            found[tuple(unquote(pair[2]) for pair in pairs)] = f"{location}/{'/'.join(names)}"
    known = {
        tuple(partition["Values"])
        for partition in run.catalog.partitions(table["DatabaseName"], table["Name"])
    }
    new = {values: place for values, place in found.items() if values not in known}
    inputs = [partition_input(table, list(values), place) for values, place in new.items()]
    add_partitions(run, table, inputs, if_not_exists=True)
    lines = []
    if new:
        added = ["/".join(f"{k}={v}" for k, v in zip(keys, vs, strict=True)) for vs in new]
        names = [f"{table['Name']}:{partition}" for partition in added]
        lines = ["Partitions not in metastore:\t" + "\t".join(names)]
        lines += [f"Repair: Added partition to metastore {name}" for name in names]
    columns = [results.lines_column("result")] if lines else []
    results.write_lines(run.storage, run.request.location, lines, columns)
    return {"columns": columns} if lines else {}


RULES: Rules = {
    st.AddPartitions: _add_partitions,
    st.DropPartitions: _drop_partitions,
    st.RenamePartition: _rename_partition,
    st.RepairTable: _repair,
}
