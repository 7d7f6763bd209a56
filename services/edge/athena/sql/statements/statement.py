"""One dataclass per statement of Athena's SQL, and what GetQueryExecution calls each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sqlglot import exp

from services.edge.athena.glue_documents import Column

DML, DDL, UTILITY = "DML", "DDL", "UTILITY"
Properties = dict[str, str]
# Of CTAS and UNLOAD, where a value may be ARRAY['…', …].
WriteProperties = dict[str, str | list[str]]
PartitionValues = dict[str, str]  # by the name of the partition key


@dataclass(frozen=True)
class ParsedQuery:
    """A query: `sql` is the text that the positions of the nodes of `tree` belong to."""

    sql: str
    tree: exp.Expr


@dataclass(frozen=True)
class TableName:
    """Without a database it is in the database of the query's context."""

    name: str
    database: str | None = None


class Statement:
    """What a text asks for. `type` and `substatement` are the names of GetQueryExecution."""

    type: ClassVar[str]
    substatement: ClassVar[str]

    def __init_subclass__(cls, type: str = "", substatement: str = "") -> None:
        cls.type, cls.substatement = type, substatement


@dataclass(frozen=True)
class QueryStatement(Statement):
    """A statement that has a query, with question marks where parameters go."""

    query: ParsedQuery


@dataclass(frozen=True)
class TableStatement(Statement):
    """A statement on one table or view."""

    table: TableName


class Select(QueryStatement, type=DML, substatement="SELECT"):
    pass


@dataclass(frozen=True)
class Explain(QueryStatement, type=UTILITY, substatement="EXPLAIN"):
    analyze: bool


@dataclass(frozen=True)
class Insert(QueryStatement, type=DML, substatement="INSERT"):
    table: TableName
    columns: list[str]


@dataclass(frozen=True)
class Unload(QueryStatement, type=DML, substatement="UNLOAD"):
    location: str
    properties: WriteProperties


@dataclass(frozen=True)
class CreateTableAs(QueryStatement, type=DDL, substatement="CREATE_TABLE_AS_SELECT"):
    table: TableName
    if_not_exists: bool
    comment: str | None
    properties: WriteProperties
    with_data: bool


@dataclass(frozen=True)
class CreateView(QueryStatement, type=DDL, substatement="CREATE_VIEW"):
    view: TableName
    replace: bool


@dataclass(frozen=True)
class Prepare(Statement, type=DDL, substatement="PREPARE"):
    name: str
    sql: str


@dataclass(frozen=True)
class Execute(Statement, type=DML, substatement="SELECT"):
    """`parameters` are SQL, as they are written after USING."""

    name: str
    parameters: list[str]


@dataclass(frozen=True)
class Deallocate(Statement, type=DDL, substatement="DEALLOCATE"):
    name: str


@dataclass(frozen=True)
class CreateDatabase(Statement, type=DDL, substatement="CREATE_DATABASE"):
    name: str
    if_not_exists: bool
    comment: str | None
    location: str | None
    properties: Properties


@dataclass(frozen=True)
class DropDatabase(Statement, type=DDL, substatement="DROP_DATABASE"):
    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class CreateTable(TableStatement, type=DDL, substatement="CREATE_TABLE"):
    """`stored_as` is a format's name, `formats` the classes of input and output instead of one."""

    if_not_exists: bool
    columns: list[Column]
    partition_keys: list[Column] = field(default_factory=list)
    location: str = ""
    comment: str | None = None
    serde: str | None = None
    serde_properties: Properties = field(default_factory=dict)
    stored_as: str | None = None
    formats: tuple[str, str] | None = None
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class DropTable(TableStatement, type=DDL, substatement="DROP_TABLE"):
    if_exists: bool


class DropView(DropTable, type=DDL, substatement="DROP_VIEW"):
    pass


@dataclass(frozen=True)
class AddPartitions(TableStatement, type=DDL, substatement="ALTER_TABLE_ADD_PARTITION"):
    """`partitions` are the values of each, and its location where it has one of its own."""

    if_not_exists: bool
    partitions: list[tuple[PartitionValues, str | None]]


@dataclass(frozen=True)
class DropPartitions(TableStatement, type=DDL, substatement="ALTER_TABLE_DROP_PARTITION"):
    if_exists: bool
    partitions: list[PartitionValues]


@dataclass(frozen=True)
class RenamePartition(TableStatement, type=DDL, substatement="ALTER_TABLE_RENAME_PARTITION"):
    partition: PartitionValues
    renamed: PartitionValues


class RepairTable(TableStatement, type=DDL, substatement="MSCK_REPAIR_TABLE"):
    pass


@dataclass(frozen=True)
class AddColumns(TableStatement, type=DDL, substatement="ALTER_TABLE_ADD_COLUMNS"):
    columns: list[Column]


class ReplaceColumns(AddColumns, type=DDL, substatement="ALTER_TABLE_REPLACE_COLUMNS"):
    pass


@dataclass(frozen=True)
class SetLocation(TableStatement, type=DDL, substatement="ALTER_TABLE_SET_LOCATION"):
    """Of the table, or of one partition."""

    location: str
    partition: PartitionValues | None = None


@dataclass(frozen=True)
class SetProperties(TableStatement, type=DDL, substatement="ALTER_TABLE_SET_TBLPROPERTIES"):
    properties: Properties


@dataclass(frozen=True)
class ShowDatabases(Statement, type=UTILITY, substatement="SHOW_DATABASES"):
    """`pattern` of this and the others: * stands for anything, | for or."""

    pattern: str | None


@dataclass(frozen=True)
class ShowTables(Statement, type=UTILITY, substatement="SHOW_TABLES"):
    database: str | None
    pattern: str | None


class ShowViews(ShowTables, type=UTILITY, substatement="SHOW_VIEWS"):
    pass


class ShowColumns(TableStatement, type=UTILITY, substatement="SHOW_COLUMNS"):
    pass


class ShowPartitions(TableStatement, type=UTILITY, substatement="SHOW_PARTITIONS"):
    pass


class ShowCreateTable(TableStatement, type=UTILITY, substatement="SHOW_CREATE_TABLE"):
    pass


class ShowCreateView(TableStatement, type=UTILITY, substatement="SHOW_CREATE_VIEW"):
    pass


@dataclass(frozen=True)
class ShowProperties(TableStatement, type=UTILITY, substatement="SHOW_TBLPROPERTIES"):
    """All of them, or the one that is named."""

    property: str | None


@dataclass(frozen=True)
class Describe(TableStatement, type=UTILITY, substatement="DESCRIBE_TABLE"):
    formatted: bool
