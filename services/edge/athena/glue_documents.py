"""Databases, tables and partitions as the Glue catalog has them.

https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NotRequired, TypedDict


class Column(TypedDict):
    """The type is Hive's; Glue takes a column without one."""

    Name: str
    Type: NotRequired[str]
    Comment: NotRequired[str]


class SerdeInfo(TypedDict, total=False):
    SerializationLibrary: str
    Parameters: dict[str, str]


class StorageDescriptor(TypedDict, total=False):
    Columns: list[Column]
    Location: str
    InputFormat: str
    OutputFormat: str
    Compressed: bool
    NumberOfBuckets: int
    SerdeInfo: SerdeInfo
    BucketColumns: list[str]
    SortColumns: list[dict[str, Any]]
    StoredAsSubDirectories: bool


class Table(TypedDict, total=False):
    DatabaseName: str
    Name: str
    Owner: str
    TableType: str
    CreateTime: datetime
    LastAccessTime: int
    Parameters: dict[str, str]
    PartitionKeys: list[Column]
    StorageDescriptor: StorageDescriptor
    ViewOriginalText: str
    ViewExpandedText: str


class Partition(TypedDict, total=False):
    Values: list[str]
    StorageDescriptor: StorageDescriptor
    Parameters: dict[str, str]


class Database(TypedDict, total=False):
    Name: str
    Description: str
    LocationUri: str
    Parameters: dict[str, str]
