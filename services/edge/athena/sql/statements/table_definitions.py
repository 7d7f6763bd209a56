"""CREATE EXTERNAL TABLE: columns, partitions, format and place, as plain data."""

from __future__ import annotations

from typing import Any

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements.tokens import Words
from services.edge.athena.sql.trino.types import from_hive

Given = dict[str, Any]


def create_table(words: Words) -> Given:
    words.expect("CREATE")
    if not words.accept("EXTERNAL"):
        raise MalformedQueryError("External keyword required for table type HIVE")
    words.expect("TABLE")
    given: Given = {"if_not_exists": words.accept("IF", "NOT", "EXISTS"), "table": words.names()}
    given["columns"] = columns(words) if words.looks("(") else []
    given.update({"partitions": [], "serde": None, "serde_properties": {}, "properties": {}})
    while words.next.kind != "end":
        _clause(words, given)
    if not given.get("location"):
        raise MalformedQueryError(
            "No location was specified for table. An S3 location must be specified"
        )
    return given


def _clause(words: Words, given: Given) -> None:
    if words.accept("COMMENT"):
        given["comment"] = words.text()
    elif words.accept("PARTITIONED", "BY"):
        given["partitions"] = columns(words)
    elif words.accept("ROW", "FORMAT", "SERDE"):
        given["serde"] = words.text()
    elif words.accept("ROW", "FORMAT", "DELIMITED"):
        given["serde_properties"].update(_delimited(words))
    elif words.accept("WITH", "SERDEPROPERTIES"):
        given["serde_properties"].update(text_properties(words))
    elif words.accept("STORED", "AS"):
        given.update(_stored(words))
    elif words.accept("LOCATION"):
        given["location"] = words.text()
    elif words.accept("TBLPROPERTIES"):
        given["properties"] = text_properties(words)
    else:
        raise words.unexpected("'ROW FORMAT', 'STORED AS', 'LOCATION', 'TBLPROPERTIES'")


_SEPARATORS = {
    ("FIELDS", "TERMINATED", "BY"): "field.delim",
    ("ESCAPED", "BY"): "escape.delim",
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): "collection.delim",
    ("MAP", "KEYS", "TERMINATED", "BY"): "mapkey.delim",
    ("LINES", "TERMINATED", "BY"): "line.delim",
    ("NULL", "DEFINED", "AS"): "serialization.null.format",
}


def _delimited(words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    while True:
        named = next((name for name in _SEPARATORS if words.accept(*name)), None)
        if named is None:
            return found
        found[_SEPARATORS[named]] = words.text()


def _stored(words: Words) -> Given:
    if words.accept("INPUTFORMAT"):
        given = {"input": words.text()}
        words.expect("OUTPUTFORMAT")
        return {**given, "output": words.text()}
    return {"stored": words.name()}


def columns(words: Words) -> list[dict[str, str]]:
    """(name type [COMMENT '…'], …)"""
    words.expect("(")
    found = []
    while not words.accept(")"):
        column = {"Name": words.name(), "Type": _type(words)}
        if words.accept("COMMENT"):
            column["Comment"] = words.text()
        found.append(column)
        if not words.accept(",") and words.next.written != ")":
            raise words.unexpected("',' or ')'")
    return found


def _type(words: Words) -> str:
    """A Hive type up to the comma, the parenthesis or the comment that ends it."""
    written, depth = "", 0
    while True:
        ahead = words.next.written
        if depth == 0 and written and (ahead in (",", ")") or ahead.upper() == "COMMENT"):
            break
        word = words.take("word", "name", "number", "sign").value.lower()
        depth += (word in "<(") - (word in ">)")
        written += word
    try:
        from_hive(written)
    except ValueError as error:
        raise MalformedQueryError(f"Column type {written}: {error}") from error
    return written


def text_properties(words: Words) -> dict[str, str]:
    """('name'='value', …)"""
    given = {}
    words.expect("(")
    while not words.accept(")"):
        name = words.text()
        words.expect("=")
        given[name] = words.text()
        if not words.accept(",") and words.next.written != ")":
            raise words.unexpected("',' or ')'")
    return given
