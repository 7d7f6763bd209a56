"""SerDe properties of a table: those that change answers are known here, others are refused."""

from __future__ import annotations

from services.edge.athena.glue_documents import Table
from services.edge.athena.sql.errors import QueryError

# Written by crawlers, Spark and clients; no SerDe reads them.
_HARMLESS = {
    *("serialization.format", "path", "paths", "columns", "columns.types", "classification"),
    *("compressionType", "write.compression", "typeOfData", "objectCount", "recordCount"),
    *("averageRecordSize", "sizeKey", "columnsOrdered", "areColumnsQuoted", "delimiter"),
    *("serialization.lib", "columns.comments", "name", "location", "header"),
}
_LINES = {"skip.header.line.count", "skip.footer.line.count", "serialization.encoding"}
_DELIMITED = {
    *("field.delim", "escape.delim", "line.delim", "collection.delim", "colelction.delim"),
    *("mapkey.delim", "serialization.null.format", "serialization.last.column.takes.rest"),
}
KNOWN = {
    "text": _LINES | _DELIMITED,
    "csv": _LINES | {"separatorChar", "quoteChar", "escapeChar"},
    "regex": _LINES | {"input.regex", "input.regex.case.insensitive", "output.format.string"},
    "openx": _LINES | {"ignore.malformed.json", "case.insensitive", "dots.in.keys"},
    "json": _LINES | {"ignore.malformed.json"},
    "parquet": {"parquet.column.index.access", "parquet.ignore.statistics", "merge.schema"},
}


def of(table: Table, kind: str) -> dict[str, str]:
    """The SerDe's properties with the table's, in which some of them may stand as well."""
    storage = table.get("StorageDescriptor") or {}
    given = (storage.get("SerdeInfo") or {}).get("Parameters") or {}
    for name in sorted(set(given) - _HARMLESS - KNOWN[kind]):
        if kind == "parquet" or (kind == "openx" and name.startswith("mapping.")):
            continue
        if kind == "csv" and name in _DELIMITED:
            continue  # OpenCSVSerde asks only for names of its own
        raise QueryError(
            "NOT_SUPPORTED",
            f"SerDe property '{name}'='{given[name]}' of {table['DatabaseName']}.{table['Name']}:"
            f" expected {', '.join(sorted(KNOWN[kind]))}",
        )
    return {**(table.get("Parameters") or {}), **given}


def is_true(properties: dict[str, str], name: str, default: str = "false") -> bool:
    value = str(properties.get(name, default)).strip().lower()
    if value not in ("true", "false"):
        raise QueryError(
            "HIVE_INVALID_METADATA", f"Expected true or false for {name}, found {value!r}"
        )
    return value == "true"


def character(written: str, name: str) -> str:
    """A separator, which may be escaped as in Java, or the number of a byte."""
    plain = written
    if written.startswith("\\") and len(written) > 1:
        plain = written.encode().decode("unicode_escape")
    if plain.isdecimal() and plain.isascii():
        plain = chr(int(plain))
    if len(plain) != 1:
        raise QueryError(
            "HIVE_INVALID_METADATA", f"Expected one character for {name}, found {written!r}"
        )
    return plain
